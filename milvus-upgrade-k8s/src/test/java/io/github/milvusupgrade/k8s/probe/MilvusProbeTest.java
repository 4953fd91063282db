package io.github.milvusupgrade.k8s.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.PodAnswer;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Milvus asked through an API server: what is seen, and why not. */
class MilvusProbeTest {

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(100).start();
    private KubeApi api;
    private MilvusProbe probe;
    private String pod;

    @BeforeEach
    void install() {
        cluster.seed(MilvusBlueprint.mixcoord("my-release").version("2.2.16"));
        pod = podOf("mixcoord");
        api = KubeApi.over(cluster.apiClient(), KubeApiOptions.defaults());
        probe = new MilvusProbe(api, "default", Duration.ofSeconds(1));
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void statesAndGaugesAreSeenWithOneRequestEach() {
        assertThat(probe.health(pod))
                .isInstanceOfSatisfying(
                        Seen.Clear.class,
                        seen -> assertThat(((PodHealth) seen.what()).roles())
                                .hasToString("{datacoord=HEALTHY, indexcoord=HEALTHY, querycoord=HEALTHY,"
                                        + " rootcoord=HEALTHY}"));
        assertThat(probe.metrics(pod))
                .isInstanceOfSatisfying(
                        Seen.Clear.class,
                        seen -> assertThat(((Metrics) seen.what()).sum(Gauge.QUERY_NODES.metric()))
                                .hasValue(1));
        assertThat(api.requests().byKind()).isEqualTo(Map.of("get pods/proxy", 2L));
    }

    @Test
    void thatSomebodyListensIsKnownThoughHeSpeaksAnotherLanguage() {
        String coordinator = aCoordinator();

        assertThat(probe.listensNowhere(coordinator, List.of(19531, 9091))).isFalse();
        assertThat(probe.listensNowhere(coordinator, List.of(19999, 9091))).isTrue();
        assertThat(probe.listensNowhere(coordinator, List.of(19999, 19531))).isFalse();
        assertThat(probe.listensNowhere(coordinator, List.of(9091))).isFalse();
        assertThat(probe.listensNowhere(coordinator, List.of())).isFalse();
    }

    @Test
    void whoCannotFindOutWhetherSomebodyListensDoesNotSayThatNobodyDoes() {
        String coordinator = aCoordinator();
        cluster.inject(ApiFault.forbidden().on("get", "pods/proxy"));
        assertThat(probe.listensNowhere(coordinator, List.of(19999))).isFalse();

        cluster.inject(
                ApiFault.slow(Duration.ofSeconds(20)).on("get", "pods/proxy").always());
        assertThat(probe.listensNowhere(coordinator, List.of(19999))).isFalse();
        assertThat(probe.listensNowhere("my-release-milvus-gone", List.of(19999)))
                .isFalse();
    }

    private String aCoordinator() {
        cluster.seed(MilvusBlueprint.cluster("other").version("2.2.4"));
        return podOf("querycoord");
    }

    private String podOf(String component) {
        return new JsonApi(cluster.apiClient())
                .items("/api/v1/namespaces/default/pods", "labelSelector=component=" + component)
                .get(0)
                .at("/metadata/name")
                .asText();
    }

    @Test
    void whoMayNotAskIsToldSo() {
        cluster.inject(ApiFault.forbidden().on("get", "pods/proxy"));

        assertBlind("the account may not get pods/proxy (403)");
    }

    @Test
    void aPodThatTheApiServerDoesNotReachIsNotSeen() {
        cluster.inject(ApiFault.unavailable().on("get", "pods/proxy").always());

        assertBlind("the API server does not reach it on port 9091 (unavailable)");
    }

    @Test
    void aPodThatIsGoneIsNotSeen() {
        assertThat(probe.health("my-release-milvus-gone")).isEqualTo(new Seen.Blind<PodHealth>("it is gone"));
    }

    @Test
    void anAnswerThatComesTooLateIsNotWaitedFor() {
        cluster.inject(
                ApiFault.slow(Duration.ofSeconds(20)).on("get", "pods/proxy").always());

        assertBlind("no answer came within 1 s");
    }

    @Test
    void aConnectionThatBreaksIsNotAskedAgain() {
        cluster.inject(ApiFault.answerLost().on("get", "pods/proxy").always());

        assertBlind("no answer came within 1 s");
        assertThat(api.requests().byKind()).isEqualTo(Map.of("get pods/proxy", 1L));
    }

    @Test
    void metricsOfSomebodyElseAreNotThoseOfMilvus() {
        cluster.podEndpoint((any, path) -> PodAnswer.text(200, "# TYPE up gauge\nup 1\n"));

        assertThat(probe.metrics(pod)).isEqualTo(new Seen.Blind<Metrics>("its metrics are not those of Milvus"));
    }

    @Test
    void metricsThatAreNotHandedOutAreNotSeen() {
        cluster.podEndpoint((any, path) -> PodAnswer.text(401, "who are you? token=s3cret"));

        assertThat(probe.metrics(pod)).isEqualTo(new Seen.Blind<Metrics>("it does not hand out metrics (HTTP 401)"));
    }

    private void assertBlind(String why) {
        assertThat(probe.health(pod)).isEqualTo(new Seen.Blind<PodHealth>(why));
    }
}
