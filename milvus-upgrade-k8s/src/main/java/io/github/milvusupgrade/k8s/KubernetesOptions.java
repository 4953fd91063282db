package io.github.milvusupgrade.k8s;

import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.gate.GateOptions;
import io.github.milvusupgrade.k8s.helmpath.HelmOptions;
import io.github.milvusupgrade.k8s.migrate.MigrateOptions;
import io.github.milvusupgrade.k8s.rolling.RollingOptions;
import io.github.milvusupgrade.k8s.rolling.RollingProfile;
import io.github.milvusupgrade.k8s.rollout.Patience;
import io.github.milvusupgrade.step.Gate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How an upgrade is done on Kubernetes. Immutable; every {@code with} returns changed options. The defaults are what
 * clients felt least of when it was measured.
 */
public final class KubernetesOptions {

    private final Draft settings;

    private KubernetesOptions(Draft settings) {
        this.settings = settings;
    }

    /**
     * A lock that a dead process loses after 60 s, watches checked after 35 s of silence,
     * {@link RollingProfile#gentle()}, gates that see Milvus and wait up to 5 min, 15 s of rest where it cannot be
     * seen, no soak, 15 minutes for each pod, the budgets of {@link Patience#standard()}, a migration as
     * {@link MigrateOptions#defaults()} has it.
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

    /**
     * How rolling hops go about their components. A run is resumed with the profile that it was begun with, or with one
     * that makes the same steps.
     */
    public KubernetesOptions withProfile(RollingProfile chosen) {
        return with(draft -> draft.profile = chosen);
    }

    /**
     * How long all components must have been available without a break where Milvus itself cannot be seen: after the
     * last coordinator, before the first node or proxy is touched, and after each kind of node and proxy. Zero does not
     * wait. 15 s is more than Milvus needs to show that a coordinator which has just taken over is still busy with it.
     */
    public KubernetesOptions withCoordinatorSettling(Duration duration) {
        return with(draft -> draft.coordinatorSettling = duration);
    }

    /**
     * Whether Milvus itself is asked how it is, through the API server, so that gates between the steps see what
     * Kubernetes does not; true by default. Without it a plan is blind, as it is where the pods cannot be asked.
     */
    public KubernetesOptions withProbe(boolean asked) {
        return with(draft -> draft.probe = asked);
    }

    /**
     * How long a gate waits while nothing of what it misses changes, before it stops the upgrade ({@code MU-526}); at
     * most as long as the step may take. Raise it where a coordinator needs long to recover, or a query node to load
     * one segment. Below two minutes a way back may fail, because Kubernetes waits that long before it starts an old
     * coordinator again that was asked to end several times.
     */
    public KubernetesOptions withGateBudget(Duration duration) {
        return with(draft -> draft.gateBudget = duration);
    }

    /**
     * One more gate, after those of the library and those that were added before. Asked on rolling hops, also where the
     * library itself is blind.
     */
    public KubernetesOptions withGate(Gate gate) {
        return with(draft -> draft.gates =
                Stream.concat(draft.gates.stream(), Stream.of(gate)).toList());
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
        return settings.migrate;
    }

    Optional<HelmOptions> helm() {
        return settings.helm;
    }

    Duration leaseDuration() {
        return settings.leaseDuration;
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
                settings.pollInterval,
                defaults.time());
    }

    GateOptions gates() {
        return new GateOptions(settings.probe, settings.gateBudget, settings.coordinatorSettling, settings.gates);
    }

    RollingOptions rolling() {
        return new RollingOptions(
                settings.profile,
                settings.coordinatorSettling,
                settings.soak,
                settings.timeoutPerPod,
                settings.patience);
    }

    private KubernetesOptions with(Consumer<Draft> change) {
        Draft changed = new Draft(settings);
        change.accept(changed);
        return new KubernetesOptions(changed);
    }

    /** The settings while one of them is changed; afterwards nobody touches them. */
    private static final class Draft {

        private Duration leaseDuration = Duration.ofSeconds(60);
        private Duration pollInterval = Duration.ofSeconds(35);
        private RollingProfile profile = RollingProfile.gentle();
        private Duration coordinatorSettling = Duration.ofSeconds(15);
        private boolean probe = true;
        private Duration gateBudget = Duration.ofMinutes(5);
        private List<Gate> gates = List.of();
        private Duration soak = Duration.ZERO;
        private Duration timeoutPerPod = Duration.ofMinutes(15);
        private Patience patience = Patience.standard();
        private Optional<HelmOptions> helm = Optional.empty();
        private MigrateOptions migrate = MigrateOptions.defaults();

        Draft() {}

        Draft(Draft other) {
            leaseDuration = other.leaseDuration;
            pollInterval = other.pollInterval;
            profile = other.profile;
            coordinatorSettling = other.coordinatorSettling;
            probe = other.probe;
            gateBudget = other.gateBudget;
            gates = other.gates;
            soak = other.soak;
            timeoutPerPod = other.timeoutPerPod;
            patience = other.patience;
            helm = other.helm;
            migrate = other.migrate;
        }
    }
}
