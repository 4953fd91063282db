package io.github.milvusupgrade.k8s;

import io.github.milvusupgrade.MilvusCluster;
import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.gate.Gates;
import io.github.milvusupgrade.k8s.helmpath.HelmPath;
import io.github.milvusupgrade.k8s.inspect.InstanceInspector;
import io.github.milvusupgrade.k8s.migrate.MigratePath;
import io.github.milvusupgrade.k8s.preflight.PreflightChecks;
import io.github.milvusupgrade.k8s.preflight.RequiredAccess;
import io.github.milvusupgrade.k8s.release.BrokenOff;
import io.github.milvusupgrade.k8s.release.ReleaseHistory;
import io.github.milvusupgrade.k8s.release.ReleaseReader;
import io.github.milvusupgrade.k8s.rolling.RollingPath;
import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.k8s.rollout.PodWatch;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.k8s.state.ConfigMapJournal;
import io.github.milvusupgrade.k8s.state.LeaseLock;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.path.PathKind;
import io.github.milvusupgrade.path.UpgradePath;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Milvus instance on Kubernetes. Made with the caller's own client, which is used as it is and never changed; nothing
 * is sent before a method is called. Immutable and safe for many threads: one object for each instance, one client for
 * many.
 *
 * <pre>{@code
 * MilvusCluster milvus = KubernetesMilvusCluster.connect(apiClient, "default", "my-release");
 * }</pre>
 *
 * <p>The journal is a ConfigMap for each run and the lock a Lease, both in the namespace of the instance.
 */
public final class KubernetesMilvusCluster implements MilvusCluster {

    private final ClusterId id;
    private final KubeApi api;
    private final Gates gates;
    private final RollingPath rolling;
    private final Optional<HelmPath> helm;
    private final MigratePath migrate;
    private final ConfigMapJournal journal;
    private final LeaseLock lease;
    private final RunLock lock;

    private KubernetesMilvusCluster(ApiClient client, ClusterId id, KubernetesOptions options) {
        KubeApiOptions apiOptions = options.api();
        this.id = id;
        this.api = KubeApi.over(client, apiOptions);
        LiveInstance live = new LiveInstance(api, apiOptions.time(), id);
        RolloutWatch watch = new RolloutWatch(
                api,
                live,
                apiOptions.time(),
                options.rolling().patience(),
                options.rolling().soak());
        this.gates = new Gates(api, live, id.namespace(), watch, apiOptions.time(), options.gates());
        this.rolling = new RollingPath(api, apiOptions.time(), live, watch, options.rolling(), gates);
        this.helm = options.helm()
                .map(chosen -> new HelmPath(
                        api, apiOptions.time(), watch, chosen, options.rolling().timeoutPerPod()));
        this.migrate = new MigratePath(
                api,
                apiOptions.time(),
                watch,
                new PodWatch(api, apiOptions.time(), options.rolling().patience()),
                options.migrate(),
                options.rolling().timeoutPerPod());
        this.journal = new ConfigMapJournal(api, id.namespace());
        this.lease = new LeaseLock(api, apiOptions.time(), Clock.systemUTC(), options.leaseDuration());
        this.lock = new WatchedLock(lease, live);
    }

    /**
     * Name the instance to upgrade.
     *
     * @param client the caller's client: its address, credentials and TLS settings are used
     * @param namespace the namespace of the instance
     * @param instance the name of the instance, which is that of its Helm release
     */
    public static KubernetesMilvusCluster connect(ApiClient client, String namespace, String instance) {
        return connect(client, namespace, instance, KubernetesOptions.defaults());
    }

    /** Name the instance to upgrade, with options of your own. */
    public static KubernetesMilvusCluster connect(
            ApiClient client, String namespace, String instance, KubernetesOptions options) {
        return new KubernetesMilvusCluster(client, new ClusterId(namespace, instance), options);
    }

    @Override
    public ClusterId id() {
        return id;
    }

    @Override
    public ClusterSnapshot inspect() {
        return new InstanceInspector(api, id).inspect();
    }

    @Override
    public List<List<UpgradeStep>> stagesFor(Hop hop, ClusterSnapshot snapshot, Optional<ImageReference> image) {
        return switch (hop.kind()) {
            case ROLLING -> {
                List<List<UpgradeStep>> stages = rolling.stages(hop, snapshot, image);
                yield helm.map(known -> known.aligned(hop, snapshot, image, stages))
                        .orElse(stages);
            }
            case HELM ->
                helm.orElseThrow(() -> notExecutable(
                                hop, "for which it was not told where charts are. Set KubernetesOptions.withHelm."))
                        .stages(hop, snapshot, image);
            case MIGRATE -> migrate.stages(hop, snapshot, image);
        };
    }

    @Override
    public ClusterSnapshot prepare(UpgradePath path, ClusterSnapshot snapshot) {
        boolean rolls = path.hops().stream().anyMatch(hop -> hop.kind() == PathKind.ROLLING);
        ClusterSnapshot seen = rolls ? rolling.prepare(gates.prepare(snapshot)) : snapshot;
        ClusterSnapshot prepared = migrate.prepare(path, seen);
        return helm.map(known -> known.prepare(path, prepared)).orElse(prepared);
    }

    private UpgradeException notExecutable(Hop hop, String why) {
        return new UpgradeException(
                Code.PATH_NOT_EXECUTABLE,
                "The hop " + hop.from() + " -> " + hop.to() + " of " + id + " is of kind " + hop.kind() + " (rule "
                        + hop.ruleId() + ": " + hop.why() + "), " + why);
    }

    @Override
    public List<Check> checksFor(UpgradePlan plan, boolean begun) {
        return new PreflightChecks(api, journal, lease, requiredAccess(plan), Clock.systemUTC()).of(plan, begun);
    }

    /** The permissions that a plan needs, to be given to whoever executes it; also as a Role. */
    public RequiredAccess requiredAccess(UpgradePlan plan) {
        return RequiredAccess.of(plan);
    }

    /**
     * Ends an operation of Helm that somebody's process was killed in, so that Helm allows the next one: the revision
     * that it left pending is marked as failed; what it had changed by then stays. Nothing is done if none is pending.
     * A run of this library needs no such call: resuming it or taking it back ends what its own Helm left.
     *
     * <p>For a person who has made sure that nobody is at work on the release. Idempotent.
     *
     * @param untouchedFor how long the pending revision must have been there
     * @return what was pending, for people; empty if nothing was
     * @throws UpgradeException with {@link Code#HELM_BUSY} if it is younger, so that its Helm may still be at work
     */
    public Optional<String> endPendingRelease(Duration untouchedFor) {
        return new ReleaseReader(api, id.namespace(), id.instance())
                .history()
                .flatMap(ReleaseHistory::pending)
                .map(pending -> new BrokenOff(api).end(pending, untouchedFor, Clock.systemUTC()));
    }

    @Override
    public UpgradeJournal journal() {
        return journal;
    }

    @Override
    public RunLock lock() {
        return lock;
    }

    @Override
    public Map<String, Long> requests() {
        return api.requests().byKind();
    }
}
