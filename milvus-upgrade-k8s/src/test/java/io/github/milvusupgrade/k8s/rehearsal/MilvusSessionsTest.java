package io.github.milvusupgrade.k8s.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What running Milvus pods and their metadata look like in etcd. */
class MilvusSessionsTest {

    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments/";

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(50).start();
    private final JsonApi api = new JsonApi(cluster.apiClient());

    @AfterEach
    void stop() {
        cluster.close();
    }

    private JsonNode session(String key) throws JsonProcessingException {
        return Json.MAPPER.readTree(new String(cluster.etcd().get(key).orElseThrow(), StandardCharsets.UTF_8));
    }

    @Test
    void aClusterOf21HasMetadataAndSessions() throws JsonProcessingException {
        cluster.seed(MilvusBlueprint.cluster("m").version("2.1.4").replicas("querynode", 2));

        assertThat(cluster.etcd().snapshot("by-dev/meta/")).hasSize(400);
        assertThat(cluster.etcd().keys("by-dev/meta/session/").stream()
                        .map(key -> key.replaceFirst("by-dev/meta/session/", "").replaceFirst("-\\d+$", "-N")))
                .containsExactlyInAnyOrder(
                        "datacoord",
                        "datanode-N",
                        "id",
                        "indexcoord",
                        "indexnode-N",
                        "proxy-N",
                        "querycoord",
                        "querynode-N",
                        "querynode-N",
                        "rootcoord");
        JsonNode session = session("by-dev/meta/session/rootcoord");
        assertThat(session.path("ServerName").asText()).isEqualTo("rootcoord");
        assertThat(session.path("Address").asText()).matches("10\\.244\\.\\d+\\.\\d+:53100");
        assertThat(session.path("Exclusive").asBoolean()).isTrue();
        assertThat(session.has("Version")).isFalse();
    }

    @Test
    void theConfigurationOf21IsOneFile() {
        cluster.seed(MilvusBlueprint.cluster("m").version("2.1.4"));

        JsonNode data =
                api.read("/api/v1/namespaces/default/configmaps/m-milvus").path("data");
        assertThat(data).hasToString(Json.object("milvus.yaml", """
                etcd:
                  endpoints:
                  - m-etcd:2379
                  rootPath: by-dev
                  metaSubPath: meta
                  kvSubPath: kv
                metastore:
                  type: etcd
                messageQueue: pulsar
                """).toString());
    }

    @Test
    void aNewImageRegistersItsVersion() {
        cluster.seed(MilvusBlueprint.cluster("m").version("2.1.4"));

        api.patch(
                JsonApi.STRATEGIC_PATCH,
                DEPLOYMENTS + "m-milvus-rootcoord",
                "{spec: {template: {spec: {containers: [{name: 'rootcoord', image: 'milvusdb/milvus:v2.2.16'}]}}}}");

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(session("by-dev/meta/session/rootcoord")
                                .path("Version")
                                .asText())
                        .isEqualTo("2.2.16"));
    }

    @Test
    void severalInstancesHaveRootsOfTheirOwn() {
        cluster.seed(MilvusBlueprint.cluster("one").version("2.1.4").rootPath("first"));
        cluster.seed(MilvusBlueprint.mixcoord("two").version("2.4.1"));
        cluster.seed(MilvusBlueprint.standalone("three").version("2.1.0").metadataKeys(10));

        assertThat(cluster.etcd().snapshot("first/meta/")).hasSize(400);
        assertThat(cluster.etcd().keys("two/meta/session/"))
                .contains("two/meta/session/rootcoord", "two/meta/session/querycoord");
        assertThat(cluster.etcd().snapshot("")).hasSize(410);
        assertThat(cluster.etcd().keys("by-dev/meta/session/")).hasSize(9);
    }
}
