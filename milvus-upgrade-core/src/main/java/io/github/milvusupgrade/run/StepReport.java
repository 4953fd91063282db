package io.github.milvusupgrade.run;

import io.github.milvusupgrade.step.StepId;
import java.time.Duration;
import java.time.Instant;

/**
 * What became of one step.
 *
 * @param step its id
 * @param title what it was to do
 * @param status how it ended
 * @param summary what it said about itself, or why it failed
 * @param started when it began; the start of the run for a step that did not
 * @param duration how long it took
 */
public record StepReport(StepId step, String title, Status status, String summary, Instant started, Duration duration) {

    /** How a step ended. */
    public enum Status {
        /** It changed something. */
        APPLIED,
        /** There was nothing left to do. */
        ALREADY_APPLIED,
        /** An earlier execution of the same run had finished it. */
        DONE_BEFORE,
        /** It failed; it may have changed something. */
        FAILED,
        /** It was stopped by its caller; it may have changed something. */
        CANCELLED,
        /** It was not begun. */
        NOT_STARTED
    }
}
