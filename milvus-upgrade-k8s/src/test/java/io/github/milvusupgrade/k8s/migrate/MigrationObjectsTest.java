package io.github.milvusupgrade.k8s.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.path.UpgradePathRules;
import io.github.milvusupgrade.version.MilvusVersion;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationObjectsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void m14EveryMemberOfEtcdIsNamedOnceAndThePathsAreThoseOfTheInstance() {
        MetadataPlace place = new MetadataPlace(List.of("etcd-0:2379", "etcd-1:2379"), "prod", "m", "k");
        assertThat(ToolConfig.text(
                        ToolCommand.BACKUP, MilvusVersion.parse("2.1.4"), MilvusVersion.parse("v2.2.16"), place, false))
                .isEqualTo("""
                        cmd:
                          type: "backup"
                          runWithBackup: false
                        config:
                          sourceVersion: "2.1.4"
                          targetVersion: "2.2.16"
                          backupFilePath: "/milvus/data/migration.bak"
                        metastore:
                          type: "etcd"
                        etcd:
                          endpoints:
                          - "etcd-0:2379"
                          - "etcd-1:2379"
                          rootPath: "prod"
                          metaSubPath: "m"
                          kvSubPath: "k"
                        """);
    }

    @Test
    void m10AndM8ObjectsCarryTheRunInNameAndLabelAndNotTheLabelsOfTheInstance() {
        for (ObjectNode object : List.of(
                objects(MigrateOptions.defaults()).claim(),
                objects(MigrateOptions.defaults()).configMap(),
                objects(MigrateOptions.defaults()).toolPod("milvus-upgrade-r1-run-1", ToolCommand.RUN))) {
            assertThat(object.path("metadata").path("name").asText()).startsWith("milvus-upgrade-r1-");
            assertThat(object.path("metadata").path("labels").toString())
                    .isEqualTo("{\"app.kubernetes.io/managed-by\":\"milvus-upgrade\","
                            + "\"milvusupgrade.github.io/migration\":\"my-release\","
                            + "\"milvusupgrade.github.io/run\":\"milvus-upgrade-r1\"}");
        }
    }

    @Test
    void m16ThePodsGetWhatTheNamespaceDemands() throws IOException {
        PodSettings settings = PodSettings.none()
                .withImagePullSecrets(List.of("mirror"))
                .withNodeSelector(Map.of("pool", "tools"))
                .withTolerations((ArrayNode) JSON.readTree("[{\"key\":\"dedicated\",\"operator\":\"Exists\"}]"))
                .withPodSecurityContext((ObjectNode) JSON.readTree("{\"runAsNonRoot\":true}"))
                .withSecurityContext((ObjectNode) JSON.readTree("{\"allowPrivilegeEscalation\":false}"))
                .withResources((ObjectNode) JSON.readTree("{\"limits\":{\"memory\":\"1Gi\"}}"))
                .withServiceAccount("tool");
        MigrationObjects objects = objects(MigrateOptions.defaults().withPods(settings));
        for (ObjectNode pod :
                List.of(objects.toolPod("p", ToolCommand.RUN), objects.readerPod("p"), objects.probePod("p"))) {
            JsonNode spec = pod.path("spec");
            assertThat(spec.at("/imagePullSecrets/0/name").asText()).isEqualTo("mirror");
            assertThat(spec.at("/nodeSelector/pool").asText()).isEqualTo("tools");
            assertThat(spec.at("/tolerations/0/key").asText()).isEqualTo("dedicated");
            assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(spec.at("/serviceAccountName").asText()).isEqualTo("tool");
            assertThat(spec.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
            JsonNode container = spec.at("/containers/0");
            assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(container.at("/resources/limits/memory").asText()).isEqualTo("1Gi");
        }
    }

    @Test
    void row97AnAccountIsGivenToThePodsByTheKubeletAndStandsNowhereElse() {
        MigrationObjects objects =
                objects(MigrateOptions.defaults().withEtcdAccount(new EtcdAccount("etcd-root", "user", "secret-word")));
        assertThat(objects.configMap().toString()).doesNotContain("etcd-root");
        ObjectNode tool = objects.toolPod("p", ToolCommand.RUN);
        assertThat(tool.at("/spec/containers/0/env").toString())
                .contains("\"secretKeyRef\":{\"name\":\"etcd-root\",\"key\":\"secret-word\"}");
        assertThat(words(tool).subList(0, 2)).containsExactly("/bin/sh", "-c");
        assertThat(words(tool).get(2)).doesNotContain("etcd-root", "by-dev", "my-release");
        assertThat(words(tool).subList(3, 6))
                .containsExactly("meta-migration", "/milvus/configs/meta/run.yaml", "/milvus/work/run.yaml");
        assertThat(objects.probePod("p").at("/spec/containers/0/env").toString())
                .contains("{\"name\":\"ETCDCTL_USER\",\"value\":\"$(ETCD_USER):$(ETCD_PASSWORD)\"}");
    }

    @Test
    void row97CertificatesAreMountedAndNamedByPath() {
        MigrationObjects objects =
                objects(MigrateOptions.defaults().withEtcdCertificates(EtcdCertificates.of("etcd-tls")));
        assertThat(objects.probeFlags())
                .containsExactly(
                        "--endpoints=https://my-release-etcd:2379",
                        "--cacert=/milvus/certificates/ca.crt",
                        "--cert=/milvus/certificates/tls.crt",
                        "--key=/milvus/certificates/tls.key");
        assertThat(objects.configMap().at("/data/run.yaml").asText())
                .contains("  ssl:\n    enabled: true\n    tlsCert: \"/milvus/certificates/tls.crt\"");
        assertThat(objects.toolPod("p", ToolCommand.RUN).at("/spec/volumes").toString())
                .contains("\"secretName\":\"etcd-tls\"");
    }

    @Test
    void withoutAnAccountNoShellIsStarted() {
        assertThat(words(objects(MigrateOptions.defaults()).toolPod("p", ToolCommand.ROLLBACK)))
                .containsExactly("/milvus/bin/meta-migration", "-config=/milvus/configs/meta/rollback.yaml");
    }

    @Test
    void oneRuleRewritesAllImages() {
        MigrateOptions options = MigrateOptions.defaults().rewritingImages(new ImageRewrite("mirror.example:5000/hub"));
        assertThat(options.toolImage())
                .isEqualTo("mirror.example:5000/hub/milvusdb/meta-migration:v2.2.0-bugfix-20230112");
        assertThat(options.probeImage()).isEqualTo("mirror.example:5000/hub/coreos/etcd:v3.5.16");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/by-dev", "by-dev/", "by dev", "a//b", "$(id)", "by-dev;rm"})
    void aRootPathThatIsNoneIsRefusedAtOnce(String path) {
        assertThatThrownBy(() -> MigrateOptions.defaults().withRootPath(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("\"" + path + "\" is no path in etcd:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://etcd:2379", "etcd", "etcd:2379,other:2379", ""})
    void anEndpointThatIsNoneIsRefusedAtOnce(String endpoint) {
        assertThatThrownBy(() -> MigrateOptions.defaults().withEtcdEndpoints(List.of(endpoint)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Each is host:port, without a scheme.");
    }

    private static List<String> words(ObjectNode pod) {
        return JSON.convertValue(
                pod.at("/spec/containers/0/command"),
                JSON.getTypeFactory().constructCollectionType(List.class, String.class));
    }

    private static MigrationObjects objects(MigrateOptions options) {
        ClusterSnapshot snapshot =
                new ClusterSnapshot(new ClusterId("default", "my-release"), List.of(), new TreeMap<>());
        return new MigrationObjects(
                new Migration(
                        snapshot,
                        UpgradePathRules.official()
                                .resolve(MilvusVersion.parse("2.1.4"), MilvusVersion.parse("2.2.16"))
                                .hops()
                                .get(0),
                        new MetadataPlace(List.of("my-release-etcd:2379"), "by-dev", "meta", "kv"),
                        Sight.PROBE_POD,
                        options.toolImage(),
                        options),
                "milvus-upgrade-r1");
    }
}
