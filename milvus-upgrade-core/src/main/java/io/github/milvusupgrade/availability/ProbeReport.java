package io.github.milvusupgrade.availability;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a probe saw of one execution.
 *
 * @param probe its name
 * @param schedule how often it was attempted
 * @param budget what it allowed
 * @param from when measuring began
 * @param until when it ended
 * @param before attempts that were begun before the first step
 * @param during attempts that were begun from the beginning of the first step to the end of the last one
 * @param after attempts that were begun after the last step
 * @param longestGap the longest of all, before and after included
 * @param gaps the notable ones in order, at most 200
 * @param gapsLeftOut how many more there were
 * @param failures how often attempts failed with which text; the rarer ones may be missing
 * @param steps each step that was begun
 * @param broken how the budget was broken; empty if it was kept, or is not in force
 */
public record ProbeReport(
        String probe,
        ProbeSchedule schedule,
        AvailabilityBudget budget,
        Instant from,
        Instant until,
        ProbeFigures before,
        ProbeFigures during,
        ProbeFigures after,
        Duration longestGap,
        List<Gap> gaps,
        long gapsLeftOut,
        SortedMap<String, Long> failures,
        List<StepAvailability> steps,
        Optional<BrokenBudget> broken) {

    /** All attempts that were decided. */
    public long attempts() {
        return before.attempts() + during.attempts() + after.attempts();
    }

    /** All attempts that succeeded. */
    public long successes() {
        return before.successes() + during.successes() + after.successes();
    }
}
