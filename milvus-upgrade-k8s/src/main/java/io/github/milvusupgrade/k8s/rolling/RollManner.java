package io.github.milvusupgrade.k8s.rolling;

/**
 * How the Deployments of one kind of component are replaced. Data of a {@link RollingProfile}.
 *
 * @param together whether components that follow each other in the order of the hop are replaced at the same time, in
 *     one step; begun in that order. Several Deployments of one component are then replaced one after the other
 * @param standBy whether new pods are kept beside the old ones until all of them stand by, and take over then: for
 *     coordinators that are active-standby
 * @param minReadySeconds seconds that a new pod must stay ready before an old one goes; what the Deployment itself asks
 *     for holds if it is more
 */
public record RollManner(boolean together, boolean standBy, int minReadySeconds) {

    /** @throws IllegalArgumentException if the seconds are negative */
    public RollManner {
        if (minReadySeconds < 0) {
            throw new IllegalArgumentException("A pod cannot stay ready for " + minReadySeconds + " s.");
        }
    }

    /** One component after the other. */
    public static RollManner oneByOne() {
        return new RollManner(false, false, 0);
    }

    /** All at the same time. */
    public static RollManner allAtOnce() {
        return new RollManner(true, false, 0);
    }

    /** All at the same time, and none takes over before all stand by. */
    public static RollManner standingBy() {
        return new RollManner(true, true, 0);
    }

    /** The same, with new pods that must stay ready for so long. */
    public RollManner withMinReadySeconds(int seconds) {
        return new RollManner(together, standBy, seconds);
    }
}
