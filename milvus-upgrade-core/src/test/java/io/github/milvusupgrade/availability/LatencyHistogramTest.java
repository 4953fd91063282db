package io.github.milvusupgrade.availability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {

    private final LatencyHistogram latencies = new LatencyHistogram();

    @Test
    void nothingMeasuredIsNothingSaid() {
        assertThat(latencies.summary()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 31, 32, 33, 1_000, 999_999, 86_400_000_000L})
    void oneLatencyIsEveryPercentileOfItself(long micros) {
        Duration latency = Duration.ofNanos(micros * 1_000);
        latencies.add(latency);

        assertThat(latencies.summary()).contains(new Latency(latency, latency, latency, latency));
    }

    @Test
    void percentilesAreAtMostAThirtySecondPartTooHigh() {
        long[] micros = new Random(7)
                .doubles(10_000)
                .mapToLong(random -> (long) Math.exp(random * 18))
                .toArray();
        Arrays.stream(micros).forEach(latency -> latencies.add(Duration.ofNanos(latency * 1_000)));
        Arrays.sort(micros);

        Latency summary = latencies.summary().orElseThrow();

        assertClose(summary.p50(), micros[4_999]);
        assertClose(summary.p90(), micros[8_999]);
        assertClose(summary.p99(), micros[9_899]);
        assertThat(summary.max()).isEqualTo(Duration.ofNanos(micros[9_999] * 1_000));
    }

    private static void assertClose(Duration percentile, long micros) {
        assertThat(percentile.toNanos() / 1_000).isBetween(micros, micros + micros / 32 + 1);
    }
}
