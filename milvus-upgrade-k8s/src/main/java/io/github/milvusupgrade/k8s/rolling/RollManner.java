package io.github.milvusupgrade.k8s.rolling;

import java.time.Duration;

/**
 * How the Deployments of one kind of component are replaced. Data of a {@link RollingProfile}.
 *
 * @param together whether components that follow each other in the order of the hop are replaced at the same time, in
 *     one step; begun in that order. Several Deployments of one component are then replaced one after the other
 * @param takeOver how new pods take the place of old ones
 * @param minReadySeconds seconds that a new pod must stay ready before an old one goes; what the Deployment itself asks
 *     for holds if it is more
 * @param noticing how long everybody gets to notice that old pods have nothing to do any more, before they go; only
 *     where they are kept so long. Of {@link TakeOver#JOINING}, how long new data nodes must have kept what they took
 *     over
 */
public record RollManner(boolean together, TakeOver takeOver, int minReadySeconds, Duration noticing) {

    /** @throws IllegalArgumentException if a time is negative */
    public RollManner {
        if (minReadySeconds < 0 || noticing.isNegative()) {
            throw new IllegalArgumentException(
                    "No time can be negative, but got " + minReadySeconds + " s and " + noticing + ".");
        }
    }

    /** One component after the other, each pod as soon as its successor is available. */
    public static RollManner oneByOne() {
        return new RollManner(false, TakeOver.AS_AVAILABLE, 0, Duration.ZERO);
    }

    /** All components at the same time, each pod as soon as its successor is available. */
    public static RollManner allAtOnce() {
        return new RollManner(true, TakeOver.AS_AVAILABLE, 0, Duration.ZERO);
    }

    /** The same with another way of taking over, and the time that everybody gets to notice. */
    public RollManner withTakeOver(TakeOver way, Duration toNotice) {
        return new RollManner(together, way, minReadySeconds, toNotice);
    }

    /** The same with new pods that must stay ready for so long. */
    public RollManner withMinReadySeconds(int seconds) {
        return new RollManner(together, takeOver, seconds, noticing);
    }

    /** The same with another time that everybody gets to notice. */
    public RollManner withNoticing(Duration toNotice) {
        return new RollManner(together, takeOver, minReadySeconds, toNotice);
    }

    /** Whether old pods stay until their work is taken over from them. */
    boolean keepsOldPods() {
        return switch (takeOver) {
            case AS_AVAILABLE, JOINING -> false;
            case STANDING_BY, STEPPING_DOWN, BY_SERVICE -> true;
        };
    }
}
