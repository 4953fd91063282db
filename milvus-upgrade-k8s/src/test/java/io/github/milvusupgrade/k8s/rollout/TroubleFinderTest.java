package io.github.milvusupgrade.k8s.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TroubleFinderTest {

    private static final String OLD = "milvusdb/milvus:v2.2.3";
    private static final String NEW = "milvusdb/milvus:v2.2.16";
    private static final RolloutGoal GOAL = new RolloutGoal(
            "default",
            "my-release-milvus-proxy",
            "uid",
            2,
            "proxy",
            NEW,
            Optional.empty(),
            RolloutGoal.Until.OLD_PODS_GONE,
            0,
            0,
            Duration.ZERO,
            false);
    private static final DeploymentView HEALTHY = new DeploymentView(
            JsonApi.json("{metadata: {name: 'my-release-milvus-proxy'}, status: {observedGeneration: 2}}"));

    /** What a container runtime says of an image that will be as missing the next time, and what may pass. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rpc error: code = NotFound desc = milvusdb/milvus:v2.2.16: not found | 0",
                "manifest unknown | 0",
                "pull access denied, repository does not exist or may require authorization | 0",
                "no match for platform in manifest | 0",
                "toomanyrequests: You have reached your pull rate limit | 30",
                "dial tcp: i/o timeout | 30",
                "unexpected status from HEAD request: 503 Service Unavailable | 30",
            })
    void row51APullThatMayPassIsWaitedFor(String message, int seconds) {
        PodView pod = pod(NEW, waiting("ErrImagePull", message));

        assertThat(find(pod)).singleElement().satisfies(trouble -> {
            assertThat(trouble.code()).isEqualTo(Code.IMAGE_UNAVAILABLE);
            assertThat(trouble.budget()).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(trouble.describe())
                    .isEqualTo("pod proxy-x, container proxy: ErrImagePull (image " + NEW + ": " + message + ")");
        });
    }

    @ParameterizedTest
    @CsvSource({"InvalidImageName", "ErrImageNeverPull"})
    void row50WhereNoPullIsTriedNothingIsWaitedFor(String reason) {
        assertThat(find(pod(NEW, waiting(reason, "Container image is not present with pull policy of Never"))))
                .singleElement()
                .satisfies(trouble -> {
                    assertThat(trouble.code()).isEqualTo(Code.IMAGE_UNAVAILABLE);
                    assertThat(trouble.budget()).isZero();
                });
    }

    @Test
    void row58APodThatWaitsForItsVolumeIsToldFromOneThatFindsNoNode() {
        assertThat(find(unscheduled("0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.")))
                .extracting(Trouble::code)
                .containsExactly(Code.VOLUME_PENDING);
        assertThat(find(unscheduled("0/3 nodes are available: 3 Insufficient cpu.")))
                .extracting(Trouble::code)
                .containsExactly(Code.UNSCHEDULABLE);
    }

    @Test
    void theTroubleOfOldPodsIsWhatTheRolloutIsToEnd() {
        assertThat(find(pod(
                        OLD,
                        "{name: 'proxy', restartCount: 9, state: {waiting: {reason: 'CrashLoopBackOff'}},"
                                + " lastState: {terminated: {reason: 'Error', exitCode: 1}}}")))
                .isEmpty();
    }

    @ParameterizedTest(name = "exit code {0} after {1} restarts: {2} s")
    @CsvSource({"1, 2, 90", "1, 3, 0", "0, 3, 90"})
    void aProcessThatWasAskedToEndDoesNotCrash(int exitCode, int restarts, int seconds) {
        assertThat(find(pod(
                        NEW,
                        "{name: 'proxy', restartCount: " + restarts
                                + ", state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated: {reason:"
                                + " 'Completed', exitCode: " + exitCode + "}}}")))
                .singleElement()
                .satisfies(trouble -> {
                    assertThat(trouble.code()).isEqualTo(Code.CRASH_LOOP);
                    assertThat(trouble.budget()).isEqualTo(Duration.ofSeconds(seconds));
                });
    }

    @Test
    void onTheWayBackAProcessCrashesOnlyIfItDoesSoWhenItIsNeededAgain() {
        TroubleFinder finder = new TroubleFinder(Patience.standard());

        assertThat(Stream.of(4, 4, 5, 6, 7)
                        .map(restarts -> pod(
                                NEW,
                                "{name: 'proxy', restartCount: " + restarts
                                        + ", state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated:"
                                        + " {reason: 'Error', exitCode: 2}}}"))
                        .map(pod -> finder.find(GOAL.countingFromNowOn(), HEALTHY, List.of(pod)))
                        .flatMap(List::stream)
                        .map(trouble -> trouble.budget().toSeconds()))
                .containsExactly(600L, 600L, 90L, 90L, 0L);
    }

    /** Admission webhooks put another registry in front, or pin the digest. */
    @ParameterizedTest
    @CsvSource({
        "mirror.example:5000/milvusdb/milvus:v2.2.16, 1",
        "milvusdb/milvus:v2.2.16@sha256:0f1e, 1",
        "milvusdb/milvus:v2.2.16-gpu, 0",
        "milvusdb/milvus:v2.2.1, 0"
    })
    void aRewrittenImageIsStillTheOneThatWasAskedFor(String image, int troubles) {
        assertThat(find(pod(image, waiting("CreateContainerConfigError", "secret \"s3\" not found"))))
                .hasSize(troubles);
    }

    private static List<Trouble> find(PodView pod) {
        return new TroubleFinder(Patience.standard()).find(GOAL, HEALTHY, List.of(pod));
    }

    private static PodView pod(String image, String status) {
        return new PodView(JsonApi.json("{metadata: {name: 'proxy-x'}, spec: {containers: [{name: 'proxy', image: '"
                + image + "'}]}, status: {phase: 'Pending', containerStatuses: [" + status + "]}}"));
    }

    private static String waiting(String reason, String message) {
        return "{name: 'proxy', image: '" + NEW + "', restartCount: 0, state: {waiting: {reason: '" + reason
                + "', message: '" + message + "'}}}";
    }

    private static PodView unscheduled(String message) {
        return new PodView(
                JsonApi.json("{metadata: {name: 'proxy-x'}, spec: {containers: [{name: 'proxy', image: '" + NEW
                        + "'}]}, status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason:"
                        + " 'Unschedulable', message: '" + message + "'}]}}"));
    }
}
