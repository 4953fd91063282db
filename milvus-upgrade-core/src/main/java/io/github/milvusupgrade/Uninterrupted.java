package io.github.milvusupgrade;

/**
 * Does what a pending interrupt must not disturb, and keeps the interrupt for afterwards: on an interrupted thread file
 * channels close themselves and HTTP calls give up, so the end of a cancelled run would never be written down.
 */
final class Uninterrupted {

    private Uninterrupted() {}

    static void run(Runnable action) {
        boolean interrupted = Thread.interrupted();
        try {
            action.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
