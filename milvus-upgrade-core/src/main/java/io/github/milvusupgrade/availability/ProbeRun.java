package io.github.milvusupgrade.availability;

import io.github.milvusupgrade.availability.AvailabilityWatch.Watched;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attempts one probe at its rate. The timer begins attempts and ends their time, and never runs one: an attempt that
 * hangs keeps a worker, but delays neither the next attempt nor what is known of the gap.
 */
final class ProbeRun {

    private static final Logger LOG = LoggerFactory.getLogger(ProbeRun.class);
    private static final int LONGEST_TEXT = 200;

    private final Watched watched;
    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final Clock clock;
    private final ProbeMeter meter;
    private final Runnable afterwards;
    private final Set<Attempt> notReturned = ConcurrentHashMap.newKeySet();
    private @Nullable Future<?> ticks;
    private Instant lastBegun = Instant.MIN;
    private volatile boolean closed;

    /** With something to be done after each look at the probe, outside of all locks. */
    ProbeRun(Watched watched, AvailabilityWatch watch, Clock clock, ProbeMeter meter, Runnable afterwards) {
        this.watched = watched;
        this.timer = watch.timer();
        this.workers = watch.workers();
        this.clock = clock;
        this.meter = meter;
        this.afterwards = afterwards;
    }

    ProbeMeter meter() {
        return meter;
    }

    /** Begin with the first attempt at once. */
    void start() {
        ticks = timer.scheduleAtFixedRate(
                this::tick, 0, watched.schedule().interval().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Begin no further attempt; what is under way does not count any more. */
    void close() {
        closed = true;
        if (ticks != null) {
            ticks.cancel(false);
        }
        notReturned.forEach(attempt -> {
            if (attempt.decide()) {
                attempt.interrupt();
            }
        });
    }

    /** A task of the timer that throws is never called again, so nothing may get out. */
    private void tick() {
        try {
            begin();
            meter.look(clock.instant());
            afterwards.run();
        } catch (RuntimeException e) {
            LOG.warn("probe {}: no attempt was begun", watched.probe().name(), e);
        }
    }

    private void begin() {
        Instant now = clock.instant();
        if (closed || catchesUp(now)) {
            return;
        }
        lastBegun = now;
        Attempt attempt = new Attempt(now);
        if (notReturned.size() >= watched.schedule().places()) {
            failed(attempt, "not begun: " + notReturned.size() + " earlier attempts have not returned");
            return;
        }
        notReturned.add(attempt);
        Duration timeout = watched.schedule().attemptTimeout();
        try {
            Future<?> end = timer.schedule(() -> expire(attempt), timeout.toNanos(), TimeUnit.NANOSECONDS);
            workers.execute(() -> work(attempt, end));
        } catch (RejectedExecutionException e) {
            notReturned.remove(attempt);
            failed(attempt, "not begun: the executor of the probes does not take it");
        }
    }

    /** A timer that was held up calls for everything that it missed at once, which no instance has deserved. */
    private boolean catchesUp(Instant now) {
        Instant next = lastBegun.equals(Instant.MIN)
                ? now
                : lastBegun.plus(watched.schedule().interval().dividedBy(2));
        return now.isBefore(next) && !now.isBefore(lastBegun);
    }

    private void work(Attempt attempt, Future<?> end) {
        try {
            if (attempt.enter()) {
                try {
                    watched.probe().attempt();
                } finally {
                    attempt.leave();
                }
                succeeded(attempt);
            }
        } catch (Throwable e) {
            failed(attempt, text(e));
            if (e instanceof VirtualMachineError error) {
                throw error;
            }
        } finally {
            notReturned.remove(attempt);
            end.cancel(false);
        }
    }

    private void expire(Attempt attempt) {
        failed(attempt, "no answer within " + Amounts.seconds(watched.schedule().attemptTimeout()));
        attempt.interrupt();
    }

    private void succeeded(Attempt attempt) {
        Instant now = clock.instant();
        if (attempt.decide()) {
            meter.succeeded(attempt.begun(), now);
            afterwards.run();
        }
    }

    private void failed(Attempt attempt, String text) {
        Instant now = clock.instant();
        if (attempt.decide()) {
            meter.failed(attempt.begun(), now, text);
            afterwards.run();
        }
    }

    private static String text(Throwable thrown) {
        String text = thrown.toString().lines().findFirst().orElse("");
        return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
    }
}
