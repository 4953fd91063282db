package io.github.milvusupgrade;

import static io.github.milvusupgrade.ClusterAssert.assertThat;
import static io.github.milvusupgrade.RefusalAssert.assertRefused;
import static io.github.milvusupgrade.ReportAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.Mortality.ProcessDied;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.journal.RunConflictException;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.version.MilvusVersion;
import org.junit.jupiter.api.Test;

/** Which run may begin or go on beside which other one. */
class RunConflictTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final Upgrader upgrader = cluster.upgrader().build();
    private final UpgradePlan plan = upgrader.plan(TARGET);

    @Test
    void aSecondRunIsRefusedWhileOneIsUnfinished() {
        RunId first = failIn("2.2.16/roll/proxy");

        assertThat(upgrader.execute(plan))
                .wasBlockedBy(
                        Code.RUN_UNFINISHED,
                        "Cannot begin or resume another run of default/my-release: run " + first
                                + " of 2026-11-22T18:00:00Z is unfinished (FAILED). Go on with resume(\"" + first
                                + "\"), go back with planRollback(\"" + first + "\"), or give it up with abandon(\""
                                + first + "\").");
        assertThat(cluster).wasNotTouched();
        assertThat(upgrader.runs()).hasSize(1);
    }

    @Test
    void aSecondRunIsRefusedIfTheFirstOneBeganWhileItWaitedForTheLock() {
        Upgrader other = cluster.upgrader().build();
        cluster.crash("2.2.16/roll/proxy");
        cluster.lock().whileWaiting(() -> other.execute(plan));

        assertThat(upgrader.execute(plan)).wasBlockedBy(Code.RUN_UNFINISHED);
        assertThat(upgrader.runs()).hasSize(1);
    }

    @Test
    void aRunThatFailedBeforeAnyStepWasBegunStandsInNobodysWay() {
        cluster.journal().failAt("STARTED 2.2.16/roll/rootcoord");
        RunId first = upgrader.execute(plan).run();
        cluster.journal().failNoMore();

        assertThat(cluster).remembers(first, RunStatus.FAILED);
        assertThat(upgrader.execute(plan)).succeeded();
    }

    @Test
    void aRunThatDiedBeforeAnyStepWasBegunDoes() {
        cluster.mortality().dieAt(1);
        assertThatThrownBy(() -> upgrader.execute(plan)).isInstanceOf(ProcessDied.class);
        cluster.mortality().startAnotherProcess();

        assertThat(upgrader.execute(plan)).wasBlockedBy(Code.RUN_UNFINISHED);
    }

    @Test
    void row41_aLockThatAnotherProcessHoldsIsNamed() {
        cluster.lock().heldBy("host-7 since 17:55");

        assertThat(upgrader.execute(plan))
                .wasBlockedBy(
                        Code.LOCK_HELD,
                        "Cannot take the lock of default/my-release: it is held by host-7 since 17:55. Wait until that"
                                + " process is done, or stop it: its lock then expires by itself.")
                .offers("nothing was changed: remove what blocks, then plan again");
        assertThat(upgrader.runs()).isEmpty();
    }

    @Test
    void aRunIsNotResumedWhileAnotherOneTakesItBack() {
        RunId original = failIn("2.2.16/roll/proxy");
        RunId rollback = failToUndo("2.2.16/roll/datanode", original);

        assertThat(upgrader.resume(original))
                .wasBlockedBy(
                        Code.RUN_UNFINISHED,
                        "Cannot begin or resume another run of default/my-release: run " + rollback
                                + " of 2026-11-22T18:01:00Z is unfinished (FAILED). It takes back run " + original
                                + ": go on with resume(\"" + rollback + "\"), or give it up with abandon(\"" + rollback
                                + "\").");
        assertThat(cluster).wasNotTouched();
    }

    @Test
    void aRunIsTakenBackByOneRunAtATime() {
        RunId original = failIn("2.2.16/roll/proxy");
        RunId rollback = failToUndo("2.2.16/roll/datanode", original);

        assertThat(upgrader.execute(upgrader.planRollback(original))).wasBlockedBy(Code.RUN_UNFINISHED);
        assertThat(upgrader.resume(rollback)).succeeded().offers();
        assertThat(cluster)
                .runsEverywhere("v2.2.4")
                .remembers(original, RunStatus.ROLLED_BACK)
                .remembers(rollback, RunStatus.SUCCEEDED);
    }

    @Test
    void aRunThatWasTakenBackInPartIsNotResumed() {
        RunId original = failIn("2.2.16/roll/proxy");
        RunId rollback = failToUndo("2.2.16/roll/datanode", original);
        upgrader.abandon(rollback);

        assertThat(upgrader.resume(original))
                .wasBlockedBy(
                        Code.RUN_ENDED,
                        "Cannot resume run " + original + " of default/my-release: run " + rollback
                                + " (ABANDONED) has taken back part of it. Go back with planRollback(\"" + original
                                + "\"), or give it up with abandon(\"" + original + "\").");
        assertThat(upgrader.execute(upgrader.planRollback(original))).succeeded();
        assertThat(cluster).runsEverywhere("v2.2.4");
    }

    @Test
    void aRollbackThatChangedNothingLetsTheRunGoOn() {
        RunId original = failIn("2.2.16/roll/proxy");
        cluster.journal().failAt("STARTED undo/2.2.16/roll/proxy");
        upgrader.execute(upgrader.planRollback(original));
        cluster.journal().failNoMore();

        assertThat(upgrader.resume(original)).succeeded();
    }

    @Test
    void anAbandonedRunLeavesTheRestToAPerson() {
        RunId first = failIn("2.2.16/roll/proxy");

        upgrader.abandon(first);

        assertThat(cluster).wasNotTouched().remembers(first, RunStatus.ABANDONED);
        String ended = "Run " + first + " of default/my-release has ended (ABANDONED): ";
        assertRefused(
                () -> upgrader.resume(first),
                Code.RUN_ENDED,
                ended + "there is nothing to resume or to abandon. Make a new plan.");
        assertRefused(
                () -> upgrader.abandon(first),
                Code.RUN_ENDED,
                ended + "there is nothing to resume or to abandon. Make a new plan.");
        assertRefused(() -> upgrader.planRollback(first), Code.RUN_ENDED, ended + "there is nothing to take back.");

        cluster.deploy(Component.PROXY, "milvusdb/milvus:v2.2.16");
        assertThat(upgrader.execute(upgrader.plan(MilvusVersion.parse("2.3.22"))))
                .succeeded();
    }

    @Test
    void aRunThatGoesOnIsNotAbandoned() {
        RunId run = failIn("2.2.16/roll/proxy");
        cluster.lock().heldBy("host-7");

        assertThatThrownBy(() -> upgrader.abandon(run)).isInstanceOf(RunConflictException.class);
        assertThat(cluster).remembers(run, RunStatus.FAILED);
    }

    @Test
    void aRunThatEndedWhileWeWaitedForTheLockIsNotAbandoned() {
        RunId run = failIn("2.2.16/roll/proxy");
        Upgrader other = cluster.upgrader().build();
        cluster.lock().whileWaiting(() -> other.resume(run).throwIfFailed());

        assertRefused(
                () -> upgrader.abandon(run),
                Code.RUN_ENDED,
                "Run " + run + " of default/my-release has ended (SUCCEEDED): there is nothing to resume or to abandon."
                        + " Make a new plan.");
        assertThat(cluster).remembers(run, RunStatus.SUCCEEDED);
    }

    private RunId failIn(String step) {
        return cluster.runThatFailsIn(step, upgrader, plan);
    }

    private RunId failToUndo(String step, RunId original) {
        return cluster.runThatFailsIn("undo/" + step, upgrader, upgrader.planRollback(original));
    }
}
