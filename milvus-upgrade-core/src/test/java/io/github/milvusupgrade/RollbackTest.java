package io.github.milvusupgrade;

import static io.github.milvusupgrade.ClusterAssert.assertThat;
import static io.github.milvusupgrade.RefusalAssert.assertRefused;
import static io.github.milvusupgrade.ReportAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.version.MilvusVersion;
import org.junit.jupiter.api.Test;

class RollbackTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final Upgrader upgrader = cluster.upgrader().build();

    @Test
    void whatWasBegunIsTakenBackInReverseOrderAndNothingElse() {
        RunId run = failIn(upgrader, "2.2.16/roll/querynode");

        UpgradePlan back = upgrader.planRollback(run);
        UpgradeReport report = upgrader.execute(back);

        assertThat(report).succeeded().offers();
        assertThat(report.title()).isEqualTo("rollback of run " + run + " (2.2.4 -> 2.2.16)");
        assertThat(cluster)
                .undid("2.2.16/roll/querynode", "2.2.16/roll/datanode", "2.2.16/roll/rootcoord")
                .changed("datanode runs milvusdb/milvus:v2.2.4", "rootcoord runs milvusdb/milvus:v2.2.4")
                .runsEverywhere("v2.2.4")
                .remembers(run, RunStatus.ROLLED_BACK)
                .remembers(report.run(), RunStatus.SUCCEEDED);
    }

    @Test
    void theWayBackIsAPlanThatPeopleCanReadFirst() {
        RunId run = failIn(upgrader, "2.2.16/roll/querynode");

        UpgradePlan back = upgrader.planRollback(run);

        assertThat(back.rollbackOf()).contains(run);
        assertThat(back.describe()).isEqualTo("""
                Milvus default/my-release  roll back run %s (2.2.4 -> 2.2.16)   1 hop, 3 steps, plan %s
                hop 1  2.2.4 -> 2.2.16  rolling, rule roll-2.2
                   1  roll querynode back
                   2  roll datanode back
                   3  roll rootcoord back
                """.formatted(run, back.digest().substring(0, 12)));
        assertThat(cluster.upgrader().build().restore(back.toJson()).describe()).isEqualTo(back.describe());
        assertThat(cluster).wasNotTouched();
    }

    @Test
    void preflightOfTheWayBackDoesNotAskWhetherTheUpgradeMightStillBegin() {
        RunId run = failIn(upgrader, "2.2.16/roll/querynode");

        assertThat(upgrader.preflight(upgrader.planRollback(run)).blockers()).isEmpty();
    }

    @Test
    void aRunOfTwoHopsIsTakenBackHopByHopInAnotherProcessEvenIfItSucceeded() {
        RunId run = upgrader.execute(upgrader.plan(MilvusVersion.parse("2.3.22")))
                .throwIfFailed()
                .run();
        Upgrader other = cluster.upgrader().build();

        other.execute(other.planRollback(run)).throwIfFailed();

        assertThat(cluster)
                .undid(
                        "2.3.22/roll/proxy",
                        "2.3.22/roll/querynode",
                        "2.3.22/roll/datanode",
                        "2.3.22/roll/rootcoord",
                        "2.2.16/roll/proxy",
                        "2.2.16/roll/querynode",
                        "2.2.16/roll/datanode",
                        "2.2.16/roll/rootcoord")
                .runsEverywhere("v2.2.4");
    }

    @Test
    void whatWasCapturedCountsAndNotWhatTheVersionSays() {
        cluster.deploy(Component.PROXY, "registry.acme.example/milvus:v2.2.4-hotfix");
        RunId run = upgrader.execute(upgrader.plan(TARGET)).throwIfFailed().run();

        upgrader.execute(upgrader.planRollback(run)).throwIfFailed();

        assertThat(cluster).runs(Component.PROXY, "v2.2.4-hotfix").runs(Component.ROOTCOORD, "v2.2.4");
    }

    @Test
    void stepsThatNeedNoUndoAreNotInTheWay() {
        Upgrader custom = cluster.upgrader()
                .customize(plan -> plan.withAfter(Component.ROOTCOORD, cluster.step("acme/look")))
                .build();
        RunId run = failIn(custom, "2.2.16/roll/datanode");

        assertThat(custom.planRollback(run).steps())
                .extracting(planned -> planned.step().id().value())
                .containsExactly("undo/2.2.16/roll/datanode", "undo/2.2.16/roll/rootcoord");
    }

    @Test
    void aStepWithoutAWayBackThatWasBegunMakesItImpossible() {
        Upgrader custom = cluster.upgrader()
                .customize(plan -> plan.withAfter(
                        Component.ROOTCOORD,
                        cluster.step("acme/drop").saying("drop the old index").withoutWayBack("indexes are gone")))
                .build();
        RunId run = failIn(custom, "acme/drop");

        assertRefused(
                () -> custom.planRollback(run),
                Code.ROLLBACK_IMPOSSIBLE,
                "Cannot roll back run " + run + " of default/my-release: step acme/drop (\"drop the old index\") was"
                        + " begun and has no way back: indexes are gone. Go on with resume(\"" + run + "\").");
    }

    @Test
    void aStepWithoutAWayBackThatWasNotBegunDoesNot() {
        Upgrader custom = cluster.upgrader()
                .customize(plan -> plan.withLast(cluster.step("acme/drop").withoutWayBack("indexes are gone")))
                .build();
        RunId run = failIn(custom, "2.2.16/roll/proxy");

        custom.execute(custom.planRollback(run)).throwIfFailed();

        assertThat(cluster).runsEverywhere("v2.2.4");
    }

    @Test
    void aRunThatChangedNothingHasNothingToTakeBack() {
        cluster.journal().failAt("STARTED 2.2.16/roll/rootcoord");
        RunId run = upgrader.execute(upgrader.plan(TARGET)).run();

        assertRefused(
                () -> upgrader.planRollback(run),
                Code.RUN_ENDED,
                "Run " + run + " of default/my-release has changed nothing: there is nothing to take back. Give it up"
                        + " with abandon(\"" + run + "\").");
    }

    @Test
    void aWayBackThatFailsIsFinishedByResumingIt() {
        RunId run = failIn(upgrader, "2.2.16/roll/proxy");
        cluster.crash("undo/2.2.16/roll/datanode");
        UpgradeReport failed = upgrader.execute(upgrader.planRollback(run));
        cluster.calm();

        assertThat(failed)
                .failedIn("undo/2.2.16/roll/datanode", Code.CRASH_LOOP)
                .offers("go on after a fix: upgrader.resume(\"" + failed.run() + "\")");
        assertThat(upgrader.resume(failed.run())).succeeded();
        assertThat(cluster).runsEverywhere("v2.2.4").remembers(run, RunStatus.ROLLED_BACK);
    }

    @Test
    void aRunIsTakenBackOnce() {
        RunId run = upgrader.execute(upgrader.plan(TARGET)).run();
        UpgradePlan back = upgrader.planRollback(run);
        upgrader.execute(back).throwIfFailed();
        String message =
                "Run " + run + " of default/my-release has ended (ROLLED_BACK): there is nothing to take back.";

        assertRefused(() -> upgrader.planRollback(run), Code.RUN_ENDED, message);
        assertRefused(() -> upgrader.restore(back.toJson()), Code.RUN_ENDED, message);
        assertThat(upgrader.execute(back)).wasBlockedBy(Code.RUN_ENDED, message);
    }

    @Test
    void aWayBackIsNotTakenBack() {
        RunId run = upgrader.execute(upgrader.plan(TARGET)).run();
        RunId back = upgrader.execute(upgrader.planRollback(run)).run();

        assertRefused(
                () -> upgrader.planRollback(back),
                Code.ROLLBACK_IMPOSSIBLE,
                "Cannot roll back run " + back + " of default/my-release: it is itself the way back from run " + run
                        + ". Plan the upgrade again.");
    }

    @Test
    void aRunUnderALaterOneIsTakenBackAfterIt() {
        RunId first = upgrader.execute(upgrader.plan(TARGET)).run();
        cluster.clock().advance(FakeCluster.ROLL);
        RunId second =
                upgrader.execute(upgrader.plan(MilvusVersion.parse("2.3.22"))).run();

        assertRefused(
                () -> upgrader.planRollback(first),
                Code.ROLLBACK_IMPOSSIBLE,
                "Cannot roll back run " + first + " of default/my-release: run " + second + " (SUCCEEDED) came after it"
                        + " and stands on what it did. Take that one back first, with planRollback(\"" + second
                        + "\").");

        upgrader.execute(upgrader.planRollback(second)).throwIfFailed();
        upgrader.execute(upgrader.planRollback(first)).throwIfFailed();
        assertThat(cluster).runsEverywhere("v2.2.4");
    }

    @Test
    void aWayBackThatWasPlannedBeforeTheRunWentOnIsRefused() {
        RunId run = failIn(upgrader, "2.2.16/roll/datanode");
        UpgradePlan early = upgrader.planRollback(run);
        upgrader.resume(run).throwIfFailed();

        assertThat(upgrader.execute(early))
                .wasBlockedBy(
                        Code.PLAN_CHANGED,
                        "The plan for default/my-release was " + early.digest().substring(0, 12)
                                + ", but this upgrader now makes "
                                + upgrader.planRollback(run).digest().substring(0, 12) + ": run " + run
                                + " went on since, or its rollback was edited. Plan the rollback again.");
        assertThat(cluster).runsEverywhere("v2.2.16");
    }

    @Test
    void aRunThatGoesOnWhileWeWaitForTheLockIsNotHalfTakenBack() {
        RunId run = failIn(upgrader, "2.2.16/roll/datanode");
        UpgradePlan early = upgrader.planRollback(run);
        Upgrader other = cluster.upgrader().build();
        cluster.lock().whileWaiting(() -> other.resume(run).throwIfFailed());

        assertThat(upgrader.execute(early)).wasBlockedBy(Code.PLAN_CHANGED);
        assertThat(cluster).runsEverywhere("v2.2.16").remembers(run, RunStatus.SUCCEEDED);
    }

    private RunId failIn(Upgrader any, String step) {
        return cluster.runThatFailsIn(step, any, any.plan(TARGET));
    }
}
