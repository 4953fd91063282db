package io.github.milvusupgrade.availability;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.step.StepId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A watch at work: the measurement of one execution. The library makes one for each run; use one yourself to measure
 * something else in the same way. Safe for many threads; to be closed.
 */
public final class AvailabilityMeasurement implements AutoCloseable {

    /** A timer that is late by so much is not going to call. */
    private static final Duration LATE = Duration.ofSeconds(30);

    private final AvailabilityWatch watch;
    private final Clock clock;
    private final boolean enforced;
    private final List<ProbeRun> probes;
    private final Queue<AvailabilityNews> news = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean announced = new AtomicBoolean();
    private final Runnable reader;

    private AvailabilityMeasurement(
            AvailabilityWatch watch, Clock clock, boolean enforced, Consumer<AvailabilityMeasurement> reader) {
        this.watch = watch;
        this.clock = clock;
        this.enforced = enforced;
        this.reader = () -> {
            announced.set(false);
            reader.accept(this);
        };
        Instant now = clock.instant();
        this.probes = watch.probes().stream()
                .map(watched -> new ProbeRun(
                        watched,
                        watch,
                        clock,
                        new ProbeMeter(watched, watch.surroundings(), enforced, now, news::add),
                        this::announce))
                .toList();
    }

    /**
     * Begin to attempt every probe.
     *
     * @param watch the probes
     * @param clock tells all times, so that latencies and gaps are as true as it is
     * @param enforced whether budgets can be broken
     * @param reader is called on a worker, one call at a time or several, when there is something to {@link #takeNews}
     * @throws UpgradeException with {@link Code#BUDGET_BROKEN} if the timer takes no tasks
     */
    public static AvailabilityMeasurement start(
            AvailabilityWatch watch, Clock clock, boolean enforced, Consumer<AvailabilityMeasurement> reader) {
        AvailabilityMeasurement measurement = new AvailabilityMeasurement(watch, clock, enforced, reader);
        try {
            measurement.probes.forEach(ProbeRun::start);
        } catch (RejectedExecutionException e) {
            measurement.close();
            throw cannotMeasure("takes no tasks, as if it had been shut down", e);
        }
        return measurement;
    }

    /** A step begins. */
    public void stepStarted(StepId step, Instant now) {
        probes.forEach(probe -> probe.meter().stepStarted(step, now));
    }

    /** A step is over, well or not. */
    public void stepFinished(StepId step, Instant now) {
        probes.forEach(probe -> probe.meter().stepFinished(step, now));
    }

    /** No further step follows: what is attempted from now on counts as after the upgrade. */
    public void stepsEnded() {
        Instant now = clock.instant();
        probes.forEach(probe -> probe.meter().stepsEnded(now));
    }

    /** The budget that was broken first; the gap that still goes on is looked at for that. */
    public Optional<BrokenBudget> broken() {
        Instant now = clock.instant();
        probes.forEach(probe -> probe.meter().look(now));
        return probes.stream()
                .flatMap(probe -> probe.meter().broken().stream())
                .min(Comparator.comparing(BrokenBudget::at));
    }

    /** Judge the success ratios, as is done after each step. */
    public void judgeRatios() {
        Instant now = clock.instant();
        probes.forEach(probe -> probe.meter().judgeRatio(now));
    }

    /** What happened since this was last asked, in order. */
    public List<AvailabilityNews> takeNews() {
        List<AvailabilityNews> taken = new ArrayList<>();
        AvailabilityNews next = news.poll();
        while (next != null) {
            taken.add(next);
            next = news.poll();
        }
        return taken;
    }

    /** How long to measure before and after the steps. */
    public Duration surroundings() {
        return watch.surroundings();
    }

    /** Whether budgets can be broken. */
    public boolean enforced() {
        return enforced;
    }

    /**
     * Wait while attempts go on.
     *
     * @throws UpgradeException with {@link Code#BUDGET_BROKEN} if the timer does not call in time
     */
    public void pass(Duration time) throws InterruptedException {
        try {
            ScheduledFuture<?> end = watch.timer().schedule(() -> {}, time.toNanos(), TimeUnit.NANOSECONDS);
            end.get(time.plus(LATE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw cannotMeasure("takes no tasks any more", e);
        } catch (TimeoutException e) {
            throw cannotMeasure("is late by " + Amounts.seconds(LATE) + "; give it a thread of its own", e);
        } catch (ExecutionException e) {
            throw cannotMeasure("failed: " + e.getCause(), e);
        }
    }

    /** What was seen so far. */
    public AvailabilityReport report() {
        Instant now = clock.instant();
        return new AvailabilityReport(
                enforced,
                probes.stream().map(probe -> probe.meter().report(now)).toList());
    }

    /** Attempt nothing more. Further calls change nothing. */
    @Override
    public void close() {
        probes.forEach(ProbeRun::close);
    }

    /**
     * News are read on a worker, so that whoever reads slowly delays no attempt; whoever looks by himself is faster.
     */
    private void announce() {
        if (news.isEmpty() || !announced.compareAndSet(false, true)) {
            return;
        }
        try {
            watch.workers().execute(reader);
        } catch (RejectedExecutionException e) {
            // The run reads them at its next checkpoint.
            announced.set(false);
        }
    }

    private static UpgradeException cannotMeasure(String why, Exception cause) {
        return new UpgradeException(
                Code.BUDGET_BROKEN,
                "Availability cannot be measured: the timer that AvailabilityWatch.on was given " + why + ".",
                cause);
    }
}
