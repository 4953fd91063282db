package io.github.milvusupgrade.k8s.rollout;

import java.time.Duration;

/**
 * How long each kind of trouble is watched before a rollout is called stuck. Zero means at once. Every trouble is told
 * to the listeners as soon as it is seen, whatever its budget.
 *
 * @param imagePull an image that could not be pulled for a reason that may pass, such as a registry that does not
 *     answer or limits the rate; one that does not exist is called stuck at once
 * @param crashing a container that crashes, counted from its first crash
 * @param crashRestarts the restarts after which a crashing container is called stuck even before that time: Milvus
 *     sometimes panics once while it starts (milvus-io/milvus#36411)
 * @param scheduling a pod that no node takes: a cluster autoscaler needs this time
 * @param creating a pod that is refused by a quota, a limit or an admission webhook
 * @param terminating the time that an old pod may take beyond its own grace period
 * @param noProgress a rollout of which no number has changed, whatever its own {@code progressDeadlineSeconds} says
 */
public record Patience(
        Duration imagePull,
        Duration crashing,
        int crashRestarts,
        Duration scheduling,
        Duration creating,
        Duration terminating,
        Duration noProgress) {

    /**
     * 30 s for pulls, which is two attempts of the kubelet; 90 s or 3 restarts for crashes; 60 s to find a node; 5 s
     * for quotas; 2 min beyond the grace period; 10 min without any progress, as {@code progressDeadlineSeconds} by
     * default.
     */
    public static Patience standard() {
        return new Patience(
                Duration.ofSeconds(30),
                Duration.ofSeconds(90),
                3,
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                Duration.ofMinutes(2),
                Duration.ofMinutes(10));
    }
}
