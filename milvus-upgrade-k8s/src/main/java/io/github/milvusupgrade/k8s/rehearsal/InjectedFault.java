package io.github.milvusupgrade.k8s.rehearsal;

import java.util.concurrent.atomic.AtomicInteger;

/** A fault that is in force in a {@link RehearsalCluster}. Safe for use by several threads. */
public final class InjectedFault implements AutoCloseable {

    private final Runnable removal;
    private final AtomicInteger hits = new AtomicInteger();

    InjectedFault(Runnable removal) {
        this.removal = removal;
    }

    /** How often it happened. */
    public int hits() {
        return hits.get();
    }

    /** Ends the fault; pods that suffer from it recover by themselves. A second call does nothing. */
    public void clear() {
        removal.run();
    }

    /** The same as {@link #clear()}, for try-with-resources. */
    @Override
    public void close() {
        clear();
    }

    void hit() {
        hits.incrementAndGet();
    }
}
