package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.rollout.Patience;
import java.time.Duration;

/**
 * How the rolling path is walked.
 *
 * @param profile what is replaced together, and what waits for what
 * @param coordinatorSettling how long all components must have been available after the last coordinator; zero does not
 *     wait
 * @param soak how long a rollout must stay complete before the next step begins
 * @param timeoutPerPod the longest that a step may take for each pod that it replaces
 * @param patience how long each kind of trouble is watched before a rollout is called stuck
 */
public record RollingOptions(
        RollingProfile profile,
        Duration coordinatorSettling,
        Duration soak,
        Duration timeoutPerPod,
        Patience patience) {

    /** The gentle profile, 15 s to settle, no soak; 15 minutes for each pod. */
    public static RollingOptions standard() {
        return new RollingOptions(
                RollingProfile.gentle(),
                Duration.ofSeconds(15),
                Duration.ZERO,
                Duration.ofMinutes(15),
                Patience.standard());
    }
}
