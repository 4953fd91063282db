package io.github.milvusupgrade.availability;

import java.time.Duration;

/**
 * How often a probe is attempted, and how long one attempt may take. An attempt is begun when it is due, whether or not
 * earlier ones have returned: a client that waits would otherwise hide the outage that it waits for.
 *
 * @param interval between the beginnings of two attempts
 * @param attemptTimeout after which an attempt that has not returned is a failure; 5 s by default
 * @param notableGap gaps that are longer are told to listeners, listed and drawn; by default three intervals, and at
 *     least 1 s
 */
public record ProbeSchedule(Duration interval, Duration attemptTimeout, Duration notableGap) {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SMALLEST_NOTABLE = Duration.ofSeconds(1);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /**
     * Check that time passes.
     *
     * @throws IllegalArgumentException if the interval is below 1 ms, the timeout is not positive, or a gap would be
     *     notable that every interval makes
     */
    public ProbeSchedule {
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "An interval of " + interval + " between attempts is too short: " + SHORTEST + " is the least.");
        }
        if (attemptTimeout.isNegative() || attemptTimeout.isZero()) {
            throw new IllegalArgumentException("An attempt needs time: " + attemptTimeout + " is none.");
        }
        if (notableGap.compareTo(interval) <= 0) {
            throw new IllegalArgumentException("With an attempt every " + interval + ", there is always a gap of that;"
                    + " notable are only longer ones, not " + notableGap + ".");
        }
    }

    /** So many attempts in a second, such as 10, or 0.5 for one every two seconds. */
    public static ProbeSchedule perSecond(double attempts) {
        if (!(attempts > 0)) {
            throw new IllegalArgumentException(attempts + " attempts per second are none.");
        }
        return every(Duration.ofNanos((long) (NANOS_PER_SECOND / attempts)));
    }

    /** One attempt in each interval. */
    public static ProbeSchedule every(Duration interval) {
        Duration three = interval.multipliedBy(3);
        return new ProbeSchedule(interval, TIMEOUT, three.compareTo(SMALLEST_NOTABLE) < 0 ? SMALLEST_NOTABLE : three);
    }

    /** The same with another time for each attempt. */
    public ProbeSchedule withAttemptTimeout(Duration timeout) {
        return new ProbeSchedule(interval, timeout, notableGap);
    }

    /** The same with other gaps being worth a line. */
    public ProbeSchedule withNotableGap(Duration gap) {
        return new ProbeSchedule(interval, attemptTimeout, gap);
    }

    /**
     * How many attempts may be under way. Half of it is what a probe needs that always takes its whole timeout; the
     * other half is for attempts that did not return when they were told to.
     */
    int places() {
        long atOnce = attemptTimeout.dividedBy(interval) + 1;
        return (int) Math.min(2 * atOnce, Integer.MAX_VALUE);
    }
}
