package io.github.milvusupgrade.k8s.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.rollout.RolloutGoal.Until;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutProgressTest {

    private static final RolloutGoal GOAL = goal(Until.OLD_PODS_GONE);

    @Test
    void row11AStatusFromBeforeTheChangeSaysNothing() {
        RolloutProgress progress = progress(4, 2, 2, 2, 2, 2, 0);

        assertThat(progress.complete()).isFalse();
        assertThat(progress.describe()).isEqualTo("waiting for the Deployment controller to see the change");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // wanted, present, updated, ready, available, terminating
                "2, 2, 2, 2, 2, 0 | true  | 2 of 2 pods are new and available",
                "0, 0, 0, 0, 0, 0 | true  | 0 of 0 pods are new and available",
                "2, 3, 2, 3, 3, 0 | false | 2 of 2 pods are new, 3 ready, 3 available, 1 old",
                "2, 2, 2, 2, 1, 0 | false | 2 of 2 pods are new, 2 ready, 1 available",
                "2, 2, 2, 2, 2, 1 | false | 2 of 2 pods are new, 2 ready, 2 available, 1 terminating",
                "3, 2, 2, 2, 2, 0 | false | 2 of 3 pods are new, 2 ready, 2 available",
                "1, 2, 2, 2, 2, 0 | false | 2 of 1 pods are new, 2 ready, 2 available",
            })
    void completeMeansEveryWantedPodNewAndAvailableAndNothingElseLeft(String numbers, boolean complete, String words) {
        int[] n = IntStream.of(0, 1, 2, 3, 4, 5)
                .map(i -> Integer.parseInt(numbers.split(", ")[i]))
                .toArray();

        RolloutProgress progress = progress(5, n[0], n[1], n[2], n[3], n[4], n[5]);

        assertThat(progress.complete()).isEqualTo(complete);
        assertThat(progress.describe()).isEqualTo(words);
    }

    @Test
    void whereTheNextComponentNeedNotWaitForThemOldPodsMayStillBeOnTheirWayOut() {
        RolloutProgress progress = progress(goal(Until.AVAILABLE), 5, 2, 2, 2, 2, 2, 1);

        assertThat(progress.complete()).isTrue();
        assertThat(progress.describe()).isEqualTo("2 of 2 pods are new and available, 1 still terminating");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // wanted, present, updated, ready, available, terminating, new ones that are ready
                "2, 4, 2, 4, 2, 0, 2 | false | 2 of 2 pods are new, 4 ready, 2 available, 2 old",
                "2, 3, 2, 3, 1, 1, 2 | false | 2 of 2 pods are new, 3 ready, 1 available, 1 old, 1 terminating",
                "2, 3, 2, 1, 1, 0, 0 | false | 2 of 2 pods are new, 1 ready, 1 available, 1 old",
                "2, 3, 2, 3, 1, 0, 2 | true  | 2 new pods are ready beside 1 old",
            })
    void joinedMeansEnoughNewPodsReadyAndNoMoreOldOnesThanMayBeLeft(String numbers, boolean complete, String words) {
        int[] n = IntStream.range(0, 7)
                .map(i -> Integer.parseInt(numbers.split(", ")[i]))
                .toArray();
        PodView joined = new PodView(JsonApi.json("{spec: {containers: [{name: 'proxy', image: '" + GOAL.image()
                + "'}]}, status: {conditions: [{type: 'Ready', status: 'True'}]}}"));

        RolloutProgress progress = RolloutProgress.of(
                goal(Until.JOINED),
                deployment(5, n[0], n[1], n[2], n[3], n[4]),
                pods(n[5], IntStream.range(0, n[6]).mapToObj(i -> joined)));

        assertThat(progress.complete()).isEqualTo(complete);
        assertThat(progress.describe()).isEqualTo(words);
    }

    private static RolloutGoal goal(Until until) {
        return new RolloutGoal(
                "default",
                "proxy",
                "uid",
                5,
                "proxy",
                "milvusdb/milvus:v2.2.16",
                Optional.empty(),
                until,
                1,
                1,
                Duration.ZERO,
                false);
    }

    private static RolloutProgress progress(
            int observed, int wanted, int present, int updated, int ready, int available, int terminating) {
        return progress(GOAL, observed, wanted, present, updated, ready, available, terminating);
    }

    private static RolloutProgress progress(
            RolloutGoal goal,
            int observed,
            int wanted,
            int present,
            int updated,
            int ready,
            int available,
            int terminating) {
        return RolloutProgress.of(
                goal, deployment(observed, wanted, present, updated, ready, available), pods(terminating, Stream.of()));
    }

    private static DeploymentView deployment(
            int observed, int wanted, int present, int updated, int ready, int available) {
        return new DeploymentView(JsonApi.json("{spec: {replicas: " + wanted + "}, status: {observedGeneration: "
                + observed + ", replicas: " + present + ", updatedReplicas: " + updated + ", readyReplicas: " + ready
                + ", availableReplicas: " + available + "}}"));
    }

    private static List<PodView> pods(int terminating, Stream<PodView> others) {
        PodView leaving = new PodView(JsonApi.json("{metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}}"));
        return Stream.concat(IntStream.range(0, terminating).mapToObj(i -> leaving), others)
                .toList();
    }
}
