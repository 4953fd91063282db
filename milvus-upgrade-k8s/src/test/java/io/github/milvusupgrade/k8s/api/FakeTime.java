package io.github.milvusupgrade.k8s.api;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only by sleeping, and that remembers each sleep. */
final class FakeTime implements Time {

    private final AtomicLong nanos = new AtomicLong(1);
    private final List<Duration> sleeps = new CopyOnWriteArrayList<>();
    private volatile boolean interrupting;

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted() || interrupting) {
            throw new InterruptedException();
        }
        sleeps.add(duration);
        pass(duration);
    }

    /** Lets each sleep from now on be ended by an interrupt. */
    void interruptSleeps() {
        interrupting = true;
    }

    void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    List<Duration> sleeps() {
        return sleeps;
    }

    Duration slept() {
        return sleeps.stream().reduce(Duration.ZERO, Duration::plus);
    }
}
