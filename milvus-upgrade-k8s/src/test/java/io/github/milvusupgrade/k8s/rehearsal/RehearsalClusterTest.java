package io.github.milvusupgrade.k8s.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.StringReader;
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

    @Test
    void aPodTellsItsHealth() {
        cluster.seed(MilvusBlueprint.standalone("m"));
        cluster.podEndpoint((pod, path) -> path.equals("/metrics") ? PodAnswer.text(200, "up 1\n") : null);
        String pod = api.items("/api/v1/namespaces/default/pods", "labelSelector=component=standalone")
                .get(0)
                .at("/metadata/name")
                .asText();

        JsonApi.Reply health = api.get("/api/v1/namespaces/default/pods/" + pod + ":9091/proxy/healthz");
        assertThat(health.text())
                .startsWith("{\"state\":\"OK\",\"detail\":[{\"name\":\"rootcoord\",\"code\":1},")
                .endsWith("{\"name\":\"indexnode\",\"code\":1}]}");
        assertThat(health.headers().get("Content-Type")).isEqualTo("application/json");
        assertThat(api.get("/api/v1/namespaces/default/pods/" + pod + ":9091/proxy/metrics")
                        .text())
                .isEqualTo("up 1\n");
        assertThat(api.get("/api/v1/namespaces/default/pods/" + pod + ":9091/proxy/nothing")
                        .code())
                .isEqualTo(404);
    }

    @Test
    void aPodThatDoesNotRunCannotBeReached() {
        cluster.inject(PodFault.imageMissing());
        api.create(
                "/api/v1/namespaces/default/pods",
                JsonApi.json("{metadata: {name: 'p'}, spec: {containers: [{name: 'c', image: 'i:1'}]}}"));

        JsonApi.Reply reply = api.get("/api/v1/namespaces/default/pods/p:9091/proxy/healthz");

        assertThat(reply.code()).isEqualTo(503);
        assertThat(reply.message()).startsWith("error trying to reach service: ");
    }

    @Test
    void theKubeconfigLeadsToTheCluster() throws IOException {
        KubeConfig config = KubeConfig.loadKubeConfig(new StringReader(cluster.kubeconfig()));

        JsonApi other = new JsonApi(ClientBuilder.kubeconfig(config).build());

        assertThat(other.get("/version").at("/gitVersion")).isEqualTo("v1.34.4");
    }

    @Test
    void noThreadOutlivesTheCluster() {
        try (JsonApi.Watch watch = api.openWatch("/api/v1/pods")) {
            assertThat(watch.code()).isEqualTo(200);
            cluster.close();
            cluster.close();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                            .extracting(Thread::getName)
                            .noneMatch(name -> name.startsWith("rehearsal-") || name.startsWith("HTTP-Dispatcher")));
        }
    }

    @Test
    void timePassesAsFastAsAsked() {
        assertThatThrownBy(() -> RehearsalCluster.builder().speed(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("speed 0.0 : time has to pass. Give a factor above 0.");
    }
}
