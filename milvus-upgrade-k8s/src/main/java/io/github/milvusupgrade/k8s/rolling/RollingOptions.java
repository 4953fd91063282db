package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.rollout.Patience;
import java.time.Duration;

/**
 * How the rolling path is walked.
 *
 * @param coordinatorMinReadySeconds seconds that a new coordinator must stay ready before the old one goes; 30 in
 *     {@code rollingUpdate.sh}
 * @param soak how long a rollout must stay complete before the next step begins
 * @param timeoutPerPod the longest that a step may take for each pod that it replaces
 * @param patience how long each kind of trouble is watched before a rollout is called stuck
 */
public record RollingOptions(int coordinatorMinReadySeconds, Duration soak, Duration timeoutPerPod, Patience patience) {

    /** As {@code rollingUpdate.sh} does it: 30 s for coordinators, no soak; 15 minutes for each pod. */
    public static RollingOptions standard() {
        return new RollingOptions(30, Duration.ZERO, Duration.ofMinutes(15), Patience.standard());
    }
}
