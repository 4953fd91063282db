package io.github.milvusupgrade.k8s.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RehearsalClusterTest {

    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(20).start();
    private final JsonApi api = new JsonApi(cluster.apiClient());

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aSeededInstanceIsRolledOutWhenSeedReturns() {
        cluster.seed(MilvusBlueprint.cluster("my-release").version("2.2.4").replicas("querynode", 2));

        List<JsonNode> deployments = api.items(DEPLOYMENTS, "labelSelector=app.kubernetes.io/instance=my-release");
        assertThat(deployments)
                .extracting(deployment -> deployment.at("/metadata/name").asText())
                .containsExactly(
                        "my-release-milvus-datacoord",
                        "my-release-milvus-datanode",
                        "my-release-milvus-indexcoord",
                        "my-release-milvus-indexnode",
                        "my-release-milvus-proxy",
                        "my-release-milvus-querycoord",
                        "my-release-milvus-querynode",
                        "my-release-milvus-rootcoord");
        assertThat(deployments).allSatisfy(deployment -> {
            JsonNode status = deployment.path("status");
            assertThat(status.path("availableReplicas")).isEqualTo(deployment.at("/spec/replicas"));
            assertThat(status.path("observedGeneration")).isEqualTo(deployment.at("/metadata/generation"));
            assertThat(Conditions.find(deployment, "Progressing")
                            .orElseThrow()
                            .path("reason")
                            .asText())
                    .isEqualTo("NewReplicaSetAvailable");
        });
    }

    @Test
    void aNewImageIsRolledOut() {
        cluster.seed(MilvusBlueprint.cluster("my-release").version("2.2.4").replicas("querynode", 2));

        api.patch(
                JsonApi.STRATEGIC_PATCH,
                DEPLOYMENTS + "/my-release-milvus-querynode",
                "{spec: {template: {spec: {containers: [{name: 'querynode', image: 'milvusdb/milvus:v2.2.16'}]}}}}");

        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            JsonNode status =
                    api.read(DEPLOYMENTS + "/my-release-milvus-querynode").path("status");
            assertThat(status.path("observedGeneration").asInt()).isEqualTo(2);
            assertThat(status.path("updatedReplicas").asInt()).isEqualTo(2);
            assertThat(status.path("replicas").asInt()).isEqualTo(2);
            assertThat(status.path("availableReplicas").asInt()).isEqualTo(2);
            assertThat(api.items("/api/v1/namespaces/default/pods", "labelSelector=component=querynode"))
                    .hasSize(2)
                    .allSatisfy(
                            pod -> assertThat(pod.at("/spec/containers/0/image").asText())
                                    .isEqualTo("milvusdb/milvus:v2.2.16"));
        });
    }
}
