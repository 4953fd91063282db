package io.github.milvusupgrade;

import static io.github.milvusupgrade.ClusterAssert.assertThat;
import static io.github.milvusupgrade.RefusalAssert.assertRefused;
import static io.github.milvusupgrade.ReportAssert.assertThat;
import static io.github.milvusupgrade.run.StepReport.Status.APPLIED;
import static io.github.milvusupgrade.run.StepReport.Status.DONE_BEFORE;
import static io.github.milvusupgrade.run.StepReport.Status.NOT_STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResumeTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final Upgrader upgrader = cluster.upgrader().build();

    @Test
    void finishedStepsAreLeftAloneAndTheRestFollows() {
        RunId run = failIn("2.2.16/roll/querynode", TARGET);

        UpgradeReport report = cluster.upgrader().build().resume(run);

        assertThat(report).succeeded().hasStatuses(DONE_BEFORE, DONE_BEFORE, APPLIED, APPLIED);
        assertThat(report.run()).isEqualTo(run);
        assertThat(cluster)
                .applied("2.2.16/roll/querynode", "2.2.16/roll/proxy")
                .runsEverywhere("v2.2.16")
                .remembers(run, RunStatus.SUCCEEDED);
    }

    @Test
    void theStepThatWasBegunIsAppliedWithWhatWasCapturedTheFirstTime() {
        RunId run = failIn("2.2.16/roll/querynode", TARGET);
        List<String> seen = new ArrayList<>();
        cluster.deploy(Component.QUERYNODE, "milvusdb/milvus:half-done");
        cluster.during("2.2.16/roll/querynode", context -> seen.add(context.captured("image")));

        cluster.upgrader().build().resume(run).throwIfFailed();

        assertThat(seen).containsExactly("milvusdb/milvus:v2.2.4");
        assertThat(cluster).captured("2.2.16/roll/proxy");
    }

    @Test
    void theSecondHopDoesNotBringTheFirstOneBack() {
        RunId run = failIn("2.3.22/roll/datanode", MilvusVersion.parse("2.3.22"));

        cluster.upgrader().build().resume(run).throwIfFailed();

        assertThat(cluster)
                .applied("2.3.22/roll/datanode", "2.3.22/roll/querynode", "2.3.22/roll/proxy")
                .runsEverywhere("v2.3.22");
    }

    @Test
    void aRunThatFailsAgainIsResumedAgain() {
        RunId run = failIn("2.2.16/roll/rootcoord", TARGET);
        cluster.crash("2.2.16/roll/proxy");

        assertThat(cluster.upgrader().build().resume(run)).failedIn("2.2.16/roll/proxy", Code.CRASH_LOOP);
        cluster.calm();
        assertThat(cluster.upgrader().build().resume(run))
                .succeeded()
                .hasStatuses(DONE_BEFORE, DONE_BEFORE, DONE_BEFORE, APPLIED);
    }

    @Test
    void whatAnotherProcessDidWhileWeWaitedForTheLockIsSeen() {
        RunId run = failIn("2.2.16/roll/querynode", TARGET);
        Upgrader first = cluster.upgrader().build();
        Upgrader second = cluster.upgrader().build();
        cluster.crash("2.2.16/roll/proxy");
        cluster.lock().whileWaiting(() -> {
            assertThat(second.resume(run)).failedIn("2.2.16/roll/proxy", Code.CRASH_LOOP);
            cluster.calm();
        });

        assertThat(first.resume(run)).succeeded().hasStatuses(DONE_BEFORE, DONE_BEFORE, DONE_BEFORE, APPLIED);
        assertThat(cluster)
                .applied("2.2.16/roll/querynode", "2.2.16/roll/proxy", "2.2.16/roll/proxy")
                .captured("2.2.16/roll/proxy");
    }

    @Test
    void aRunThatAnotherProcessFinishedWhileWeWaitedIsNotResumed() {
        RunId run = failIn("2.2.16/roll/querynode", TARGET);
        Upgrader second = cluster.upgrader().build();
        cluster.lock().whileWaiting(() -> second.resume(run).throwIfFailed());

        assertThat(cluster.upgrader().build().resume(run))
                .wasBlockedBy(
                        Code.RUN_ENDED,
                        "Run " + run + " of default/my-release has ended (SUCCEEDED): there is nothing to resume or to"
                                + " abandon. Make a new plan.");
    }

    @Test
    void aResumeThatIsBlockedSaysThatTheRunCanStillGoOn() {
        RunId run = failIn("2.2.16/roll/querynode", TARGET);
        cluster.require(new FakeCheck("P11", Finding.fail("P11", "etcd has no quorum.", "Repair etcd.")));

        assertThat(cluster.upgrader().build().resume(run))
                .wasBlockedBy(
                        Code.PREFLIGHT_BLOCKED,
                        "The upgrade 2.2.4 -> 2.2.16 of default/my-release is blocked by 1 finding(s); nothing more was"
                                + " changed:\n  FAIL    P11  etcd has no quorum. Repair etcd.")
                .hasStatuses(DONE_BEFORE, DONE_BEFORE, NOT_STARTED, NOT_STARTED)
                .offers("nothing more was changed: remove what blocks, then upgrader.resume(\"" + run + "\")");
        assertThat(cluster).wasNotTouched();
    }

    @Test
    void aRunThatHadChangedNothingIsCheckedAgainstThePlanLikeANewOne() {
        cluster.journal().failAt("STARTED 2.2.16/roll/rootcoord");
        RunId run = upgrader.execute(upgrader.plan(TARGET)).run();
        cluster.journal().failNoMore();
        Upgrader other = cluster.upgrader().build();
        other.execute(other.plan(MilvusVersion.parse("2.2.15"))).throwIfFailed();

        assertThat(other.resume(run)).wasBlockedBy(Code.PREFLIGHT_BLOCKED);
        assertThat(cluster).runsEverywhere("v2.2.15");
    }

    @Test
    void otherCodeThanThatOfTheRunIsRefused() {
        RunId run = failIn("2.2.16/roll/querynode", TARGET);
        Upgrader other = cluster.upgrader()
                .customize(plan -> plan.withLast(cluster.step("acme/new")))
                .build();

        assertThatThrownBy(() -> other.resume(run))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.PLAN_CHANGED));
        assertThat(cluster).wasNotTouched();
    }

    @Test
    void aRunThatNobodyKnowsIsRefused() {
        RunId run = failIn("2.2.16/roll/querynode", TARGET);

        assertRefused(
                () -> upgrader.resume(RunId.of("r0")),
                Code.RUN_UNKNOWN,
                "The journal of default/my-release knows no run r0; it knows [" + run
                        + "]. Check the run id and the journal that is configured.");
    }

    @Test
    void aRunThatSucceededIsRefused() {
        RunId run = upgrader.execute(upgrader.plan(TARGET)).run();

        assertRefused(
                () -> upgrader.resume(run),
                Code.RUN_ENDED,
                "Run " + run + " of default/my-release has ended (SUCCEEDED): there is nothing to resume or to abandon."
                        + " Make a new plan.");
    }

    private RunId failIn(String step, MilvusVersion target) {
        return cluster.runThatFailsIn(step, upgrader, upgrader.plan(target));
    }
}
