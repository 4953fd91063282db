package io.github.milvusupgrade.availability;

import java.time.Duration;

/**
 * How long successful attempts took: from when an attempt was begun, waiting for a thread included, to when it
 * returned. Failures are left out: how long they take says how patient the client is. Percentiles are at most a
 * thirty-second part too high.
 *
 * @param p50 half of the successes took no longer
 * @param p90 nine of ten took no longer
 * @param p99 99 of 100 took no longer
 * @param max the slowest, exactly
 */
public record Latency(Duration p50, Duration p90, Duration p99, Duration max) {}
