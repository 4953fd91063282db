package io.github.milvusupgrade.run;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The stop button of a run. Pressed from any thread; the run stops at the next safe point, which is between two writes,
 * and reports what was done. It can be resumed or rolled back afterwards.
 */
public final class Cancellation {

    private final AtomicBoolean requested = new AtomicBoolean();

    private Cancellation() {}

    /** A button that nobody has pressed yet. */
    public static Cancellation create() {
        return new Cancellation();
    }

    /** Ask the run to stop; further calls change nothing. */
    public void cancel() {
        requested.set(true);
    }

    /** Whether somebody asked the run to stop. */
    public boolean isRequested() {
        return requested.get();
    }
}
