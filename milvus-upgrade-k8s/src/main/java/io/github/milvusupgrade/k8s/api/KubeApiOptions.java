package io.github.milvusupgrade.k8s.api;

import java.time.Duration;

/**
 * How patient the gateway is.
 *
 * @param callTimeout the longest that one request may take, from connecting to the last byte of the answer
 * @param callBudget the longest that one call may take with all its retries, where no {@link Deadline} was given
 * @param firstBackoff the pause before the first retry; doubled each time, spread by half to either side
 * @param longestBackoff the most that the pause grows to
 * @param longestRetryAfter the most that is waited because the server asked for it
 * @param watchWindow after this the server ends a watch, which then is continued by a new one
 * @param pollInterval a feed that received nothing for so long is checked against a list
 * @param time the passing of time
 */
public record KubeApiOptions(
        Duration callTimeout,
        Duration callBudget,
        Duration firstBackoff,
        Duration longestBackoff,
        Duration longestRetryAfter,
        Duration watchWindow,
        Duration pollInterval,
        Time time) {

    /**
     * 30 s for a request, 2 min for a call with its retries, pauses of 200 ms to 10 s, at most 30 s on the server's
     * word, watches of 2 min, feeds checked after 30 s of silence.
     */
    public static KubeApiOptions defaults() {
        return new KubeApiOptions(
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                Duration.ofSeconds(30),
                Time.system());
    }
}
