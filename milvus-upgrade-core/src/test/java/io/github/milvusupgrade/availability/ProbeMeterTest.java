package io.github.milvusupgrade.availability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.availability.AvailabilityWatch.Watched;
import io.github.milvusupgrade.step.StepId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as an attempt, a gap, before, during and after. Times are seconds since measuring began. */
class ProbeMeterTest {

    private static final Instant BEGIN = Instant.parse("2026-11-22T18:00:00Z");
    private static final StepId ROLL = StepId.of("2.2.16/roll/datanode");
    private static final StepId NEXT = StepId.of("2.2.16/roll/proxy");

    private final List<AvailabilityNews> news = new ArrayList<>();
    private final ProbeMeter meter = meter(AvailabilityBudget.noGapOver(Duration.ofSeconds(5)), true);

    @Test
    void aGapGoesFromTheReturnOfOneSuccessToTheReturnOfTheNext() {
        success(1, 1.2);
        success(2, 4.7);

        assertThat(report(4.7).longestGap()).isEqualTo(seconds(3.5));
    }

    @Test
    void theGapThatGoesOnCountsWithItsLengthSoFar() {
        success(1, 1);

        ProbeReport report = report(4.5);

        assertThat(report.longestGap()).isEqualTo(seconds(3.5));
        assertThat(report.gaps()).containsExactly(new Gap(at(1), seconds(3.5), true, List.of(), 0, ""));
    }

    @Test
    void measuringBeginsWithAGapOfItsOwn() {
        success(2, 2);

        assertThat(report(2).longestGap()).isEqualTo(seconds(2));
    }

    @Test
    void failuresNeitherEndAGapNorMakeOne() {
        success(1, 1);
        failure(2, 2, "unavailable");
        failure(3, 3, "shutting down");
        success(4, 4.5);

        ProbeReport report = report(5);

        assertThat(report.gaps()).containsExactly(new Gap(at(1), seconds(3.5), false, List.of(), 2, "shutting down"));
        assertThat(report.failures()).containsOnlyKeys("shutting down", "unavailable");
    }

    @Test
    void aSuccessThatReturnsLateEndsNoGapTwice() {
        success(2, 3);
        success(1, 2.5);
        success(4, 4);

        assertThat(report(4).longestGap()).isEqualTo(seconds(3));
    }

    @Test
    void attemptsAreSuccessesAndFailuresAndLatencyIsThatOfSuccesses() {
        success(1, 1.004);
        success(2, 2.008);
        failure(3, 8, "no answer within 5.0 s");

        ProbeFigures before = report(8).before();

        assertThat(before.attempts()).isEqualTo(3);
        assertThat(before.successes()).isEqualTo(2);
        assertThat(before.failures()).isEqualTo(1);
        assertThat(before.latency().orElseThrow().max()).isEqualTo(Duration.ofMillis(8));
    }

    @ParameterizedTest(name = "begun at {0} s: {1} of the run, {2} of the roll, {3} of the next step")
    @CsvSource({
        "5,    before, '',     ''",
        "11.9, before, before, ''",
        "20,   during, during, ''",
        "29.9, during, during, before",
        "30,   during, after,  before",
        "31,   during, after,  during",
        "45,   after,  '',     after",
    })
    void anAttemptCountsWhereItWasBegun(double begun, String ofRun, String ofRoll, String ofNext) {
        meter.stepStarted(ROLL, at(20));
        meter.stepFinished(ROLL, at(30));
        meter.stepStarted(NEXT, at(30.5));
        meter.stepFinished(NEXT, at(40));
        meter.stepsEnded(at(40));

        success(begun, begun + 0.004);

        ProbeReport report = report(60);
        assertThat(where(report.before(), report.during(), report.after())).isEqualTo(ofRun);
        assertThat(where(report, 0)).isEqualTo(ofRoll);
        assertThat(where(report, 1)).isEqualTo(ofNext);
    }

    @Test
    void whatWasDecidedBeforeAStepBeganCountsAsBeforeIt() {
        success(1, 1);
        success(15, 15);
        meter.stepStarted(ROLL, at(20));

        assertThat(report(20).steps().get(0).before().attempts()).isEqualTo(1);
    }

    @Test
    void aGapOverSeveralStepsIsThatOfEachInItsWholeLength() {
        success(1, 1);
        meter.stepStarted(ROLL, at(2));
        success(3, 3);
        meter.stepFinished(ROLL, at(4));
        meter.stepStarted(NEXT, at(4));
        success(7, 7);
        meter.stepFinished(NEXT, at(7));

        ProbeReport report = report(7);

        assertThat(report.steps()).extracting(StepAvailability::longestGap).containsExactly(seconds(4), seconds(4));
        assertThat(report.gaps().get(0).steps()).containsExactly(ROLL, NEXT);
    }

    @Test
    void aStepThatBeganAndEndedBeforeASuccessWasMissedHasNoPartInTheGap() {
        success(1, 1);
        meter.stepStarted(ROLL, at(1.1));
        meter.stepFinished(ROLL, at(1.9));
        meter.stepStarted(NEXT, at(2.1));
        success(7, 7);

        assertThat(report(7).gaps().get(0).steps()).containsExactly(NEXT);
    }

