package io.github.milvusupgrade.k8s.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.PodFault;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The last words of a container that crashes, whichever of its runs still has any. */
class EvidenceTest {

    private static final List<String> GONE = List.of("unable to retrieve container logs for containerd://ae6dc93e");
    private static final List<String> PANIC = List.of("panic: parameter is no number", "accessKey=minio goroutine 1");
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(100).start();
    private final JsonApi api = new JsonApi(cluster.apiClient());

    @BeforeEach
    void letTheProxyCrash() {
        cluster.seed(MilvusBlueprint.standalone("m").version("2.2.4").messageQueue("kafka"));
        cluster.inject(PodFault.crashLoop().component("standalone"));
        milvusPods().forEach(pod -> api.delete(PODS + "/" + name(pod)));
        Awaitility.await("a restart")
                .until(() -> milvusPods()
                        .anyMatch(pod ->
                                pod.at("/status/containerStatuses/0/lastState").has("terminated")));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void areThoseOfTheRunBefore() {
        cluster.podLogs((pod, container, previous) -> previous ? PANIC : List.of("booting"));

        assertThat(lastWords())
                .contains("\n  log: panic: parameter is no number")
                .doesNotContain("booting", "minio");
    }

    @Test
    void areThoseOfTheLatestRunWhereTheKubeletHasThrownTheOthersAway() {
        cluster.podLogs((pod, container, previous) -> previous ? GONE : PANIC);

        assertThat(lastWords())
                .contains("\n  log: panic: parameter is no number")
                .doesNotContain("unable to retrieve");
    }

    @Test
    void areMissingWhereThereAreNone() {
        cluster.podLogs((pod, container, previous) -> GONE);

        assertThat(lastWords()).endsWith("\n  log: gone");
    }

    private String lastWords() {
        String pod = name(milvusPods().findFirst().orElseThrow());
        return new Evidence(KubeApi.over(cluster.apiClient(), KubeApiOptions.defaults()), "default")
                .about(new Trouble(
                        Code.CRASH_LOOP, "pod " + pod, Optional.of("standalone"), "Error", "", Duration.ZERO));
    }

    private Stream<JsonNode> milvusPods() {
        return api.items(PODS).stream()
                .filter(pod -> pod.at("/metadata/labels/component").asText().equals("standalone"));
    }

    private static String name(JsonNode pod) {
        return pod.at("/metadata/name").asText();
    }
}
