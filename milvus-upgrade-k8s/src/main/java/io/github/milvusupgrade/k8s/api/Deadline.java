package io.github.milvusupgrade.k8s.api;

import java.time.Duration;

/** The moment after which there is no point in trying any longer. It bounds a request with all its retries. */
public final class Deadline {

    private final Time time;
    private final long endNanos;

    private Deadline(Time time, long endNanos) {
        this.time = time;
        this.endNanos = endNanos;
    }

    public static Deadline after(Duration duration, Time time) {
        return new Deadline(time, time.nanos() + duration.toNanos());
    }

    /** What is left of the time; zero once it has passed, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - time.nanos()));
    }

    public boolean passed() {
        return endNanos - time.nanos() <= 0;
    }

    /** The shorter of two times: how long to wait if something else may end before. */
    public static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