    @Test
    void aNotableGapIsToldWhenItIsSeenAndWhenItIsOver() {
        success(1, 1);
        meter.look(at(3.9));
        assertThat(news).isEmpty();
        failure(3, 4.1, "unavailable");
        assertThat(news).containsExactly(new AvailabilityNews.GapOpened("search", at(1), "unavailable"));
        news.clear();
        success(5, 5.5);
        assertThat(news)
                .containsExactly(new AvailabilityNews.GapClosed(
                        "search", new Gap(at(1), seconds(4.5), false, List.of(), 1, "unavailable")));
    }

    @Test
    void aBudgetIsBrokenWhileTheGapGoesOn() {
        success(1, 1);
        meter.look(at(6));
        assertThat(meter.broken()).isEmpty();

        meter.look(at(6.1));

        assertThat(meter.broken().orElseThrow().describe())
                .isEqualTo(
                        "probe \"search\" has had no success for 5.1 s, since 2026-11-22T18:00:01Z: its budget is no gap"
                                + " over 5.0 s");
    }

    @Test
    void aGapThatNobodyLookedAtBreaksTheBudgetWhenItEnds() {
        success(1, 1);
        success(2, 8);

        assertThat(meter.broken()).isPresent();
        assertThat(news)
                .extracting(item -> item.getClass().getSimpleName())
                .containsExactly("GapOpened", "BudgetBroken", "GapClosed");
    }

    @Test
    void whatIsBrokenStaysBroken() {
        success(1, 1);
        meter.look(at(7));
        success(8, 8);
        meter.look(at(20));

        assertThat(meter.broken().orElseThrow().at()).isEqualTo(at(7));
        assertThat(news)
                .filteredOn(AvailabilityNews.BudgetBroken.class::isInstance)
                .hasSize(1);
    }

    @Test
    void aBudgetIsArmedByTheFirstSuccess() {
        failure(1, 1, "unavailable");
        meter.look(at(60));
        assertThat(meter.broken()).isEmpty();

        success(61, 61);
        meter.look(at(67));

        assertThat(meter.broken()).isPresent();
    }

    @Test
    void aBudgetThatIsNotInForceIsNeverBroken() {
        ProbeMeter wayBack = meter(AvailabilityBudget.noGapOver(Duration.ofSeconds(5)), false);
        wayBack.succeeded(at(1), at(1));
        wayBack.look(at(60));

        assertThat(wayBack.broken()).isEmpty();
    }

    @Test
    void aRatioIsJudgedWhenAStepIsOverAndThereIsEnoughToJudge() {
        ProbeMeter ratio = meter(AvailabilityBudget.successRatio(0.9), true);
        ratio.stepStarted(ROLL, at(0));
        ratio.succeeded(at(0), at(0));
        for (int i = 1; i <= 18; i++) {
            ratio.failed(at(i), at(i), "unavailable");
        }
        ratio.stepFinished(ROLL, at(19));
        assertThat(ratio.broken()).as("19 attempts are few").isEmpty();
        ratio.stepStarted(NEXT, at(19));
        ratio.succeeded(at(20), at(20));
        assertThat(ratio.broken()).as("in the middle of a step").isEmpty();
        ratio.stepFinished(NEXT, at(21));

        assertThat(ratio.broken().orElseThrow().describe())
                .isEqualTo(
                        "probe \"search\" succeeded in 2 of 20 attempts, 10.00 %: its budget is at least 90.00 % succeed");
    }

    @Test
    void aThousandGapsAreCountedAndTheFirstAreListed() {
        for (int i = 0; i < 1000; i++) {
            success(4 * i, 4 * i);
        }

        ProbeReport report = report(4000);

        assertThat(report.gaps()).hasSize(201);
        assertThat(report.gapsLeftOut()).isEqualTo(799);
    }

    @Test
    void aClockThatGoesBackMakesNoNegativeTimes() {
        success(5, 5);
        success(5, 4);

        assertThat(report(4).longestGap()).isEqualTo(seconds(5));
        assertThat(report(4).before().latency().orElseThrow().max()).isZero();
    }

    private static ProbeMeter meter(AvailabilityBudget budget, boolean enforced, List<AvailabilityNews> news) {
        Watched watched = new Watched(
                AvailabilityProbe.named("search", () -> {}), ProbeSchedule.every(Duration.ofSeconds(1)), budget);
        return new ProbeMeter(watched, Duration.ofSeconds(10), enforced, BEGIN, news::add);
    }

    private ProbeMeter meter(AvailabilityBudget budget, boolean enforced) {
        return meter(budget, enforced, news);
    }

    private void success(double begun, double returned) {
        meter.succeeded(at(begun), at(returned));
    }

    private void failure(double begun, double returned, String text) {
        meter.failed(at(begun), at(returned), text);
    }

    private ProbeReport report(double now) {
        return meter.report(at(now));
    }

    private static String where(ProbeReport report, int step) {
        StepAvailability figures = report.steps().get(step);
        return where(figures.before(), figures.during(), figures.after());
    }

    private static String where(ProbeFigures before, ProbeFigures during, ProbeFigures after) {
        return (before.attempts() > 0 ? "before" : "")
                + (during.attempts() > 0 ? "during" : "")
                + (after.attempts() > 0 ? "after" : "");
    }

    private static Instant at(double seconds) {
        return BEGIN.plus(seconds(seconds));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
