package io.github.milvusupgrade.availability;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What came of the attempts that were begun within a time. An attempt that was not decided when measuring ended is no
 * attempt.
 *
 * @param attempts successes and failures together
 * @param successes attempts that returned in time
 * @param latency of the successes; empty if there were none
 */
public record ProbeFigures(long attempts, long successes, Optional<Latency> latency) {

    /** Attempts that threw, did not return in time, or could not be begun. */
    public long failures() {
        return attempts - successes;
    }

    /** Successes by attempts, from 0 to 1; empty if nothing was attempted. */
    public OptionalDouble successRatio() {
        return attempts == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) successes / attempts);
    }
}
