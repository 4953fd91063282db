package io.github.milvusupgrade.step;

/** What a step may say about itself when it did not fail; failing means to throw. */
public sealed interface StepResult {

    /** One line for the report. */
    String summary();

    /** The step changed something, and it is done. */
    static StepResult applied(String summary) {
        return new Applied(summary);
    }

    /** There was nothing left to do: what the step is for was already so. */
    static StepResult alreadyApplied(String reason) {
        return new AlreadyApplied(reason);
    }

    /** See {@link StepResult#applied}. */
    record Applied(String summary) implements StepResult {}

    /** See {@link StepResult#alreadyApplied}. */
    record AlreadyApplied(String summary) implements StepResult {}
}
