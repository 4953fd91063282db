package io.github.milvusupgrade;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that only moves when it is told to, and rings while it does. */
public final class FakeClock extends Clock {

    public static final Instant START = Instant.parse("2026-11-22T18:00:00Z");

    private record Alarm(Instant at, Runnable action) {}

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparing(Alarm::at));

    public void advance(Duration by) {
        Instant target = now.get().plus(by);
        while (!alarms.isEmpty() && !alarms.element().at().isAfter(target)) {
            Alarm due = alarms.remove();
            now.set(due.at());
            due.action().run();
        }
        now.updateAndGet(instant -> instant.isBefore(target) ? target : instant);
    }

    /** Do something when the time has come. */
    void ring(Instant at, Runnable action) {
        alarms.add(new Alarm(at, action));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("Nothing here asks for another zone.");
    }
}
