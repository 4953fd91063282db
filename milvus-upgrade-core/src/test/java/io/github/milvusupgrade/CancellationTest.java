package io.github.milvusupgrade;

import static io.github.milvusupgrade.ClusterAssert.assertThat;
import static io.github.milvusupgrade.ReportAssert.assertThat;
import static io.github.milvusupgrade.run.StepReport.Status.APPLIED;
import static io.github.milvusupgrade.run.StepReport.Status.CANCELLED;
import static io.github.milvusupgrade.run.StepReport.Status.NOT_STARTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.run.Cancellation;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.version.MilvusVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CancellationTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final Upgrader upgrader = cluster.upgrader().build();
    private final Cancellation cancellation = Cancellation.create();

    @AfterEach
    void noInterruptLeaksIntoTheNextTest() {
        Thread.interrupted();
    }

    @Test
    void betweenTwoStepsTheOneThatGoesOnIsFinished() {
        cluster.during("2.2.16/roll/datanode", context -> cancellation.cancel());

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET), cancellation);

        assertThat(report)
                .wasCancelledBetweenSteps()
                .hasStatuses(APPLIED, APPLIED, NOT_STARTED, NOT_STARTED)
                .offers(
                        "go on after a fix: upgrader.resume(\"" + report.run() + "\")",
                        "go back: upgrader.planRollback(\"" + report.run() + "\")");
        assertThat(cluster).remembers(report.run(), RunStatus.CANCELLED);
        assertThat(upgrader.resume(report.run())).succeeded();
    }

    @Test
    void withinAStepItStopsAtTheNextCheckpoint() {
        cluster.during("2.2.16/roll/datanode", context -> {
            cancellation.cancel();
            context.checkpoint();
        });

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET), cancellation);

        assertThat(report)
                .wasCancelledIn("2.2.16/roll/datanode")
                .says("Cancelled in step \"roll datanode to 2.2.16\".")
                .hasStatuses(APPLIED, CANCELLED, NOT_STARTED, NOT_STARTED);
        assertThat(cluster)
                .changed("rootcoord runs milvusdb/milvus:v2.2.16")
                .remembers(report.run(), RunStatus.CANCELLED);
    }

    @Test
    void beforeTheFirstStepNothingIsTouched() {
        cancellation.cancel();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET), cancellation);

        assertThat(report).wasCancelledBetweenSteps();
        assertThat(cluster).wasNotTouched().journaled("BEGIN", "ENDED CANCELLED");
        assertThat(upgrader.execute(upgrader.plan(TARGET))).succeeded();
    }

    @Test
    void aResumeCanBeCancelledToo() {
        cluster.crash("2.2.16/roll/datanode");
        UpgradeReport failed = upgrader.execute(upgrader.plan(TARGET));
        cluster.calm();
        cancellation.cancel();

        assertThat(upgrader.resume(failed.run(), cancellation)).wasCancelledBetweenSteps();
    }

    @Test
    void row33_anInterruptInAStepCancelsTheRunKeepsTheFlagAndIsWrittenDown() {
        cluster.during("2.2.16/roll/datanode", context -> {
            throw new InterruptedException();
        });

        assertInterruptedIn("2.2.16/roll/datanode");
    }

    @Test
    void row33_anInterruptThatOnlyACheckpointSeesDoesTheSame() {
        cluster.during("2.2.16/roll/datanode", context -> {
            Thread.currentThread().interrupt();
            context.checkpoint();
        });

        assertInterruptedIn("2.2.16/roll/datanode");
    }

    @Test
    void row33_anInterruptThatAStepIgnoresStopsTheRunAfterIt() {
        cluster.during("2.2.16/roll/datanode", CancellationTest::interrupt);

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report).wasCancelledBetweenSteps().hasStatuses(APPLIED, APPLIED, NOT_STARTED, NOT_STARTED);
        assertNothingWasWrittenOnAnInterruptedThread();
    }

    @Test
    void row33_anInterruptBeforeTheRunKeepsItFromBeginning() {
        Thread.currentThread().interrupt();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report)
                .wasBlockedBy(Code.CANCELLED, "Interrupted before the run of default/my-release could begin.");
        assertThat(cluster.history().lines()).isEmpty();
    }

    private void assertInterruptedIn(String step) {
        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report).wasCancelledIn(step);
        assertThat(cluster).remembers(report.run(), RunStatus.CANCELLED);
        assertNothingWasWrittenOnAnInterruptedThread();
    }

    private void assertNothingWasWrittenOnAnInterruptedThread() {
        assertThat(cluster.history().lines())
                .contains("journal ENDED CANCELLED", "lock given back")
                .noneMatch(line -> line.endsWith(" on an interrupted thread"));
    }

    private static void interrupt(StepContext context) {
        Thread.currentThread().interrupt();
    }
}
