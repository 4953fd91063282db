package io.github.milvusupgrade.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.FakeClock;
import io.github.milvusupgrade.FakeService;
import io.github.milvusupgrade.FakeTimer;
import io.github.milvusupgrade.step.OnFailure;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How probes are scheduled and budgets are written down, and what is refused. */
class SettingsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final FakeClock CLOCK = new FakeClock();
    private static final FakeService SERVICE = new FakeService(CLOCK);
    private static final AvailabilityWatch WATCH = AvailabilityWatch.on(new FakeTimer(CLOCK), SERVICE);

    @ParameterizedTest(name = "{0} per second: every {1}, notable from {2} on, {3} attempts at once")
    @CsvSource({
        "10,  PT0.1S, PT1S,  102",
        "1,   PT1S,   PT3S,  12",
        "0.5, PT2S,   PT6S,  6",
        "0.1, PT10S,  PT30S, 2",
    })
    void aRateSaysHowOftenWhatIsNotableAndHowManyAtOnce(double rate, Duration interval, Duration notable, int places) {
        ProbeSchedule schedule = ProbeSchedule.perSecond(rate);

        assertThat(schedule).isEqualTo(new ProbeSchedule(interval, Duration.ofSeconds(5), notable));
        assertThat(schedule.places()).isEqualTo(places);
    }

    @Test
    void aBudgetSaysWhatItAllows() {
        assertThat(AvailabilityBudget.none().describe()).isEqualTo("none");
        assertThat(AvailabilityBudget.none().isNone()).isTrue();
        assertThat(AvailabilityBudget.noGapOver(SECOND.multipliedBy(5)).describe())
                .isEqualTo("no gap over 5.0 s");
        assertThat(AvailabilityBudget.successRatio(0.98).describe()).isEqualTo("at least 98.00 % succeed");
        assertThat(AvailabilityBudget.noGapOver(SECOND).andSuccessRatio(0.999).describe())
                .isEqualTo("no gap over 1.0 s, at least 99.90 % succeed");
        assertThat(AvailabilityBudget.noGapOver(SECOND).onBreak()).isEqualTo(OnFailure.STOP);
        assertThat(AvailabilityBudget.noGapOver(SECOND).orTakeBack().onBreak()).isEqualTo(OnFailure.TAKE_BACK);
    }

    static Stream<Arguments> refusals() {
        ProbeSchedule everySecond = ProbeSchedule.every(SECOND);
        AvailabilityProbe search = SERVICE.probe("search");
        return Stream.of(
                refused("0.0 attempts per second are none.", () -> ProbeSchedule.perSecond(0)),
                refused(
                        "An interval of PT0.0005S between attempts is too short: PT0.001S is the least.",
                        () -> ProbeSchedule.perSecond(2000)),
                refused("An attempt needs time: PT0S is none.", () -> everySecond.withAttemptTimeout(Duration.ZERO)),
                refused(
                        "With an attempt every PT1S, there is always a gap of that; notable are only longer ones, not PT1S.",
                        () -> everySecond.withNotableGap(SECOND)),
                refused(
                        "Between two attempts there is always a gap: PT0S cannot be kept.",
                        () -> AvailabilityBudget.noGapOver(Duration.ZERO)),
                refused(
                        "A success ratio lies between 0 and 1, not at 98.0.",
                        () -> AvailabilityBudget.successRatio(98)),
                refused("Nothing can be measured for PT-1S.", () -> WATCH.surroundings(SECOND.negated())),
                refused(
                        "A probe is called by one line of at most 60 characters, not \"two\nlines\".",
                        () -> WATCH.probe(SERVICE.probe("two\nlines"), everySecond)),
                refused(
                        "Two probes are called \"search\"; reports could not tell them apart.",
                        () -> WATCH.probe(search, everySecond).probe(search, everySecond)),
                refused(
                        "Probe \"search\" is attempted every PT1S and may have no gap over PT0.5S: attempt it more often,"
                                + " or allow longer gaps.",
                        () -> WATCH.probe(search, everySecond, AvailabilityBudget.noGapOver(Duration.ofMillis(500)))));
    }

    private static Arguments refused(String message, ThrowingCallable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void whatCannotBeMeasuredIsRefusedAtOnce(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
