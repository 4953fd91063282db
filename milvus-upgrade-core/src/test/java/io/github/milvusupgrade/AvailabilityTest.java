package io.github.milvusupgrade;

import static io.github.milvusupgrade.ClusterAssert.assertThat;
import static io.github.milvusupgrade.ReportAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.atIndex;
import static org.assertj.core.api.Assertions.tuple;

import io.github.milvusupgrade.availability.AvailabilityBudget;
import io.github.milvusupgrade.availability.AvailabilityReport;
import io.github.milvusupgrade.availability.AvailabilityWatch;
import io.github.milvusupgrade.availability.ProbeReport;
import io.github.milvusupgrade.availability.ProbeSchedule;
import io.github.milvusupgrade.availability.StepAvailability;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.run.Cancellation;
import io.github.milvusupgrade.run.StepReport.Status;
import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Runs that are measured: ten searches per second, each of which takes 4 ms; 10 s before the first step, 20 s for each
 * of the four rolls, 10 s after the last.
 */
class AvailabilityTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");
    private static final String DATANODE = "2.2.16/roll/datanode";
    private static final AvailabilityBudget NO_GAP_OVER_5_S = AvailabilityBudget.noGapOver(Duration.ofSeconds(5));

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final FakeTimer timer = new FakeTimer(cluster.clock());
    private final FakeService service = new FakeService(cluster.clock());
    private final List<UpgradeEvent> events = new ArrayList<>();

    @Test
    void aRunIsMeasuredBeforeDuringAndAfter() {
        UpgradeReport report = upgrade(NO_GAP_OVER_5_S);

        assertThat(report).succeeded();
        ProbeReport search = search(report);
        assertThat(search.before().attempts()).isEqualTo(100);
        assertThat(search.during().attempts()).isEqualTo(800);
        assertThat(search.after().attempts()).isEqualTo(100);
        assertThat(search.successes()).isEqualTo(1000);
        assertThat(search.longestGap()).isEqualTo(Duration.ofMillis(100));
        assertThat(search.gaps()).isEmpty();
        assertThat(search.broken()).isEmpty();
        assertThat(report.duration()).isEqualTo(Duration.ofSeconds(100));
    }

    @Test
    void everyStepIsMeasured() {
        cluster.during(DATANODE, context -> service.answerIn(Duration.ofMillis(50)));
        cluster.during("2.2.16/roll/querynode", context -> service.answerIn(Duration.ofMillis(4)));

        List<StepAvailability> steps = search(upgrade(NO_GAP_OVER_5_S)).steps();

        assertThat(steps)
                .extracting(step -> step.step().value(), step -> step.during().attempts())
                .containsExactly(
                        tuple("2.2.16/roll/rootcoord", 200L),
                        tuple(DATANODE, 200L),
                        tuple("2.2.16/roll/querynode", 200L),
                        tuple("2.2.16/roll/proxy", 200L));
        StepAvailability datanode = steps.get(1);
        assertThat(datanode.before().latency().orElseThrow().p50()).isEqualTo(Duration.ofMillis(4));
        assertThat(datanode.during().latency().orElseThrow().p50()).isEqualTo(Duration.ofMillis(50));
        assertThat(datanode.after().latency().orElseThrow().p90()).isLessThan(Duration.ofMillis(5));
    }

    @Test
    void aGapIsToldWhileItGoesOnAndWhenItIsOver() {
        cluster.during(DATANODE, context -> {
            service.refuse("UNAVAILABLE");
            pass(3);
            service.recover();
        });

        UpgradeReport report = upgrade(NO_GAP_OVER_5_S);

        assertThat(report).succeeded();
        assertThat(events)
                .extracting(UpgradeEvent::describe)
                .containsSubsequence(
                        "step 2/4: roll datanode to 2.2.16",
                        "  search: no success for 1.1 s: java.lang.IllegalStateException: UNAVAILABLE",
                        "  search: succeeds again after 3.1 s",
                        "  APPLIED: datanode runs milvusdb/milvus:v2.2.16");
        assertThat(search(report).steps())
                .extracting(StepAvailability::longestGap)
                .contains(Duration.ofMillis(3100), atIndex(1));
    }

    @Test
    void aBrokenBudgetStopsTheRunAtTheNextCheckpoint() {
        cluster.during(DATANODE, context -> {
            service.refuse("UNAVAILABLE");
            pass(4);
            context.checkpoint();
            pass(2);
            context.checkpoint();
            throw new AssertionError("Nobody stopped the step.");
        });

        UpgradeReport report = upgrade(NO_GAP_OVER_5_S);

        assertThat(report)
                .failedIn(DATANODE, Code.BUDGET_BROKEN)
                .says("Step \"roll datanode to 2.2.16\" failed: probe \"search\" has had no success for 5.1 s, since"
                        + " 2026-11-22T18:00:29.904Z: its budget is no gap over 5.0 s; the last failure was:"
                        + " java.lang.IllegalStateException: UNAVAILABLE. The gap began in step \"roll datanode to 2.2.16\"."
                        + " 1 of 4 steps are done. This one may be half-done. Nothing more is changed. Find out why the"
                        + " instance does not answer, then resume, or roll back.")
                .hasStatuses(Status.APPLIED, Status.FAILED, Status.NOT_STARTED, Status.NOT_STARTED)
                .offers(
                        "go on after a fix: upgrader.resume(\"" + report.run() + "\")",
                        "go back: upgrader.planRollback(\"" + report.run() + "\")");
        assertThat(cluster).undid().remembers(report.run(), RunStatus.FAILED);
        assertThat(events)
                .filteredOn(event -> event.kind() == UpgradeEvent.Kind.BUDGET_BROKEN)
                .hasSize(1);
    }

    @Test
    void aGapBreaksTheBudgetAlthoughEveryAttemptHangs() {
        cluster.during(DATANODE, context -> {
            service.hang();
            pass(6);
            context.checkpoint();
        });

        assertThat(upgrade(NO_GAP_OVER_5_S)).failedIn(DATANODE, Code.BUDGET_BROKEN);
    }

    @Test
    void aStepThatNeverLooksIsFollowedByNoOther() {
        cluster.during(DATANODE, context -> {
            service.refuse("UNAVAILABLE");
            pass(6);
            service.recover();
        });

        UpgradeReport report = upgrade(NO_GAP_OVER_5_S);

        assertThat(report)
                .hasStatuses(Status.APPLIED, Status.APPLIED, Status.NOT_STARTED, Status.NOT_STARTED)
                .says(
                        "Between two steps probe \"search\" has had no success for 5.1 s, since 2026-11-22T18:00:29.904Z: its"
                                + " budget is no gap over 5.0 s; the last failure was: java.lang.IllegalStateException: UNAVAILABLE."
                                + " The gap began in step \"roll datanode to 2.2.16\". 2 of 4 steps are done. Nothing more is"
                                + " changed. Find out why the instance does not answer, then resume, or roll back.");
        assertThat(cluster).remembers(report.run(), RunStatus.FAILED);
    }

    @Test
    void whatTheLastStepLeftIsSeenAfterIt() {
        cluster.during(
                "2.2.16/roll/proxy",
                context -> cluster.clock()
                        .ring(cluster.clock().instant().plusSeconds(19), () -> service.refuse("UNAVAILABLE")));

        UpgradeReport report = upgrade(NO_GAP_OVER_5_S);

        assertThat(report)
                .hasStatuses(Status.APPLIED, Status.APPLIED, Status.APPLIED, Status.APPLIED)
                .says(
                        "After the last step probe \"search\" has had no success for 5.1 s, since 2026-11-22T18:01:28.904Z: its"
                                + " budget is no gap over 5.0 s; the last failure was: java.lang.IllegalStateException: UNAVAILABLE."
                                + " The gap began in step \"roll proxy to 2.2.16\". 4 of 4 steps are done. Nothing more is changed."
                                + " Find out why the instance does not answer, then resume, or roll back.");
        service.recover();
        assertThat(upgrader(NO_GAP_OVER_5_S).resume(report.run())).succeeded();
        assertThat(cluster).remembers(report.run(), RunStatus.SUCCEEDED);
    }

    @Test
    void aRunIsTakenBackIfItsBudgetSaysSo() {
        cluster.during(DATANODE, context -> {
            service.refuse("UNAVAILABLE");
            pass(6);
            context.checkpoint();
        });

        UpgradeReport report = upgrade(NO_GAP_OVER_5_S.orTakeBack());

        UpgradeReport wayBack = report.wayBack().orElseThrow();
        assertThat(report).failedIn(DATANODE, Code.BUDGET_BROKEN);
        assertThat(report.failure().orElseThrow().message())
                .endsWith(" This one may be half-done. The run is taken back now.");
        assertThat(wayBack).succeeded();
        assertThat(cluster).runsEverywhere("v2.2.4").remembers(report.run(), RunStatus.ROLLED_BACK);
        assertThat(wayBack.availability().orElseThrow().enforced()).isFalse();
        assertThat(search(wayBack).broken()).isEmpty();
    }

    @Test
    void aRunIsTakenBackBetweenTwoStepsToo() {
        cluster.during(DATANODE, context -> {
            service.refuse("UNAVAILABLE");
            pass(6);
        });

        UpgradeReport report = upgrade(NO_GAP_OVER_5_S.orTakeBack());

        assertThat(report.wayBack().orElseThrow()).succeeded();
        assertThat(cluster).runsEverywhere("v2.2.4");
    }

    @Test
    void aRunIsTakenBackIfTheUpgraderSaysSo() {
        cluster.during(DATANODE, context -> {
            service.refuse("UNAVAILABLE");
            pass(6);
        });
        Upgrader cautious =
                builder(NO_GAP_OVER_5_S).onFailure(OnFailure.TAKE_BACK).build();

        UpgradeReport report = cautious.execute(cautious.plan(TARGET));

        assertThat(report.wayBack().orElseThrow()).succeeded();
    }

    @Test
    void aRunDoesNotBeginWithAProbeThatNeverSucceeds() {
        service.refuse("collection not loaded");

        UpgradeReport report = upgrade(NO_GAP_OVER_5_S);

        assertThat(report)
                .wasBlockedBy(
                        Code.BUDGET_BROKEN,
                        "Before the first step probe \"search\" failed in all of its 100 attempts:"
                                + " java.lang.IllegalStateException: collection not loaded. Nothing was changed. See whether"
                                + " the instance serves and the probe reaches it, then plan again.");
        assertThat(cluster.journal().runs(FakeCluster.ID)).isEmpty();
    }

    @Test
    void aRunDoesNotBeginWhenTheBudgetIsBrokenBeforeIt() {
        cluster.clock().ring(FakeClock.START.plusSeconds(2), () -> service.refuse("UNAVAILABLE"));

        assertThat(upgrade(NO_GAP_OVER_5_S)).wasBlockedBy(Code.BUDGET_BROKEN);
        assertThat(cluster.journal().runs(FakeCluster.ID)).isEmpty();
    }

    @Test
    void aProbeWithoutABudgetStopsNothing() {
        service.refuse("collection not loaded");

        UpgradeReport report = upgrade(AvailabilityBudget.none());

        assertThat(report).succeeded();
        assertThat(search(report).successes()).isZero();
    }

    @Test
    void aResumedRunMayBeginWithAnOutageThatItRepairs() {
        cluster.crash(DATANODE);
        UpgradeReport failed = upgrade(NO_GAP_OVER_5_S);
        cluster.calm();
        service.refuse("UNAVAILABLE");
        cluster.during(DATANODE, context -> service.recover());

        UpgradeReport resumed = upgrader(NO_GAP_OVER_5_S).resume(failed.run());

        assertThat(resumed).succeeded();
        assertThat(search(resumed).longestGap()).isGreaterThan(Duration.ofSeconds(9));
    }

    @Test
    void aRollbackIsMeasuredAndNotStopped() {
        UpgradeReport report = upgrade(NO_GAP_OVER_5_S);
        cluster.during("undo/" + DATANODE, context -> {
            service.refuse("UNAVAILABLE");
            pass(60);
            context.checkpoint();
            service.recover();
        });
        Upgrader upgrader = upgrader(NO_GAP_OVER_5_S);
        Instant before = cluster.clock().instant();

        UpgradeReport back = upgrader.execute(upgrader.planRollback(report.run()));

        assertThat(back).succeeded();
        assertThat(search(back).longestGap()).isGreaterThan(Duration.ofSeconds(60));
        assertThat(back.steps().get(0).started()).as("nothing is waited for").isEqualTo(before);
    }

    @Test
    void aRatioIsJudgedAfterEachStep() {
        cluster.during(DATANODE, context -> {
            for (int i = 0; i < 20; i++) {
                service.refuse("UNAVAILABLE");
                pass(1);
                service.recover();
                pass(1);
            }
        });

        UpgradeReport report = upgrade(AvailabilityBudget.successRatio(0.9));

        assertThat(report).hasStatuses(Status.APPLIED, Status.APPLIED, Status.NOT_STARTED, Status.NOT_STARTED);
        assertThat(report.failure().orElseThrow().message())
                .startsWith("Between two steps probe \"search\" succeeded in 700")
                .contains(" of 900 attempts, ", ": its budget is at least 90.00 % succeed. 2 of 4 steps are done.");
    }

    @Test
    void whoeverCancelsWaitsForNoFurtherFigures() {
        Cancellation cancellation = Cancellation.create();
        cluster.during("2.2.16/roll/proxy", context -> cancellation.cancel());
        Upgrader upgrader = upgrader(NO_GAP_OVER_5_S);

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET), cancellation);

        assertThat(search(report).after().attempts()).isZero();
    }

    @Test
    void whoeverCancelsWhileTheUsualIsMeasuredChangesNothing() {
        Cancellation cancellation = Cancellation.create();
        cluster.clock().ring(FakeClock.START.plusSeconds(2), cancellation::cancel);
        Upgrader upgrader = upgrader(NO_GAP_OVER_5_S);

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET), cancellation);

        assertThat(report).wasCancelledBetweenSteps();
        assertThat(report.duration()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void withoutTimerNothingIsMeasuredAndNothingBegins() {
        timer.shutdown();

        assertThat(upgrade(NO_GAP_OVER_5_S))
                .wasBlockedBy(
                        Code.BUDGET_BROKEN,
                        "Availability cannot be measured: the timer that AvailabilityWatch.on was given takes no tasks, as if"
                                + " it had been shut down.");
    }

    @Test
    void aTimerThatDoesNotCallKeepsNobodyWaiting() {
        timer.beLate();

        assertThat(upgrade(NO_GAP_OVER_5_S))
                .wasBlockedBy(
                        Code.BUDGET_BROKEN,
                        "Availability cannot be measured: the timer that AvailabilityWatch.on was given is late by 30.0 s;"
                                + " give it a thread of its own.");
    }

    @Test
    void nothingIsSaidAfterTheEnd() {
        cluster.during("2.2.16/roll/proxy", context -> service.hang());
        upgrade(AvailabilityBudget.none());
        pass(60);
        service.recover();

        assertThat(events.get(events.size() - 1).kind()).isEqualTo(UpgradeEvent.Kind.RUN_FINISHED);
    }

    @Test
    void withoutProbesNothingIsWaitedForAndNothingReported() {
        Upgrader upgrader = cluster.upgrader()
                .watchAvailability(AvailabilityWatch.on(timer, service))
                .build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(report.availability()).isEmpty();
        assertThat(report.duration()).isEqualTo(Duration.ofSeconds(80));
    }

    private UpgradeReport upgrade(AvailabilityBudget budget) {
        Upgrader upgrader = upgrader(budget);
        return upgrader.execute(upgrader.plan(TARGET));
    }

    private Upgrader upgrader(AvailabilityBudget budget) {
        return builder(budget).build();
    }

    private Upgrader.Builder builder(AvailabilityBudget budget) {
        return cluster.upgrader()
                .listener(events::add)
                .watchAvailability(AvailabilityWatch.on(timer, service)
                        .probe(service.probe("search"), ProbeSchedule.perSecond(10), budget));
    }

    private void pass(int seconds) {
        cluster.clock().advance(Duration.ofSeconds(seconds));
    }

    private static ProbeReport search(UpgradeReport report) {
        return report.availability()
                .map(AvailabilityReport::probes)
                .orElseThrow()
                .get(0);
    }
}
