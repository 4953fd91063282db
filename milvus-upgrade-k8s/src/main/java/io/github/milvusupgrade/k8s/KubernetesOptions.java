package io.github.milvusupgrade.k8s;

import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.helmpath.HelmOptions;
import io.github.milvusupgrade.k8s.migrate.MigrateOptions;
import io.github.milvusupgrade.k8s.rolling.RollingOptions;
import io.github.milvusupgrade.k8s.rollout.Patience;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How an upgrade is done on Kubernetes. Immutable; every {@code with} returns changed options. The defaults are those
 * of {@code rollingUpdate.sh} where it has any; it lets nothing settle.
 */
public final class KubernetesOptions {

    private final Draft chosen;

    private KubernetesOptions(Draft chosen) {
        this.chosen = chosen;
    }

    /** The fields, while they are put together; never changed once they belong to options. */
    private static final class Draft implements Cloneable {

        private Duration leaseDuration = Duration.ofSeconds(60);
        private Duration pollInterval = Duration.ofSeconds(35);
        private int coordinatorMinReadySeconds = 30;
        private Duration coordinatorSettling = Duration.ofSeconds(15);
        private Duration soak = Duration.ZERO;
        private Duration timeoutPerPod = Duration.ofMinutes(15);
        private Patience patience = Patience.standard();
        private Optional<HelmOptions> helm = Optional.empty();
        private MigrateOptions migrate = MigrateOptions.defaults();

        private Draft with(Consumer<Draft> change) {
            try {
                Draft changed = (Draft) clone();
                change.accept(changed);
                return changed;
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private KubernetesOptions with(Consumer<Draft> change) {
        return new KubernetesOptions(chosen.with(change));
    }

    /**
     * A lock that a dead process loses after 60 s, watches checked after 35 s of silence, coordinators that must stay
     * ready for 30 s and settle for 15 s, no soak, 15 minutes for each pod, the budgets of {@link Patience#standard()},
     * a migration as {@link MigrateOptions#defaults()} has it.
     */
    public static KubernetesOptions defaults() {
        return new KubernetesOptions(new Draft());
    }

    /** After which time the lock of a process that died may be taken by another; at least 3 s. */
    public KubernetesOptions withLeaseDuration(Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(3)) < 0) {
            throw new IllegalArgumentException("A lock needs at least 3 s, but got " + duration + ".");
        }
        return with(draft -> draft.leaseDuration = duration);
    }

    /** After which silence a watch is checked against a list. */
    public KubernetesOptions withPollInterval(Duration interval) {
        return with(draft -> draft.pollInterval = interval);
    }

    /** The seconds that a new coordinator must stay ready before the old one goes. */
    public KubernetesOptions withCoordinatorMinReadySeconds(int seconds) {
        return with(draft -> draft.coordinatorMinReadySeconds = seconds);
    }

    /**
     * How long all components must have been available without a break after the last coordinator, before the first
     * node or proxy is touched; zero does not wait. 15 s is more than Milvus needs to show that a coordinator which has
     * just taken over is still busy with it.
     */
    public KubernetesOptions withCoordinatorSettling(Duration duration) {
        return with(draft -> draft.coordinatorSettling = duration);
    }

    /** How long each rollout must stay complete before the next component is touched. */
    public KubernetesOptions withSoak(Duration duration) {
        return with(draft -> draft.soak = duration);
    }

    /** The longest that a rollout may take for each pod that it replaces. */
    public KubernetesOptions withTimeoutPerPod(Duration duration) {
        return with(draft -> draft.timeoutPerPod = duration);
    }

    /** How long each kind of trouble is watched before a rollout is called stuck. */
    public KubernetesOptions withPatience(Patience budgets) {
        return with(draft -> draft.patience = budgets);
    }

    /**
     * How Helm releases are upgraded. Without it, hops of the helm path are planned and explained but not executed
     * ({@code MU-303}).
     */
    public KubernetesOptions withHelm(HelmOptions options) {
        return with(draft -> draft.helm = Optional.of(options));
    }

    /** How metadata is migrated from 2.1 to 2.2. */
    public KubernetesOptions withMigrate(MigrateOptions options) {
        return with(draft -> draft.migrate = options);
    }

    MigrateOptions migrate() {
        return chosen.migrate;
    }

    Optional<HelmOptions> helm() {
        return chosen.helm;
    }

    Duration leaseDuration() {
        return chosen.leaseDuration;
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
                chosen.pollInterval,
                defaults.time());
    }

    RollingOptions rolling() {
        return new RollingOptions(
                chosen.coordinatorMinReadySeconds,
                chosen.coordinatorSettling,
                chosen.soak,
                chosen.timeoutPerPod,
                chosen.patience);
    }
}
