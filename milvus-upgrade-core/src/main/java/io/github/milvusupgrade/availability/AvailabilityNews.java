package io.github.milvusupgrade.availability;

import java.time.Instant;

/** What a measurement has to say while it goes on. The run makes events of it. */
public sealed interface AvailabilityNews {

    /** The name of the probe. */
    String probe();

    /** A notable gap began at {@code since} and goes on; {@code lastFailure} is empty if no attempt failed yet. */
    record GapOpened(String probe, Instant since, String lastFailure) implements AvailabilityNews {}

    /** A notable gap is over. */
    record GapClosed(String probe, Gap gap) implements AvailabilityNews {}

    /** A budget was broken. */
    record BudgetBroken(BrokenBudget broken) implements AvailabilityNews {
        @Override
        public String probe() {
            return broken.probe();
        }
    }
}
