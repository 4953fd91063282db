package io.github.milvusupgrade.k8s.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The rehearsal of a whole fleet fits into a small JVM. */
class RehearsalLoadIT {

    private static final String DEPLOYMENTS = "/apis/apps/v1/deployments";

    @Test
    void aHundredInstancesAreUpgradedTogether() {
        try (RehearsalCluster cluster = RehearsalCluster.builder().speed(20).start()) {
            JsonApi api = new JsonApi(cluster.apiClient());
            for (int i = 0; i < 100; i++) {
                cluster.seed(MilvusBlueprint.cluster("m" + i).namespace("n" + i % 10));
            }
            List<JsonNode> deployments = api.items(DEPLOYMENTS);
            assertThat(deployments).hasSize(800);

            deployments.parallelStream().forEach(deployment -> upgrade(api, deployment));

            Awaitility.await()
                    .atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(api.items(DEPLOYMENTS)).allMatch(this::isUpgraded));
            assertThat(heapInUse()).isLessThan(200L << 20);
        }
    }

    private static void upgrade(JsonApi api, JsonNode deployment) {
        String component = deployment.at("/metadata/labels/component").asText();
        api.patch(
                JsonApi.STRATEGIC_PATCH,
                "/apis/apps/v1/namespaces/"
                        + deployment.at("/metadata/namespace").asText() + "/deployments/"
                        + deployment.at("/metadata/name").asText(),
                "{spec: {template: {spec: {containers: [{name: '" + component
                        + "', image: 'milvusdb/milvus:v2.2.16'}]}}}}");
    }

    private boolean isUpgraded(JsonNode deployment) {
        JsonNode status = deployment.path("status");
        return status.path("observedGeneration").asInt() == 2
                && status.path("updatedReplicas").asInt() == 1
                && status.path("replicas").asInt() == 1
                && status.path("availableReplicas").asInt() == 1;
    }

    private static long heapInUse() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
