package io.github.milvusupgrade.k8s;

import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.rolling.RollingOptions;
import io.github.milvusupgrade.k8s.rollout.Patience;
import java.time.Duration;

/**
 * How an upgrade is done on Kubernetes. Immutable; every {@code with} returns changed options. The defaults are those
 * of {@code rollingUpdate.sh} where it has any; it lets nothing settle.
 */
public final class KubernetesOptions {

    private final Duration leaseDuration;
    private final Duration pollInterval;
    private final int coordinatorMinReadySeconds;
    private final Duration coordinatorSettling;
    private final Duration soak;
    private final Duration timeoutPerPod;
    private final Patience patience;

    private KubernetesOptions(
            Duration leaseDuration,
            Duration pollInterval,
            int coordinatorMinReadySeconds,
            Duration coordinatorSettling,
            Duration soak,
            Duration timeoutPerPod,
            Patience patience) {
        this.leaseDuration = leaseDuration;
        this.pollInterval = pollInterval;
        this.coordinatorMinReadySeconds = coordinatorMinReadySeconds;
        this.coordinatorSettling = coordinatorSettling;
        this.soak = soak;
        this.timeoutPerPod = timeoutPerPod;
        this.patience = patience;
    }

    /**
     * A lock that a dead process loses after 60 s, watches checked after 35 s of silence, coordinators that must stay
     * ready for 30 s and settle for 15 s, no soak, 15 minutes for each pod, the budgets of {@link Patience#standard()}.
     */
    public static KubernetesOptions defaults() {
        return new KubernetesOptions(
                Duration.ofSeconds(60),
                Duration.ofSeconds(35),
                30,
                Duration.ofSeconds(15),
                Duration.ZERO,
                Duration.ofMinutes(15),
                Patience.standard());
    }

    /** After which time the lock of a process that died may be taken by another; at least 3 s. */
    public KubernetesOptions withLeaseDuration(Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(3)) < 0) {
            throw new IllegalArgumentException("A lock needs at least 3 s, but got " + duration + ".");
        }
        return new KubernetesOptions(
                duration, pollInterval, coordinatorMinReadySeconds, coordinatorSettling, soak, timeoutPerPod, patience);
    }

    /** After which silence a watch is checked against a list. */
    public KubernetesOptions withPollInterval(Duration interval) {
        return new KubernetesOptions(
                leaseDuration,
                interval,
                coordinatorMinReadySeconds,
                coordinatorSettling,
                soak,
                timeoutPerPod,
                patience);
    }

    /** The seconds that a new coordinator must stay ready before the old one goes. */
    public KubernetesOptions withCoordinatorMinReadySeconds(int seconds) {
        return new KubernetesOptions(
                leaseDuration, pollInterval, seconds, coordinatorSettling, soak, timeoutPerPod, patience);
    }

    /**
     * How long all components must have been available without a break after the last coordinator, before the first
     * node or proxy is touched; zero does not wait. 15 s is more than Milvus needs to show that a coordinator which has
     * just taken over is still busy with it.
     */
    public KubernetesOptions withCoordinatorSettling(Duration duration) {
        return new KubernetesOptions(
                leaseDuration, pollInterval, coordinatorMinReadySeconds, duration, soak, timeoutPerPod, patience);
    }

    /** How long each rollout must stay complete before the next component is touched. */
    public KubernetesOptions withSoak(Duration duration) {
        return new KubernetesOptions(
                leaseDuration,
                pollInterval,
                coordinatorMinReadySeconds,
                coordinatorSettling,
                duration,
                timeoutPerPod,
                patience);
    }

    /** The longest that a rollout may take for each pod that it replaces. */
    public KubernetesOptions withTimeoutPerPod(Duration duration) {
        return new KubernetesOptions(
                leaseDuration, pollInterval, coordinatorMinReadySeconds, coordinatorSettling, soak, duration, patience);
    }

    /** How long each kind of trouble is watched before a rollout is called stuck. */
    public KubernetesOptions withPatience(Patience budgets) {
        return new KubernetesOptions(
                leaseDuration,
                pollInterval,
                coordinatorMinReadySeconds,
                coordinatorSettling,
                soak,
                timeoutPerPod,
                budgets);
    }

    Duration leaseDuration() {
        return leaseDuration;
    }

    KubeApiOptions api() {
        KubeApiOptions defaults = KubeApiOptions.defaults();
        return new KubeApiOptions(
                defaults.callTimeout(),
                defaults.callBudget(),
                defaults.firstBackoff(),
                defaults.longestBackoff(),
                defaults.longestRetryAfter(),
                defaults.watchWindow(),
                pollInterval,
                defaults.time());
    }

    RollingOptions rolling() {
        return new RollingOptions(coordinatorMinReadySeconds, coordinatorSettling, soak, timeoutPerPod, patience);
    }
}
