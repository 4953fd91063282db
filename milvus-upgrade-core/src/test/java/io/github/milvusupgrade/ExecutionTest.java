package io.github.milvusupgrade;

import static io.github.milvusupgrade.ClusterAssert.assertThat;
import static io.github.milvusupgrade.ReportAssert.assertThat;
import static io.github.milvusupgrade.run.StepReport.Status.ALREADY_APPLIED;
import static io.github.milvusupgrade.run.StepReport.Status.APPLIED;
import static io.github.milvusupgrade.run.StepReport.Status.FAILED;
import static io.github.milvusupgrade.run.StepReport.Status.NOT_STARTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExecutionTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final Upgrader upgrader = cluster.upgrader().build();

    @Test
    void everyComponentRunsTheTargetInTheOrderOfThePlan() {
        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(report).succeeded().hasStatuses(APPLIED, APPLIED, APPLIED, APPLIED);
        assertThat(cluster)
                .changed(
                        "rootcoord runs milvusdb/milvus:v2.2.16",
                        "datanode runs milvusdb/milvus:v2.2.16",
                        "querynode runs milvusdb/milvus:v2.2.16",
                        "proxy runs milvusdb/milvus:v2.2.16")
                .remembers(report.run(), RunStatus.SUCCEEDED);
    }

    @Test
    void aWarningOfAStepIsToldAtOnceAndStaysInTheReport() {
        List<String> told = new ArrayList<>();
        Upgrader warned = cluster.upgrader()
                .customize(plan -> plan.withLast(cluster.step("acme/mine").doing(context -> {
                    context.warn("nobody looked");
                    return StepResult.applied("done");
                })))
                .listener(event -> told.add(event.describe()))
                .build();

        UpgradeReport report = warned.execute(warned.plan(TARGET));

        assertThat(report).succeeded();
        assertThat(report.warnings()).containsExactly("nobody looked");
        assertThat(told).anyMatch(line -> line.contains("nobody looked"));
    }

    @Test
    void intentIsWrittenBeforeTheActAndTheOutcomeAfterItAllUnderTheLock() {
        cluster.remove(Component.DATANODE);
        cluster.remove(Component.QUERYNODE);
        cluster.remove(Component.PROXY);

        upgrader.execute(upgrader.plan(TARGET)).throwIfFailed();

        assertThat(cluster.history().lines())
                .containsExactly(
                        "lock taken",
                        "journal BEGIN",
                        "capture 2.2.16/roll/rootcoord",
                        "journal STARTED 2.2.16/roll/rootcoord",
                        "apply 2.2.16/roll/rootcoord",
                        "effect rootcoord runs milvusdb/milvus:v2.2.16",
                        "journal APPLIED 2.2.16/roll/rootcoord",
                        "journal ENDED SUCCEEDED",
                        "lock given back");
    }

    @Test
    void whatWasCapturedIsInTheJournalAndInTheHandsOfTheStep() {
        List<Map<String, String>> seen = new ArrayList<>();
        cluster.during("2.2.16/roll/proxy", context -> seen.add(context.captured()));

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        Map<String, String> before = Map.of("image", "milvusdb/milvus:v2.2.4");
        assertThat(seen).containsExactly(before);
        assertThat(cluster.journal()
                        .read(report.run())
                        .orElseThrow()
                        .captured(report.steps().get(3).step()))
                .contains(before);
    }

    @Test
    void aStepThatFindsItsWorkDoneSaysSo() {
        cluster.during("2.2.16/roll/proxy", context -> cluster.deploy(Component.PROXY, "milvusdb/milvus:v2.2.16"));

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(report).succeeded().hasStatuses(APPLIED, APPLIED, APPLIED, ALREADY_APPLIED);
        assertThat(report.steps().get(3).summary()).isEqualTo("proxy runs milvusdb/milvus:v2.2.16 already");
        assertThat(cluster.history().of("journal")).contains("ALREADY_APPLIED 2.2.16/roll/proxy");
    }

    @Test
    void row34_aStepWhoseIntentCannotBeWrittenIsNotApplied() {
        cluster.journal().failAt("STARTED 2.2.16/roll/datanode");

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(report)
                .failedIn("2.2.16/roll/datanode", Code.JOURNAL_WRITE_FAILED)
                .says("Step \"roll datanode to 2.2.16\" failed: Cannot write the journal: the disk is full.");
        assertThat(cluster).applied("2.2.16/roll/rootcoord");
    }

    @Test
    void aRunThatCannotBeWrittenDownDoesNotBegin() {
        cluster.journal().failAt("BEGIN");

        assertThat(upgrader.execute(upgrader.plan(TARGET)))
                .wasBlockedBy(Code.JOURNAL_WRITE_FAILED, "Cannot write the journal: the disk is full.");
        assertThat(cluster.history().lines()).containsExactly("lock taken", "lock given back");
    }

    @Test
    void aStepWhoseOutcomeCannotBeWrittenIsAppliedAgainWithoutHarm() {
        cluster.journal().failAt("APPLIED 2.2.16/roll/rootcoord");
        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));
        assertThat(report).failedIn("2.2.16/roll/rootcoord", Code.JOURNAL_WRITE_FAILED);
        cluster.journal().failNoMore();

        assertThat(cluster.upgrader().build().resume(report.run()))
                .succeeded()
                .hasStatuses(ALREADY_APPLIED, APPLIED, APPLIED, APPLIED);
    }

    @Test
    void aRunWhoseEndCannotBeWrittenIsClosedByResuming() {
        cluster.journal().failAt("ENDED SUCCEEDED");

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(report)
                .succeeded()
                .warns(
                        "The end of the run could not be recorded: Cannot write the journal: the disk is full.",
                        "Everything was done; resume the run once the journal can be written, to close it.");
        assertThat(cluster).remembers(report.run(), RunStatus.RUNNING);

        cluster.journal().failNoMore();
        assertThat(upgrader.resume(report.run())).succeeded();
        assertThat(cluster).remembers(report.run(), RunStatus.SUCCEEDED);
    }

    @Test
    void aStepThatFailsStopsTheRunAndTellsHowToGoOn() {
        cluster.crash("2.2.16/roll/querynode");

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(report)
                .failedIn("2.2.16/roll/querynode", Code.CRASH_LOOP)
                .says("Step \"roll querynode to 2.2.16\" failed: Container milvus restarts again and again.")
                .hasStatuses(APPLIED, APPLIED, FAILED, NOT_STARTED)
                .offers(
                        "go on after a fix: upgrader.resume(\"" + report.run() + "\")",
                        "go back: upgrader.planRollback(\"" + report.run() + "\")");
        assertThat(cluster)
                .applied("2.2.16/roll/rootcoord", "2.2.16/roll/datanode", "2.2.16/roll/querynode")
                .remembers(report.run(), RunStatus.FAILED);
        assertThat(cluster.history().lines())
                .endsWith("journal STEP_FAILED 2.2.16/roll/querynode", "journal ENDED FAILED", "lock given back");
    }

    @Test
    void aFailureThatCannotBeWrittenIsStillReported() {
        cluster.crash("2.2.16/roll/rootcoord");
        cluster.journal().failAt("STEP_FAILED 2.2.16/roll/rootcoord");

        assertThat(upgrader.execute(upgrader.plan(TARGET)))
                .failedIn("2.2.16/roll/rootcoord", Code.CRASH_LOOP)
                .warns("The failure of step 2.2.16/roll/rootcoord could not be recorded: Cannot write the journal: the"
                        + " disk is full.");
    }

    @Test
    void row37_aCustomStepThatThrowsIsAStepThatFailed() {
        Upgrader custom = cluster.upgrader()
                .customize(plan -> plan.withLast(cluster.step("acme/mine").doing(context -> {
                    throw new IllegalArgumentException("no such queue");
                })))
                .build();

        assertThat(custom.execute(custom.plan(TARGET)))
                .failedIn("acme/mine", Code.STEP_FAILED)
                .says("Step \"do acme/mine\" failed: java.lang.IllegalArgumentException: no such queue");
    }

    @Test
    void aStepThatKeepsToItsTimeSeesItRunOutAndNeverBelowZero() {
        List<Duration> seen = new ArrayList<>();
        Upgrader custom = cluster.upgrader()
                .customize(plan -> plan.withFirst(cluster.step("acme/mine")
                        .within(Duration.ofSeconds(30))
                        .doing(context -> {
                            while (!context.remaining().isZero()) {
                                seen.add(context.remaining());
                                cluster.clock().advance(Duration.ofSeconds(20));
                            }
                            seen.add(context.remaining());
                            throw new UpgradeException(Code.STEP_TIMED_OUT, "The queue is not empty after 30 s.");
                        })))
                .build();

        assertThat(custom.execute(custom.plan(TARGET))).failedIn("acme/mine", Code.STEP_TIMED_OUT);
        assertThat(seen).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ZERO);
    }

    @Test
    void aStepKnowsItsRunTheFenceAndTheInstanceAsItWasPlanned() {
        List<Object> seen = new ArrayList<>();
        UpgradePlan plan = upgrader.plan(TARGET);
        cluster.during("2.2.16/roll/proxy", context -> {
            seen.add(context.run());
            seen.add(context.fence());
            seen.add(context.snapshot());
        });

        UpgradeReport report = upgrader.execute(plan);

        assertThat(seen).containsExactly(report.run(), 1L, plan.snapshot());
    }

    @Test
    void aPlanThatCouldNotBeMadeAgainIsNotBegun() {
        UpgradePlan edited = upgrader.plan(TARGET).withLast(cluster.step("acme/mine"));

        assertThat(upgrader.execute(edited))
                .wasBlockedBy(
                        Code.PLAN_CHANGED,
                        "The plan for default/my-release was " + edited.digest().substring(0, 12)
                                + ", but this upgrader now makes "
                                + upgrader.plan(TARGET).digest().substring(0, 12)
                                + " from the same facts: its rules, customizers, options or release differ. Use the"
                                + " configuration that made the plan, with every change to it in"
                                + " Upgrader.Builder.customize, or make and approve a new one.");
        assertThat(cluster).wasNotTouched();
    }

    @Test
    void aRunIsNamedByItsTime() {
        assertThat(upgrader.execute(upgrader.plan(TARGET)).run().value()).matches("r20261122-180000-[0-9a-f]{6}");
    }

    @Test
    void aLockThatCannotBeGivenBackIsAWarning() {
        cluster.lock().breakAtTheEnd();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(report).succeeded().warns("The lock could not be given back: The API server is gone.");
        assertThat(cluster).remembers(report.run(), RunStatus.SUCCEEDED);
    }
}
