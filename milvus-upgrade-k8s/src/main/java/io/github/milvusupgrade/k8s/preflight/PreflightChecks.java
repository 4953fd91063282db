package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.state.ConfigMapJournal;
import io.github.milvusupgrade.k8s.state.LeaseLock;
import io.github.milvusupgrade.path.PathKind;
import io.github.milvusupgrade.plan.UpgradePlan;
import java.time.Clock;
import java.util.List;

/**
 * All checks of this package, in the order of their ids. The numbers in between belong to other kinds of paths and to
 * the conditions of hops, which core examines by itself.
 */
public final class PreflightChecks {

    private final KubeApi api;
    private final ConfigMapJournal journal;
    private final LeaseLock lock;
    private final RequiredAccess access;
    private final Clock clock;

    /** Checks that ask the given API server, and compare its clock with the given one. */
    public PreflightChecks(KubeApi api, ConfigMapJournal journal, LeaseLock lock, RequiredAccess access, Clock clock) {
        this.api = api;
        this.journal = journal;
        this.lock = lock;
        this.access = access;
        this.clock = clock;
    }

    /**
     * The checks of a plan, to be examined once and soon: they share what they read. Of a plan that was begun already,
     * only those that do not need an untouched instance.
     */
    public List<Check> of(UpgradePlan plan, boolean begun) {
        LiveCluster live = new LiveCluster(api, plan.cluster(), clock);
        Check server = new ApiServerIsKnown(live);
        Check permissions = new PermissionsAreThere(live, access);
        Check owner = new NobodyElseReconciles(live, plan);
        Check otherRuns = new NoOtherRun(live, lock, journal, begun);
        Check namespace = new NamespaceStays(live);
        if (begun) {
            return List.of(server, permissions, owner, otherRuns, namespace);
        }
        PlannedWrites writes = new PlannedWrites(live, plan);
        Surges surges = new PlannedSurges(live, writes);
        PathKind kind = plan.path().hops().get(0).kind();
        boolean rolls = plan.path().hops().stream().anyMatch(hop -> hop.kind() == PathKind.ROLLING);
        List<Check> checks = List.of(
                server,
                permissions,
                new EveryWorkloadIsMapped(live, plan),
                owner,
                new PodsRunWhatDeploymentsSay(live, plan),
                new HopsAreReleases(plan),
                new CoordinatorsMayOverlap(live, writes),
                new NoRolloutInProgress(live),
                new PodsAreHealthy(live),
                new AutoscalersAreNamed(live, kind == PathKind.MIGRATE),
                new DrainsAreSeen(live),
                new QuotaHasRoom(live, surges),
                new SurgeIsSchedulable(live, surges),
                new ImagesAreKnown(live, writes),
                new PatchesAreAccepted(live, writes),
                new ConfigurationIsEditable(live, writes),
                new MilvusIsSeen(live, plan),
                new WayBackIsAcknowledged(plan),
                otherRuns,
                new AppliedApisAreServed(live),
                namespace);
        return checks.stream()
                .filter(check -> !(check instanceof CoordinatorsMayOverlap) || kind == PathKind.ROLLING)
                .filter(check -> !(check instanceof SurgeIsSchedulable || check instanceof ConfigurationIsEditable)
                        || kind != PathKind.MIGRATE)
                .filter(check -> rolls || !(check instanceof MilvusIsSeen))
                .toList();
    }
}
