package io.github.milvusupgrade.examples.custom;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How a step of one's own is tested: captured, applied, applied again, undone, with no cluster at all. */
class PauseIngestTest {

    private final IngestJobs jobs = new IngestJobs();
    private final PauseIngest step = new PauseIngest(jobs);

    @Test
    void holdsTheJobs() {
        assertThat(step.apply(context(Map.of()))).isEqualTo(StepResult.applied("no ingest job runs any more"));
        assertThat(jobs.holds()).containsExactly("milvus-upgrade");
    }

    @Test
    void mayBeAppliedAgain() {
        step.apply(context(Map.of()));
        assertThat(step.apply(context(Map.of())))
                .isEqualTo(StepResult.alreadyApplied("the ingest jobs were held already"));
        assertThat(jobs.holds()).containsExactly("milvus-upgrade");
    }

    @Test
    void isUndoneByAReleaseThatMayBeRepeated() throws InterruptedException {
        Map<String, String> captured = step.capture(context(Map.of()));
        step.apply(context(captured));
        assertThat(undo(captured)).isEqualTo(StepResult.applied("ingest jobs run again"));
        assertThat(undo(captured)).isEqualTo(StepResult.alreadyApplied("nobody held the ingest jobs"));
        assertThat(jobs.holds()).isEmpty();
    }

    @Test
    void leavesAHoldAloneThatWasThereBefore() throws InterruptedException {
        jobs.hold(PauseIngest.HOLD);
        Map<String, String> captured = step.capture(context(Map.of()));
        step.apply(context(captured));
        assertThat(undo(captured))
                .isEqualTo(StepResult.alreadyApplied("the ingest jobs were held before the upgrade, and stay so"));
        assertThat(jobs.holds()).containsExactly("milvus-upgrade");
    }

    private StepResult undo(Map<String, String> captured) throws InterruptedException {
        return ((Undo.By) step.undo()).action().undo(context(captured));
    }

    private static StepContext context(Map<String, String> captured) {
        return new Given(
                RunId.of("r1"),
                1,
                new ClusterSnapshot(new ClusterId("default", "my-release"), List.of(), new TreeMap<>()),
                captured,
                Duration.ofMinutes(1));
    }

    private record Given(
            RunId run, long fence, ClusterSnapshot snapshot, Map<String, String> captured, Duration remaining)
            implements StepContext {

        @Override
        public void progress(String text) {
            // Nobody listens in these tests.
        }

        @Override
        public void checkpoint() {
            // Nobody cancels in these tests.
        }
    }
}
