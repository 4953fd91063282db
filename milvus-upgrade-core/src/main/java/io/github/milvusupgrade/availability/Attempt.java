package io.github.milvusupgrade.availability;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt between the timer, which may end it, and a worker, which may or may not return from it. Whoever decides
 * it first has decided. An interrupt meets the attempt or nothing: never what its thread does next.
 */
final class Attempt {

    private final Instant begun;
    private boolean decided;
    private @Nullable Thread worker;

    Attempt(Instant begun) {
        this.begun = begun;
    }

    Instant begun() {
        return begun;
    }

    /** Claim the outcome; answers false if it is decided already. */
    synchronized boolean decide() {
        boolean first = !decided;
        decided = true;
        return first;
    }

    /** The current thread begins to work on it; answers false if its time is over already. */
    synchronized boolean enter() {
        if (decided) {
            return false;
        }
        worker = Thread.currentThread();
        return true;
    }

    /** The current thread has returned from it, and takes no interrupt along that was meant for it. */
    synchronized void leave() {
        worker = null;
        if (decided) {
            Thread.interrupted();
        }
    }

    synchronized void interrupt() {
        if (worker != null) {
            worker.interrupt();
        }
    }
}
