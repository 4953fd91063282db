package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveCopyTest {

    private final RehearsalCluster live = RehearsalCluster.start();
    private final RehearsalCluster copy = RehearsalCluster.start();
    private final JsonApi liveApi = new JsonApi(live.apiClient());
    private final JsonApi copyApi = new JsonApi(copy.apiClient());

    @BeforeEach
    void seed() {
        live.seed(MilvusBlueprint.standalone("other").namespace("milvus"));
        live.seed(MilvusBlueprint.cluster("m")
                .namespace("milvus")
                .version("2.2.4")
                .userYaml("a: 1\n")
                .helmRelease());
        liveApi.create(
                "/apis/autoscaling/v2/namespaces/milvus/horizontalpodautoscalers",
                json("{metadata: {name: 'm-milvus-proxy-hpa'},"
                        + " spec: {maxReplicas: 3, scaleTargetRef: {kind: 'Deployment', name: 'm-milvus-proxy'}}}"));
    }

    @AfterEach
    void stop() {
        live.close();
        copy.close();
    }

    @Test
    void copiesOneInstanceAndLeavesItsPodsReady() {
        copy.copy(live.apiClient(), "milvus", "m");

        List<JsonNode> deployments = copyApi.items("/apis/apps/v1/namespaces/milvus/deployments");
        assertThat(deployments).hasSize(8).allSatisfy(deployment -> {
            assertThat(deployment.at("/status/availableReplicas").asInt()).isEqualTo(1);
            JsonNode original = liveApi.read("/apis/apps/v1/namespaces/milvus/deployments/"
                    + deployment.at("/metadata/name").asText());
            assertThat(deployment.path("spec")).isEqualTo(original.path("spec"));
            assertThat(deployment.at("/metadata/uid")).isNotEqualTo(original.at("/metadata/uid"));
        });
        assertThat(copyApi.read("/api/v1/namespaces/milvus/configmaps/m-milvus").path("data"))
                .isEqualTo(liveApi.read("/api/v1/namespaces/milvus/configmaps/m-milvus")
                        .path("data"));
        assertThat(copyApi.items("/apis/apps/v1/namespaces/milvus/statefulsets"))
                .hasSize(1);
        assertThat(copyApi.items("/apis/autoscaling/v2/namespaces/milvus/horizontalpodautoscalers"))
                .hasSize(1);
    }

    @Test
    void onlyReadsAndNeverASecret() {
        int before = live.requests().size();

        copy.copy(live.apiClient(), "milvus", "m");

        List<RecordedRequest> requests = live.requests();
        assertThat(requests.subList(before, requests.size()))
                .allMatch(request -> request.verb().equals("list"))
                .noneMatch(request -> request.resource().equals("secrets"));
        assertThat(copyApi.items("/api/v1/namespaces/milvus/secrets")).isEmpty();
    }

    @Test
    void saysWhatItCouldNotRead() {
        live.inject(ApiFault.forbidden().on("list", "statefulsets"));

        assertThatThrownBy(() -> copy.copy(live.apiClient(), "milvus", "m"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "GET /apis/apps/v1/namespaces/milvus/statefulsets failed : HTTP 403 {\"kind\":\"Status\"")
                .hasMessageEndingWith(". Give a client that may do this there.");
    }
}
