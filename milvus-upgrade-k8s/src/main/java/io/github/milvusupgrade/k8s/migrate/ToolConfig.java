package io.github.milvusupgrade.k8s.migrate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The configuration file of the migration tool. It reads nothing else, not even the environment
 * (milvus-io/milvus:cmd/tools/migration/configs/config.go), so an account is added by the pod, which alone knows it:
 * {@code etcd} is the last section, to be gone on with.
 */
final class ToolConfig {

    static final String FOLDER = "/milvus/configs/meta";
    static final String BACKUP_FILE = "/milvus/data/migration.bak";
    static final String CERTIFICATES = "/milvus/certificates";

    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build());

    private ToolConfig() {}

    static String fileName(ToolCommand command) {
        return command.word() + ".yaml";
    }

    /**
     * The text of the file.
     *
     * @param from the version that runs, which must be 2.1: the tool takes it without suffixes
     * @param to the version that will run, which must be 2.2: a pre-release would count as older than 2.2, and the tool
     *     would do nothing
     */
    static String text(
            ToolCommand command, MilvusVersion from, MilvusVersion to, MetadataPlace place, boolean withCertificates) {
        Map<String, Object> etcd = new LinkedHashMap<>();
        etcd.put("endpoints", place.endpoints());
        etcd.put("rootPath", place.rootPath());
        etcd.put("metaSubPath", place.metaSubPath());
        etcd.put("kvSubPath", place.kvSubPath());
        if (withCertificates) {
            etcd.put(
                    "ssl",
                    ordered(
                            "enabled",
                            true,
                            "tlsCert",
                            CERTIFICATES + "/tls.crt",
                            "tlsKey",
                            CERTIFICATES + "/tls.key",
                            "tlsCACert",
                            CERTIFICATES + "/ca.crt",
                            "tlsMinVersion",
                            "1.3"));
        }
        return write(ordered(
                "cmd",
                ordered("type", command.word(), "runWithBackup", false),
                "config",
                ordered("sourceVersion", numbers(from), "targetVersion", numbers(to), "backupFilePath", BACKUP_FILE),
                "metastore",
                ordered("type", "etcd"),
                "etcd",
                etcd));
    }

    private static String numbers(MilvusVersion version) {
        return version.major() + "." + version.minor() + "." + version.patch();
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static String write(Map<String, Object> content) {
        try {
            return YAML.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
