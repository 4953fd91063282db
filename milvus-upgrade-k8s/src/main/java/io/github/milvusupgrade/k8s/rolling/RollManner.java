package io.github.milvusupgrade.k8s.rolling;

/**
 * How the Deployments of one kind of component are replaced. Data of a {@link RollingProfile}.
 *
 * @param together whether components that follow each other in the order of the hop are replaced at the same time, in
 *     one step; begun in that order. Several Deployments of one component are then replaced one after the other
 * @param takeOver how new pods take the place of old ones
 * @param minReadySeconds seconds that a new pod must stay ready before an old one goes; what the Deployment itself asks
 *     for holds if it is more
 */
public record RollManner(boolean together, TakeOver takeOver, int minReadySeconds) {

    /** @throws IllegalArgumentException if the seconds are negative */
    public RollManner {
        if (minReadySeconds < 0) {
            throw new IllegalArgumentException("A pod cannot stay ready for " + minReadySeconds + " s.");
        }
    }

    /** One component after the other, each pod as soon as its successor is available. */
    public static RollManner oneByOne() {
        return new RollManner(false, TakeOver.AS_AVAILABLE, 0);
    }

    /** All components at the same time, each pod as soon as its successor is available. */
    public static RollManner allAtOnce() {
        return new RollManner(true, TakeOver.AS_AVAILABLE, 0);
    }

    /** The same with another way of taking over. */
    public RollManner withTakeOver(TakeOver way) {
        return new RollManner(together, way, minReadySeconds);
    }

    /** The same with new pods that must stay ready for so long. */
    public RollManner withMinReadySeconds(int seconds) {
        return new RollManner(together, takeOver, seconds);
    }

    boolean keepsOldPods() {
        return takeOver != TakeOver.AS_AVAILABLE;
    }
}
