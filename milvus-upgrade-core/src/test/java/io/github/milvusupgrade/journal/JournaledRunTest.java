package io.github.milvusupgrade.journal;

import static io.github.milvusupgrade.journal.JournalEntry.Event.ALREADY_APPLIED;
import static io.github.milvusupgrade.journal.JournalEntry.Event.APPLIED;
import static io.github.milvusupgrade.journal.JournalEntry.Event.STARTED;
import static io.github.milvusupgrade.journal.JournalEntry.Event.STEP_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.journal.JournalEntry.Event;
import io.github.milvusupgrade.step.StepId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournaledRunTest {

    private static final StepId ROLL = StepId.of("roll");
    private static final StepId OTHER = StepId.of("other");

    private final JournaledRun begun =
            new JournaledRun(JournalContract.header("r1", "2026-11-22T18:00:00Z"), List.of());

    @ParameterizedTest
    @CsvSource({
        "RUNNING,     true,  true",
        "FAILED,      true,  false",
        "CANCELLED,   true,  false",
        "SUCCEEDED,   false, false",
        "ROLLED_BACK, false, false",
        "ABANDONED,   false, false",
    })
    void aRunStandsInTheWayAsLongAsSomebodyMustCareForIt(
            RunStatus status, boolean ifItChangedSomething, boolean ifItChangedNothing) {
        JournaledRun changed = begun.with(entry(STARTED, ROLL, Map.of()));

        assertThat(ended(changed, status).unfinished()).isEqualTo(ifItChangedSomething);
        assertThat(ended(begun, status).unfinished()).isEqualTo(ifItChangedNothing);
    }

    @Test
    void aRunThatGoesOnAfterItsEndIsRunningAgain() {
        JournaledRun resumed = ended(begun, RunStatus.FAILED).with(entry(STARTED, ROLL, Map.of()));

        assertThat(resumed.status()).isEqualTo(RunStatus.RUNNING);
    }

    @ParameterizedTest
    @CsvSource({"STARTED, false", "APPLIED, true", "ALREADY_APPLIED, true", "STEP_FAILED, false"})
    void aStepIsDoneOnceItSaidSo(Event event, boolean done) {
        JournaledRun run = begun.with(entry(event, ROLL, Map.of()));

        assertThat(run.isDone(ROLL)).isEqualTo(done);
        assertThat(run.isDone(OTHER)).isFalse();
    }

    @Test
    void whatWasCapturedTheFirstTimeCounts() {
        JournaledRun run = begun.with(entry(STARTED, ROLL, Map.of("image", "old")))
                .with(entry(STEP_FAILED, ROLL, Map.of("summary", "no")))
                .with(entry(STARTED, ROLL, Map.of("image", "half")));

        assertThat(run.captured(ROLL)).contains(Map.of("image", "old"));
        assertThat(run.captured(OTHER)).isEmpty();
    }

    @Test
    void stepsThatWereStartedMayHaveChangedSomething() {
        JournaledRun run = begun.with(entry(STARTED, ROLL, Map.of()))
                .with(entry(APPLIED, ROLL, Map.of()))
                .with(entry(STARTED, OTHER, Map.of()))
                .with(entry(ALREADY_APPLIED, OTHER, Map.of()));

        assertThat(run.touched()).containsExactly(ROLL, OTHER);
        assertThat(begun.touched()).isEmpty();
    }

    private static JournaledRun ended(JournaledRun run, RunStatus status) {
        return status == RunStatus.RUNNING ? run : run.with(JournalEntry.ended("2026-11-22T18:01:00Z", status));
    }

    private static JournalEntry entry(Event event, StepId step, Map<String, String> detail) {
        return JournalEntry.of("2026-11-22T18:00:10Z", event, step, detail);
    }
}
