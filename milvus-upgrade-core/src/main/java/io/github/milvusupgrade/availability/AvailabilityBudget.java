package io.github.milvusupgrade.availability;

import io.github.milvusupgrade.step.OnFailure;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/**
 * How much unavailability an upgrade may cost before it has to stop. It is armed by the first success of its probe:
 * what does not serve when a run is resumed is what the run may be there to repair.
 *
 * @param longestGap no gap may be longer, the one that still goes on included
 * @param smallestRatio at least this part of all attempts succeeds, from 0 to 1; judged whenever a step is over and at
 *     the end, from 20 attempts on
 * @param onBreak what becomes of the run when the budget is broken
 */
public record AvailabilityBudget(Optional<Duration> longestGap, OptionalDouble smallestRatio, OnFailure onBreak) {

    /** One failure among few attempts says little about their ratio. */
    static final int JUDGED_FROM = 20;

    private static final AvailabilityBudget NONE =
            new AvailabilityBudget(Optional.empty(), OptionalDouble.empty(), OnFailure.STOP);

    /**
     * Check that the budget can be kept.
     *
     * @throws IllegalArgumentException if the gap is not positive, or the ratio not between 0 and 1
     */
    public AvailabilityBudget {
        longestGap.filter(gap -> gap.isNegative() || gap.isZero()).ifPresent(gap -> {
            throw new IllegalArgumentException(
                    "Between two attempts there is always a gap: " + gap + " cannot be kept.");
        });
        smallestRatio.ifPresent(ratio -> {
            if (!(ratio > 0 && ratio <= 1)) {
                throw new IllegalArgumentException("A success ratio lies between 0 and 1, not at " + ratio + ".");
            }
        });
    }

    /** Measure only: nothing stops the run. */
    public static AvailabilityBudget none() {
        return NONE;
    }

    /** A run in which no gap is longer; otherwise it stops. */
    public static AvailabilityBudget noGapOver(Duration gap) {
        return new AvailabilityBudget(Optional.of(gap), OptionalDouble.empty(), OnFailure.STOP);
    }

    /** A run in which at least this part of the attempts succeeds, such as 0.98; otherwise it stops. */
    public static AvailabilityBudget successRatio(double smallest) {
        return new AvailabilityBudget(Optional.empty(), OptionalDouble.of(smallest), OnFailure.STOP);
    }

    /** The same, and at least this part of the attempts succeeds. */
    public AvailabilityBudget andSuccessRatio(double smallest) {
        return new AvailabilityBudget(longestGap, OptionalDouble.of(smallest), onBreak);
    }

    /** The same, but a run that breaks it is taken back at once. */
    public AvailabilityBudget orTakeBack() {
        return new AvailabilityBudget(longestGap, smallestRatio, OnFailure.TAKE_BACK);
    }

    /** Whether there is anything to be broken. */
    public boolean isNone() {
        return longestGap.isEmpty() && smallestRatio.isEmpty();
    }

    /** One line for people, such as {@code no gap over 5.0 s}. */
    public String describe() {
        if (isNone()) {
            return "none";
        }
        StringJoiner text = new StringJoiner(", ");
        longestGap.ifPresent(gap -> text.add("no gap over " + Amounts.seconds(gap)));
        smallestRatio.ifPresent(ratio -> text.add(String.format(Locale.ROOT, "at least %.2f %% succeed", ratio * 100)));
        return text.toString();
    }
}
