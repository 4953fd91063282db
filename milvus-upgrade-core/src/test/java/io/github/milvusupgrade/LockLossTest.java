package io.github.milvusupgrade;

import static io.github.milvusupgrade.ClusterAssert.assertThat;
import static io.github.milvusupgrade.ReportAssert.assertThat;
import static io.github.milvusupgrade.run.StepReport.Status.ALREADY_APPLIED;
import static io.github.milvusupgrade.run.StepReport.Status.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.version.MilvusVersion;
import org.junit.jupiter.api.Test;

/** Row 32: who has lost the lock writes nothing more, neither to the instance nor to the journal. */
class LockLossTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final Upgrader upgrader = cluster.upgrader().build();

    @Test
    void row32_withinAStepItStopsAtTheNextCheckpoint() {
        cluster.during("2.2.16/roll/datanode", context -> {
            cluster.lock().lose();
            context.checkpoint();
        });

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(report)
                .failedIn("2.2.16/roll/datanode", Code.LOCK_LOST)
                .says("Step \"roll datanode to 2.2.16\" failed: The lock of default/my-release was lost.")
                .warns(
                        "The failure of step 2.2.16/roll/datanode could not be recorded: The lock of default/my-release"
                                + " was lost.",
                        "The end of the run could not be recorded: The lock of default/my-release was lost.");
        assertThat(cluster)
                .changed("rootcoord runs milvusdb/milvus:v2.2.16")
                .journaled(
                        "BEGIN",
                        "STARTED 2.2.16/roll/rootcoord",
                        "APPLIED 2.2.16/roll/rootcoord",
                        "STARTED 2.2.16/roll/datanode")
                .remembers(report.run(), RunStatus.RUNNING);
    }

    @Test
    void row32_aStepThatDoesNotLookIsTheLastOneAndCountsAsNotDone() {
        cluster.during("2.2.16/roll/rootcoord", context -> cluster.lock().lose());

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(report).failedIn("2.2.16/roll/rootcoord", Code.LOCK_LOST);
        assertThat(cluster).captured("2.2.16/roll/rootcoord").journaled("BEGIN", "STARTED 2.2.16/roll/rootcoord");
        cluster.calm();
        assertThat(cluster.upgrader().build().resume(report.run()))
                .succeeded()
                .hasStatuses(ALREADY_APPLIED, APPLIED, APPLIED, APPLIED);
    }

    @Test
    void row32_aLateProcessDoesNotCloseTheRunThatAnotherOneFinishedMeanwhile() {
        Upgrader other = cluster.upgrader().build();
        cluster.during("2.2.16/roll/datanode", context -> {
            cluster.calm();
            RunId run = context.run();
            assertThat(other.resume(run)).succeeded();
            cluster.lock().lose();
            context.checkpoint();
        });

        UpgradeReport late = upgrader.execute(upgrader.plan(TARGET));

        assertThat(late).failedIn("2.2.16/roll/datanode", Code.LOCK_LOST);
        assertThat(cluster).runsEverywhere("v2.2.16").remembers(late.run(), RunStatus.SUCCEEDED);
    }
}
