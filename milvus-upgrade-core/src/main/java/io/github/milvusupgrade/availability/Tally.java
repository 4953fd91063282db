package io.github.milvusupgrade.availability;

import java.time.Duration;
import java.util.Optional;

/** Counts attempts. Not for several threads. */
final class Tally {

    private final LatencyHistogram latencies = new LatencyHistogram();
    private long attempts;
    private long successes;

    /** Count an attempt; one without a latency failed. */
    void add(Optional<Duration> latency) {
        attempts++;
        latency.ifPresent(took -> {
            successes++;
            latencies.add(took);
        });
    }

    ProbeFigures figures() {
        return new ProbeFigures(attempts, successes, latencies.summary());
    }
}
