package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.run.Cancellation;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While this is open, Ctrl-C (or SIGTERM) presses the stop button of a run and holds the process until the run has
 * stopped at a safe point and has reported. A run that is killed all the same can be resumed, too.
 */
final class StopOnCtrlC implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Cancellation cancellation = Cancellation.create();
    private final CountDownLatch over = new CountDownLatch(1);
    private final PrintStream out;

    private StopOnCtrlC(PrintStream out) {
        this.out = out;
    }

    static StopOnCtrlC arm(PrintStream out) {
        StopOnCtrlC stop = new StopOnCtrlC(out);
        Runtime.getRuntime().addShutdownHook(new Thread(stop::stop, "stop-on-ctrl-c"));
        return stop;
    }

    /** The button that is pressed. */
    Cancellation cancellation() {
        return cancellation;
    }

    /** The hook stays where it is: it cannot be removed any more once the process is ending, and does nothing now. */
    @Override
    public void close() {
        over.countDown();
    }

    private void stop() {
        if (over.getCount() == 0) {
            return;
        }
        cancellation.cancel();
        out.println("\nStopping at the next safe point.");
        try {
            if (!over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                out.println("The run did not stop within " + PATIENCE.toSeconds()
                        + " s and is cut off. Its lock expires by itself; then resume it or roll it back.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
