package io.github.milvusupgrade.k8s.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RecordedRequest;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who listens to an instance, and for how long. */
class LiveInstanceTest {

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(100).start();
    private final Patient context = new Patient();
    private LiveInstance live = live();

    @BeforeEach
    void install() {
        cluster.seed(MilvusBlueprint.mixcoord("my-release").version("2.2.4"));
        cluster.seed(MilvusBlueprint.mixcoord("other").version("2.2.4"));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void whoLooksAtTheSameTimeSharesTwoWatches() {
        try (LiveInstance.Looking one = live.look();
                LiveInstance.Looking other = live.look()) {
            assertThat(one.deployments(context)).hasSameSizeAs(other.deployments(context));
            assertThat(one.pods(context)).hasSameSizeAs(other.pods(context));
            awaitWatches(2);
        }

        assertThat(asked("list")).isEqualTo(2);
    }

    @Test
    void nothingIsAskedForBeforeSomebodyWantsToKnow() {
        try (LiveInstance.Looking looking = live.look()) {
            assertThat(looking.changes()).isZero();
        }

        assertThat(cluster.requests()).isEmpty();
    }

    @Test
    void theLastWhoLooksAwayEndsTheWatches() {
        LiveInstance.Looking one = live.look();
        LiveInstance.Looking other = live.look();
        one.pods(context);
        one.close();
        one.close();
        other.pods(context);
        assertThat(asked("list")).isEqualTo(2);

        other.close();
        try (LiveInstance.Looking anew = live.look()) {
            anew.pods(context);
        }

        assertThat(asked("list")).isEqualTo(4);
    }

    @Test
    void onlyWhatBelongsToTheInstanceIsSeen() {
        try (LiveInstance.Looking looking = live.look()) {
            assertThat(looking.deployments(context))
                    .isNotEmpty()
                    .extracting(DeploymentView::name)
                    .allSatisfy(name -> assertThat(name).startsWith("my-release-"));
            assertThat(looking.pods(context))
                    .isNotEmpty()
                    .allSatisfy(pod -> assertThat(pod.name()).startsWith("my-release-"));
        }
    }

    @Test
    void aChangeWakesWhoeverWaits() throws InterruptedException {
        try (LiveInstance.Looking looking = live.look()) {
            looking.deployments(context);
            long seen = looking.changes();

            annotate("my-release-milvus-proxy");
            looking.awaitChangeSince(seen, Duration.ofSeconds(20), context);

            assertThat(looking.changes()).isGreaterThan(seen);
        }
    }

    @Test
    void whatIsAskedForIsNotOlderThanTheQuestion() {
        cluster.inject(
                ApiFault.watchGoesSilent().on("watch", "deployments.apps").always());
        try (LiveInstance.Looking looking = live.look()) {
            looking.deployments(context);
            awaitWatches(1);
            annotate("my-release-milvus-proxy");

            looking.askForDeployments(context);

            assertThat(looking.deployments(context))
                    .filteredOn(deployment -> deployment.annotations().containsKey("touched"))
                    .extracting(DeploymentView::name)
                    .containsExactly("my-release-milvus-proxy");
        }
    }

    @Test
    void aWatchThatWasRefusedIsTriedAnewByTheNextWhoLooks() {
        cluster.inject(ApiFault.forbidden().on("watch", "pods").times(1));
        try (LiveInstance.Looking run = live.look()) {
            try (LiveInstance.Looking step = live.look()) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .untilAsserted(() ->
                                assertThatThrownBy(() -> step.pods(context)).isInstanceOf(KubeApiException.class));
            }
            try (LiveInstance.Looking next = live.look()) {
                assertThat(next.pods(context)).isNotEmpty();
            }
        }
    }

    private LiveInstance live() {
        KubeApiOptions options = KubeApiOptions.defaults();
        return new LiveInstance(
                KubeApi.over(cluster.apiClient(), options), options.time(), new ClusterId("default", "my-release"));
    }

    private void annotate(String deployment) {
        new JsonApi(cluster.apiClient())
                .patch(
                        JsonApi.MERGE_PATCH,
                        "/apis/apps/v1/namespaces/default/deployments/" + deployment,
                        "{\"metadata\": {\"annotations\": {\"touched\": \"yes\"}}}");
    }

    private void awaitWatches(int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(asked("watch")).isEqualTo(count));
    }

    private long asked(String verb) {
        return cluster.requests().stream()
                .map(RecordedRequest::verb)
                .filter(verb::equals)
                .count();
    }

    /** The context of a step that has all the time in the world. */
    private static final class Patient implements StepContext {

        @Override
        public RunId run() {
            return RunId.of("r1");
        }

        @Override
        public long fence() {
            return 1;
        }

        @Override
        public ClusterSnapshot snapshot() {
            return new ClusterSnapshot(new ClusterId("default", "my-release"), List.of(), new TreeMap<>());
        }

        @Override
        public Map<String, String> captured() {
            return Map.of();
        }

        @Override
        public void progress(String text) {
            // Nobody listens.
        }

        @Override
        public void warn(String text) {
            throw new AssertionError(text);
        }

        @Override
        public Duration remaining() {
            return Duration.ofMinutes(1);
        }

        @Override
        public void checkpoint() {
            // Nobody stops it.
        }
    }
}
