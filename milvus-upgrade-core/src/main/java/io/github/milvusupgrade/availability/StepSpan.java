package io.github.milvusupgrade.availability;

import io.github.milvusupgrade.step.StepId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The time of one step, and what was attempted around and in it. Not for several threads. */
final class StepSpan {

    private final StepId step;
    private final Instant start;
    private final Duration surroundings;
    private final Tally before = new Tally();
    private final Tally during = new Tally();
    private final Tally after = new Tally();
    private Duration longestGap = Duration.ZERO;
    private @Nullable Instant end;

    StepSpan(StepId step, Instant start, Duration surroundings) {
        this.step = step;
        this.start = start;
        this.surroundings = surroundings;
    }

    StepId step() {
        return step;
    }

    void end(Instant now) {
        end = now;
    }

    void add(Instant begun, Optional<Duration> latency) {
        if (begun.isBefore(start)) {
            if (!begun.isBefore(start.minus(surroundings))) {
                before.add(latency);
            }
        } else if (end == null || begun.isBefore(end)) {
            during.add(latency);
        } else if (begun.isBefore(end.plus(surroundings))) {
            after.add(latency);
        }
    }

    /** Whether the step was running at some time between two moments. */
    boolean overlaps(Instant from, Instant until) {
        return !start.isAfter(until) && (end == null || !end.isBefore(from));
    }

    void gap(Duration length) {
        if (length.compareTo(longestGap) > 0) {
            longestGap = length;
        }
    }

    StepAvailability figures() {
        return new StepAvailability(step, before.figures(), during.figures(), after.figures(), longestGap);
    }
}
