package io.github.milvusupgrade.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.plan.Waiver;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every journal promises. */
abstract class JournalContract {

    private static final ClusterId MINE = new ClusterId("default", "my-release");
    private static final StepId ROLL = StepId.of("2.2.16/roll/proxy");

    abstract UpgradeJournal journal();

    @Test
    void aNewJournalKnowsNothing() {
        assertThat(journal().runs(MINE)).isEmpty();
        assertThat(journal().unfinished(MINE)).isEmpty();
        assertThat(journal().read(RunId.of("r1"))).isEmpty();
    }

    @Test
    void whatWasWrittenIsReadAgain() {
        JournalHeader header = new JournalHeader(
                RunId.of("r1"),
                MINE,
                "2026-11-22T18:00:00Z",
                "{\n  \"schema\" : 1\n}",
                RunId.of("r0"),
                List.of(new Waiver("P11", "the quorum is back tonight, “promised”")));
        JournalEntry started = started("10", ROLL);
        JournalEntry ended = JournalEntry.ended("2026-11-22T18:00:20Z", RunStatus.SUCCEEDED);

        journal().begin(header);
        journal().append(RunId.of("r1"), started);
        journal().append(RunId.of("r1"), ended);

        JournaledRun run = new JournaledRun(header, List.of(started, ended));
        assertThat(journal().read(RunId.of("r1"))).contains(run);
        assertThat(journal().runs(MINE)).containsExactly(run);
    }

    @Test
    void runsAreListedOldestFirstAndOnlyThoseOfTheInstance() {
        journal().begin(header("r9", "2026-11-22T18:00:00Z"));
        journal().append(RunId.of("r9"), JournalEntry.ended("2026-11-22T18:00:00Z", RunStatus.SUCCEEDED));
        journal().begin(header("r5", "2026-11-22T18:00:00.500Z"));
        journal().append(RunId.of("r5"), JournalEntry.ended("2026-11-22T18:00:00Z", RunStatus.SUCCEEDED));
        journal().begin(header("r1", "2026-11-22T18:00:01Z"));
        journal()
                .begin(new JournalHeader(
                        RunId.of("r2"),
                        new ClusterId("default", "other"),
                        "2026-11-22T18:00:02Z",
                        "{}",
                        null,
                        List.of()));

        assertThat(journal().runs(MINE))
                .extracting(run -> run.header().run().value())
                .containsExactly("r9", "r5", "r1");
    }

    @Test
    void aSecondRunIsRefusedWhileTheFirstIsUnfinished() {
        journal().begin(header("r1", "2026-11-22T18:00:00Z"));

        assertThat(journal().unfinished(MINE))
                .map(run -> run.header().run().value())
                .contains("r1");
        assertThatThrownBy(() -> journal().begin(header("r2", "2026-11-22T18:00:01Z")))
                .isInstanceOfSatisfying(
                        RunConflictException.class, e -> assertThat(e.code()).isEqualTo(Code.RUN_UNFINISHED))
                .hasMessage(
                        "Cannot begin or resume another run of default/my-release: run r1 of 2026-11-22T18:00:00Z is"
                                + " unfinished (RUNNING). Go on with resume(\"r1\"), go back with planRollback(\"r1\"), or give"
                                + " it up with abandon(\"r1\").");
        assertThat(journal().read(RunId.of("r2"))).isEmpty();
    }

    @Test
    void theWayBackFromAnUnfinishedRunMayBegin() {
        journal().begin(header("r1", "2026-11-22T18:00:00Z"));

        journal()
                .begin(new JournalHeader(
                        RunId.of("r2"), MINE, "2026-11-22T18:00:01Z", "{}", RunId.of("r1"), List.of()));

        assertThat(journal().unfinished(MINE))
                .map(run -> run.header().run().value())
                .contains("r2");
    }

    @Test
    void aRunOfAnotherInstanceIsNobodysBusiness() {
        journal().begin(header("r1", "2026-11-22T18:00:00Z"));

        journal()
                .begin(new JournalHeader(
                        RunId.of("r2"),
                        new ClusterId("other", "my-release"),
                        "2026-11-22T18:00:00Z",
                        "{}",
                        null,
                        List.of()));

        assertThat(journal().runs(MINE)).hasSize(1);
    }

    @Test
    void nothingIsAddedToARunThatWasNeverBegun() {
        assertThatThrownBy(() -> journal().append(RunId.of("r1"), started("10", ROLL)))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.RUN_UNKNOWN));
    }

    @Test
    void ofManyThatBeginAtOnceOneDoes() throws Exception {
        int many = 8;
        UpgradeJournal journal = journal();
        CountDownLatch ready = new CountDownLatch(many);
        ExecutorService threads = Executors.newFixedThreadPool(many);
        try {
            List<Callable<Boolean>> attempts = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                JournalHeader header = header("r" + i, "2026-11-22T18:00:00Z");
                attempts.add(() -> {
                    ready.countDown();
                    assertThat(ready.await(10, TimeUnit.SECONDS)).isTrue();
                    return begins(journal, header);
                });
            }

            int began = 0;
            for (Future<Boolean> attempt : threads.invokeAll(attempts, 20, TimeUnit.SECONDS)) {
                began += attempt.get() ? 1 : 0;
            }

            assertThat(began).isEqualTo(1);
            assertThat(journal.runs(MINE)).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean begins(UpgradeJournal journal, JournalHeader header) {
        try {
            journal.begin(header);
            return true;
        } catch (RunConflictException expected) {
            return false;
        }
    }

    static JournalHeader header(String run, String begunAt) {
        return new JournalHeader(RunId.of(run), MINE, begunAt, "{}", null, List.of());
    }

    static JournalEntry started(String second, StepId step) {
        return JournalEntry.of(
                "2026-11-22T18:00:" + second + "Z",
                JournalEntry.Event.STARTED,
                step,
                Map.of("image", "milvusdb/milvus:v2.2.4", "note", "zwei\nZeilen, 二"));
    }
}
