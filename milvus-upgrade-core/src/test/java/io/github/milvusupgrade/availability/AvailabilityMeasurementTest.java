package io.github.milvusupgrade.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.FakeClock;
import io.github.milvusupgrade.FakeService;
import io.github.milvusupgrade.FakeTimer;
import io.github.milvusupgrade.error.UpgradeException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How probes are attempted. */
class AvailabilityMeasurementTest {

    private static final ProbeSchedule TEN_PER_SECOND =
            ProbeSchedule.perSecond(10).withAttemptTimeout(Duration.ofMillis(500));
    private static final AvailabilityBudget NO_GAP_OVER_2_S = AvailabilityBudget.noGapOver(Duration.ofSeconds(2));

    private final FakeClock clock = new FakeClock();
    private final FakeTimer timer = new FakeTimer(clock);
    private final FakeService service = new FakeService(clock);
    private final ScheduledExecutorService realTimer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService realWorkers = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        realTimer.shutdownNow();
        realWorkers.shutdownNow();
    }

    @Test
    void aProbeIsAttemptedAtItsRate() {
        AvailabilityMeasurement measurement = start();
        clock.advance(Duration.ofMillis(9_950));

        assertThat(probe(measurement).attempts()).isEqualTo(100);
        assertThat(probe(measurement).successes()).isEqualTo(100);
        assertThat(probe(measurement).before().latency().orElseThrow().max()).isEqualTo(Duration.ofMillis(4));
    }

    @Test
    void anAttemptThatIsUnderWayIsNoneYet() {
        service.answerIn(Duration.ofMillis(450));
        AvailabilityMeasurement measurement = start();
        clock.advance(Duration.ofMillis(600));

        assertThat(probe(measurement).attempts()).isEqualTo(2);
    }

    @Test
    void aHangingProbeIsCountedWhenItsTimeIsOverAndDelaysNoOther() {
        AvailabilityMeasurement measurement = start();
        clock.advance(Duration.ofMillis(950));
        service.hang();
        clock.advance(Duration.ofMillis(2_000));

        ProbeReport probe = probe(measurement);
        assertThat(probe.successes()).isEqualTo(10);
        assertThat(probe.failures())
                .containsEntry("no answer within 0.5 s", 12L)
                .containsEntry("not begun: 12 earlier attempts have not returned", 8L);
        assertThat(service.waiting())
                .as("12 attempts, and one who wants to read the news")
                .isEqualTo(13);
        assertThat(measurement.broken()).as("2.046 s after the last success").isPresent();
    }

    @Test
    void whatReturnsAfterItsTimeIsNoSuccessAndTheNextOneIs() {
        AvailabilityMeasurement measurement = start();
        clock.advance(Duration.ofMillis(950));
        service.hang();
        clock.advance(Duration.ofMillis(700));
        long before = probe(measurement).successes();
        service.recover();
        long returned = probe(measurement).successes() - before;
        clock.advance(Duration.ofMillis(100));

        assertThat(returned).as("those whose 0.5 s are not over").isEqualTo(5);
        assertThat(probe(measurement).successes()).isEqualTo(before + returned + 1);
    }

    @Test
    void aTimerThatWasHeldUpDoesNotMakeUpForItWithAStorm() {
        AvailabilityMeasurement measurement = start();
        clock.advance(Duration.ofMillis(950));
        timer.holdUp();
        clock.advance(Duration.ofSeconds(3));
        timer.goOn();
        clock.advance(Duration.ofMillis(10));

        assertThat(probe(measurement).attempts()).isEqualTo(10 + 1);
        assertThat(measurement.broken())
                .as("nobody was answered for 3 s, whoever is to blame")
                .isPresent();
    }

    @Test
    void nothingIsAttemptedAfterTheEnd() {
        AvailabilityMeasurement measurement = start();
        clock.advance(Duration.ofSeconds(1));
        measurement.close();
        measurement.close();
        long attempts = probe(measurement).attempts();
        clock.advance(Duration.ofSeconds(10));

        assertThat(probe(measurement).attempts()).isEqualTo(attempts);
    }

    @Test
    void anExecutorThatTakesNothingIsAFailureOfTheAttempt() {
        AvailabilityMeasurement measurement = AvailabilityMeasurement.start(
                AvailabilityWatch.on(timer, task -> {
                            throw new RejectedExecutionException("full");
                        })
                        .probe(service.probe("search"), TEN_PER_SECOND),
                clock,
                true,
                news -> {});
        clock.advance(Duration.ofMillis(150));

        assertThat(probe(measurement).failures())
                .containsExactly(Map.entry("not begun: the executor of the probes does not take it", 2L));
    }

    @Test
    void aTimerThatTakesNothingMeasuresNothing() {
        timer.shutdown();

        assertThatThrownBy(this::start)
                .isInstanceOf(UpgradeException.class)
                .hasMessage(
                        "Availability cannot be measured: the timer that AvailabilityWatch.on was given takes no tasks,"
                                + " as if it had been shut down.");
    }

    @Test
    void aProbeThatBreaksInAnyWayHasFailed() {
        AvailabilityMeasurement measurement = AvailabilityMeasurement.start(
                AvailabilityWatch.on(timer, service)
                        .probe(
                                AvailabilityProbe.named("search", () -> {
                                    throw new AssertionError("5 hits expected, 4 found\nand a stack");
                                }),
                                TEN_PER_SECOND),
                clock,
                true,
                news -> {});
        clock.advance(Duration.ofMillis(50));

        assertThat(probe(measurement).failures())
                .containsExactly(Map.entry("java.lang.AssertionError: 5 hits expected, 4 found", 1L));
    }

    @Test
    void aThreadThatHangsIsToldToComeBackAndItsInterruptStaysWithTheAttempt() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicBoolean leaked = new AtomicBoolean();
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch more = new CountDownLatch(20);
        AvailabilityProbe probe = AvailabilityProbe.named("search", () -> {
            leaked.compareAndSet(false, Thread.currentThread().isInterrupted());
            more.countDown();
            if (attempts.incrementAndGet() == 1) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    interrupted.countDown();
                }
            }
        });
        try (AvailabilityMeasurement measurement = AvailabilityMeasurement.start(
                AvailabilityWatch.on(realTimer, realWorkers)
                        .probe(probe, ProbeSchedule.perSecond(100).withAttemptTimeout(Duration.ofMillis(50))),
                Clock.systemUTC(),
                true,
                news -> {})) {
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(more.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(probe(measurement).failures()).containsKey("no answer within 0.1 s");
        }
        assertThat(leaked).isFalse();
    }

    @Test
    void aProbeThatCannotBeInterruptedTakesABoundedNumberOfThreadsAndItsGapIsSeenWhileItGoesOn() throws Exception {
        ProbeSchedule schedule =
                new ProbeSchedule(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(200));
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean hangs = new AtomicBoolean();
        AtomicInteger hanging = new AtomicInteger();
        CountDownLatch broken = new CountDownLatch(1);
        AvailabilityProbe probe = AvailabilityProbe.named("search", () -> {
            if (hangs.get()) {
                hanging.incrementAndGet();
                awaitForEver(release);
            }
        });
        try (AvailabilityMeasurement measurement = AvailabilityMeasurement.start(
                AvailabilityWatch.on(realTimer, realWorkers)
                        .probe(probe, schedule, AvailabilityBudget.noGapOver(Duration.ofSeconds(1))),
                Clock.systemUTC(),
                true,
                news -> news.takeNews().stream()
                        .filter(AvailabilityNews.BudgetBroken.class::isInstance)
                        .forEach(told -> broken.countDown()))) {
            while (probe(measurement).successes() == 0) {
                measurement.pass(schedule.interval());
            }
            hangs.set(true);

            assertThat(broken.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(hanging).hasValueGreaterThan(0).hasValueLessThanOrEqualTo(schedule.places());
        } finally {
            release.countDown();
        }
    }

    private static void awaitForEver(CountDownLatch release) {
        boolean released = false;
        while (!released) {
            try {
                release.await();
                released = true;
            } catch (InterruptedException e) {
                // As some clients do.
            }
        }
    }

    private AvailabilityMeasurement start() {
        return AvailabilityMeasurement.start(
                AvailabilityWatch.on(timer, service).probe(service.probe("search"), TEN_PER_SECOND, NO_GAP_OVER_2_S),
                clock,
                true,
                AvailabilityMeasurement::takeNews);
    }

    private static ProbeReport probe(AvailabilityMeasurement measurement) {
        return measurement.report().probes().get(0);
    }
}
