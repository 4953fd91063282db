package io.github.milvusupgrade.availability;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

/**
 * The probes of an upgrade, and the threads that they run on. Made by callers and handed to
 * {@code Upgrader.Builder.watchAvailability}; immutable, each method answers a changed copy. The executors stay the
 * caller's: they are not shut down.
 *
 * <pre>{@code
 * AvailabilityWatch.on(timer, workers)
 *         .probe(AvailabilityProbe.named("search", this::search),
 *                 ProbeSchedule.perSecond(10),
 *                 AvailabilityBudget.noGapOver(Duration.ofSeconds(5)))
 * }</pre>
 */
public final class AvailabilityWatch {

    /** Long enough for percentiles at a few attempts per second. */
    private static final Duration SURROUNDINGS = Duration.ofSeconds(10);

    private static final int LONGEST_NAME = 60;

    /** One probe, how often it is attempted, and what may not happen to it. */
    public record Watched(AvailabilityProbe probe, ProbeSchedule schedule, AvailabilityBudget budget) {}

    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final Duration surroundings;
    private final List<Watched> probes;

    private AvailabilityWatch(
            ScheduledExecutorService timer, Executor workers, Duration surroundings, List<Watched> probes) {
        this.timer = timer;
        this.workers = workers;
        this.surroundings = surroundings;
        this.probes = probes;
    }

    /**
     * Watch nothing yet.
     *
     * @param timer says when an attempt is due and when its time is over; one thread is enough, for probes never run on
     *     it
     * @param workers run the attempts; should begin each at once, as {@code newCachedThreadPool} does, because the time
     *     that an attempt waits for a thread is part of its latency and of its timeout. Must not run it on the calling
     *     thread, which is the timer's
     */
    public static AvailabilityWatch on(ScheduledExecutorService timer, Executor workers) {
        return new AvailabilityWatch(timer, workers, SURROUNDINGS, List.of());
    }

    /** Attempt a probe, too, and only measure. */
    public AvailabilityWatch probe(AvailabilityProbe probe, ProbeSchedule schedule) {
        return probe(probe, schedule, AvailabilityBudget.none());
    }

    /**
     * Attempt a probe, too, and keep to a budget.
     *
     * @throws IllegalArgumentException if the name is empty, long, or used already; or if the budget allows no gap that
     *     the schedule makes by itself
     */
    public AvailabilityWatch probe(AvailabilityProbe probe, ProbeSchedule schedule, AvailabilityBudget budget) {
        String name = probe.name();
        if (name.isBlank() || name.length() > LONGEST_NAME || name.lines().count() != 1) {
            throw new IllegalArgumentException(
                    "A probe is called by one line of at most " + LONGEST_NAME + " characters, not \"" + name + "\".");
        }
        if (probes.stream().anyMatch(other -> other.probe().name().equals(name))) {
            throw new IllegalArgumentException(
                    "Two probes are called \"" + name + "\"; reports could not tell them apart.");
        }
        budget.longestGap()
                .filter(gap -> gap.compareTo(schedule.interval()) <= 0)
                .ifPresent(gap -> {
                    throw new IllegalArgumentException("Probe \"" + name + "\" is attempted every "
                            + schedule.interval() + " and may have no gap over " + gap
                            + ": attempt it more often, or allow longer gaps.");
                });
        return new AvailabilityWatch(
                timer,
                workers,
                surroundings,
                Stream.concat(probes.stream(), Stream.of(new Watched(probe, schedule, budget)))
                        .toList());
    }

    /**
     * How long to measure before the first step and after the last one, and what counts as before and after for each
     * step; 10 s by default. A run becomes longer by twice as much. With zero there is nothing to compare with.
     */
    public AvailabilityWatch surroundings(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("Nothing can be measured for " + time + ".");
        }
        return new AvailabilityWatch(timer, workers, time, probes);
    }

    /** See {@link #surroundings(Duration)}. */
    public Duration surroundings() {
        return surroundings;
    }

    /** The probes in the order in which they were added. */
    public List<Watched> probes() {
        return probes;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    Executor workers() {
        return workers;
    }
}
