package io.github.milvusupgrade.k8s.api;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells a waiting thread that something changed, whatever it was. Feeds that are waited for together share one.
 *
 * <p>No change is missed: take {@link #count()}, look at everything, then wait for a change since that count.
 *
 * <pre>{@code
 * for (long seen = signal.count(); !done(); seen = signal.count()) {
 *     signal.awaitChangeSince(seen, pollInterval);
 * }
 * }</pre>
 */
public final class ChangeSignal {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long count;

    /** The changes so far. */
    public long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Says that something changed. */
    public void raise() {
        lock.lock();
        try {
            count++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until something changed since the count was taken; returns at once if it did already.
     *
     * @return whether something changed, rather than the time being over
     */
    public boolean awaitChangeSince(long seen, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (count == seen) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
