package io.github.milvusupgrade.availability;

import io.github.milvusupgrade.step.StepId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A time without a success: from the return of one success, or the beginning of measuring, to the return of the next.
 * Even a perfect service has gaps as long as the interval between attempts.
 *
 * @param since when it began
 * @param length how long it was, or has been so far
 * @param open whether no success has ended it yet
 * @param steps the steps that were running while a success was missed, which is from one interval after the last
 *     success on; in the order in which they began
 * @param failures how many attempts failed in it
 * @param lastFailure what the last of them said; empty if none did
 */
public record Gap(Instant since, Duration length, boolean open, List<StepId> steps, long failures, String lastFailure) {

    /** When it ended, or until when it is known to have lasted. */
    public Instant until() {
        return since.plus(length);
    }
}
