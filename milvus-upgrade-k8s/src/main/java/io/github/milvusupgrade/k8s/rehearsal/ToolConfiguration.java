package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;

/** The configuration of {@code meta-migration}: {@code milvus-io/milvus:cmd/tools/migration/configs/config.go}. */
record ToolConfiguration(JsonNode yaml) {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String VERSION = "\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?";

    static ToolConfiguration parse(String text) throws JsonProcessingException {
        return new ToolConfiguration(YAML.readTree(text));
    }

    /** {@code backup}, {@code run} or {@code rollback}. */
    String command() {
        return yaml.at("/cmd/type").asText();
    }

    boolean runsWithBackup() {
        return yaml.at("/cmd/runWithBackup").asBoolean();
    }

    String source() {
        return yaml.at("/config/sourceVersion").asText();
    }

    String target() {
        return yaml.at("/config/targetVersion").asText();
    }

    /** Only from 2.1 to 2.2, and only three numbers with at most a suffix. */
    boolean isSupported() {
        return source().matches("2\\.1\\.\\d+") && target().matches(VERSION) && target().startsWith("2.2.");
    }

    /** A pre-release of 2.2.0 counts as older than 2.2.0. */
    boolean isNothingToDo() {
        return target().startsWith("2.2.0-");
    }

    String file() {
        return yaml.at("/config/backupFilePath").asText();
    }

    List<String> endpoints() {
        return Json.stream(yaml.at("/etcd/endpoints")).map(JsonNode::asText).toList();
    }

    String rootPath() {
        return yaml.at("/etcd/rootPath").asText();
    }

    String metaSubPath() {
        return yaml.at("/etcd/metaSubPath").asText("meta");
    }

    /** Where metadata lies in etcd, without a slash at the end. */
    String root() {
        return rootPath() + "/" + metaSubPath();
    }

    boolean usesTls() {
        return yaml.at("/etcd/ssl/enabled").asBoolean();
    }

    List<String> certificates() {
        return List.of("tlsCert", "tlsKey", "tlsCACert").stream()
                .map(name -> yaml.at("/etcd/ssl").path(name).asText())
                .filter(file -> usesTls() && !file.isEmpty())
                .toList();
    }

    /** Name and password as one text, empty without an account. */
    String login() {
        JsonNode auth = yaml.at("/etcd/auth");
        return auth.path("enabled").asBoolean()
                ? auth.path("userName").asText() + ":" + auth.path("password").asText()
                : "";
    }
}
