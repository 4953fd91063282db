package io.github.milvusupgrade.step;

/**
 * The way back from a step, declared before it runs, so that a plan can show where the point of no return lies. What an
 * undo needs to know comes from {@link UpgradeStep#capture}, which was recorded before anything was touched: it works
 * days later, in another process.
 */
public sealed interface Undo {

    /** One line for people: what going back does, or why it cannot or need not. */
    String summary();

    /** The step can be undone by an action, which must be idempotent like the step itself. */
    static Undo by(String summary, Action action) {
        return new By(summary, action);
    }

    /** The step cannot be undone: a plan shows it as a point of no return. */
    static Undo impossible(String reason) {
        return new Impossible(reason);
    }

    /** The step changes nothing that would have to be undone. */
    static Undo notNeeded(String reason) {
        return new NotNeeded(reason);
    }

    /** Brings back what was before the step. */
    @FunctionalInterface
    interface Action {
        /**
         * Go back. The context offers what was captured before the step; it may be called again after a failure or a
         * crash, and then has to finish what is left.
         */
        StepResult undo(StepContext context) throws InterruptedException;
    }

    /** See {@link Undo#by}. */
    record By(String summary, Action action) implements Undo {}

    /** See {@link Undo#impossible}. */
    record Impossible(String summary) implements Undo {}

    /** See {@link Undo#notNeeded}. */
    record NotNeeded(String summary) implements Undo {}
}
