package io.github.milvusupgrade.availability;

import java.time.Duration;
import java.util.Optional;

/**
 * Latencies in buckets whose width is a thirty-second part of their value, in microseconds: hours of attempts take some
 * kilobytes. Not for several threads.
 */
final class LatencyHistogram {

    private static final int BITS = 5;
    private static final int PARTS = 1 << BITS;
    private static final int BUCKETS = PARTS * (Long.SIZE - BITS);
    private static final long NANOS_PER_MICRO = 1_000;

    private int[] counts = {};
    private long total;
    private long max;

    void add(Duration latency) {
        if (total == 0) {
            counts = new int[BUCKETS];
        }
        long micros = latency.toNanos() / NANOS_PER_MICRO;
        counts[bucket(micros)]++;
        total++;
        max = Math.max(max, micros);
    }

    /** Empty if nothing was added. */
    Optional<Latency> summary() {
        return total == 0
                ? Optional.empty()
                : Optional.of(new Latency(percentile(50), percentile(90), percentile(99), micros(max)));
    }

    private Duration percentile(int percent) {
        long rank = (total * percent + 99) / 100;
        long seen = 0;
        int bucket = -1;
        while (seen < rank) {
            bucket++;
            seen += counts[bucket];
        }
        return micros(Math.min(largestOf(bucket), max));
    }

    private static int bucket(long micros) {
        if (micros < PARTS) {
            return (int) micros;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros) - BITS;
        return (shift + 1) * PARTS + (int) (micros >>> shift) - PARTS;
    }

    private static long largestOf(int bucket) {
        if (bucket < PARTS) {
            return bucket;
        }
        int shift = bucket / PARTS - 1;
        return ((long) (bucket % PARTS + PARTS + 1) << shift) - 1;
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(micros * NANOS_PER_MICRO);
    }
}
