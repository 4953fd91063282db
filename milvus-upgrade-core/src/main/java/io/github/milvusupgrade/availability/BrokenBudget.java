package io.github.milvusupgrade.availability;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What became too much for a budget. Said once for each probe; what happens later does not mend it.
 *
 * @param probe its name
 * @param budget the budget
 * @param at when that was found
 * @param gap the gap that was too long; empty if it is the ratio
 * @param soFar all attempts until then
 */
public record BrokenBudget(String probe, AvailabilityBudget budget, Instant at, Optional<Gap> gap, ProbeFigures soFar) {

    /** What was seen and what is allowed, without a period. */
    public String describe() {
        return gap.map(this::describe)
                .orElseGet(() -> String.format(
                        Locale.ROOT,
                        "probe \"%s\" succeeded in %d of %d attempts, %.2f %%: its budget is %s",
                        probe,
                        soFar.successes(),
                        soFar.attempts(),
                        100 * soFar.successRatio().orElse(0),
                        budget.describe()));
    }

    private String describe(Gap gap) {
        return "probe \"" + probe + "\" " + (gap.open() ? "has had" : "had") + " no success for "
                + Amounts.seconds(gap.length()) + ", since " + gap.since() + ": its budget is " + budget.describe()
                + (gap.lastFailure().isEmpty() ? "" : "; the last failure was: " + gap.lastFailure());
    }
}
