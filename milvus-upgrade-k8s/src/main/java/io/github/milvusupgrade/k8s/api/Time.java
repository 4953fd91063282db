package io.github.milvusupgrade.k8s.api;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The passing of time as retries and deadlines see it: passed in, so that a test can let an hour pass in no time.
 * Monotonic: it does not follow the wall clock when that is set.
 */
public interface Time {

    /** Nanoseconds since some moment, for differences only. */
    long nanos();

    /** Returns after the duration. */
    void sleep(Duration duration) throws InterruptedException;

    /** The time of this machine. */
    static Time system() {
        return new Time() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                TimeUnit.NANOSECONDS.sleep(duration.toNanos());
            }
        };
    }
}
