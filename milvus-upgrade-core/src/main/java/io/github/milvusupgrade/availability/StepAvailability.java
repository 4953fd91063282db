package io.github.milvusupgrade.availability;

import io.github.milvusupgrade.step.StepId;
import java.time.Duration;

/**
 * What a probe saw of one step.
 *
 * @param step the step
 * @param before the attempts of the time before the step, as long as the surroundings of the watch; other steps may
 *     have been running then
 * @param during the attempts that were begun while the step was running
 * @param after the attempts of the time after the step, as long as the surroundings of the watch
 * @param longestGap the longest gap in which a success was missed while the step was running, in its whole length; a
 *     gap that lasted over several steps is that of each
 */
public record StepAvailability(
        StepId step, ProbeFigures before, ProbeFigures during, ProbeFigures after, Duration longestGap) {}
