package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.chart.ChartFinder;
import io.github.milvusupgrade.k8s.release.HelmRelease;
import io.github.milvusupgrade.k8s.release.ReleaseReader;
import io.github.milvusupgrade.k8s.rolling.VerifyTarget;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.path.PathKind;
import io.github.milvusupgrade.path.UpgradePath;
import io.github.milvusupgrade.plan.PlannedStep;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The steps of one helm hop: a Helm release upgraded in the order of its components, which says afterwards what runs.
 * Immutable and safe for many threads.
 */
public final class HelmPath {

    private static final String REVISION = "helm.revision.";
    private static final String CHART = "helm.chart.";
    private static final String VALUES = "helm.values.";

    private final KubeApi api;
    private final Time time;
    private final RolloutWatch watch;
    private final HelmOptions options;
    private final Duration timeoutPerPod;

    public HelmPath(KubeApi api, Time time, RolloutWatch watch, HelmOptions options, Duration timeoutPerPod) {
        this.api = api;
        this.time = time;
        this.watch = watch;
        this.options = options;
        this.timeoutPerPod = timeoutPerPod;
    }

    /**
     * Finds the revision that runs, and the chart of each helm hop; both become facts of the plan, because the newest
     * of today is not that of tomorrow. Reads the release and the index of the charts.
     *
     * @throws UpgradeException if there is no release to upgrade, or no chart for a hop
     */
    public ClusterSnapshot prepare(UpgradePath path, ClusterSnapshot snapshot) {
        List<Hop> hops = path.hops().stream().filter(this::makesRevision).toList();
        if (hops.isEmpty()) {
            return snapshot;
        }
        HelmRelease current = releasesOf(snapshot.id()).upgradable();
        Hop first = path.hops().get(0);
        ClusterSnapshot prepared = hops.contains(first)
                ? snapshot.withFact(REVISION + first.to(), Integer.toString(current.revision()))
                : snapshot;
        ChartFinder finder = ChartFinder.in(options.charts());
        String running = current.chartVersion();
        for (Hop hop : hops) {
            boolean last = hop.equals(path.hops().get(path.hops().size() - 1));
            String next = hop.kind() == PathKind.HELM
                    ? options.chartVersion()
                            .filter(chosen -> last)
                            .map(finder::chart)
                            .orElseGet(() -> finder.find(hop.to()).chart())
                            .version()
                    : finder.chart(running).version();
            prepared = prepared.withFact(CHART + hop.to(), next).withFact(VALUES + hop.to(), options.valuesByName());
            running = next;
        }
        return prepared;
    }

    /**
     * The revision is noted; every component becomes what the chart makes of it, in the order of the hop; Helm makes
     * its revision; everything is verified.
     */
    public List<List<UpgradeStep>> stages(Hop hop, ClusterSnapshot snapshot, Optional<ImageReference> image) {
        ReleaseHop release = release(hop, snapshot, image);
        ReleaseOperation operation = new ReleaseOperation(api, time, release, snapshot.workloadNames());
        List<List<UpgradeStep>> stages = new ArrayList<>();
        stages.add(List.of(keep(release, operation)));
        Set<Component> components = new LinkedHashSet<>(snapshot.components());
        components.retainAll(hop.graph().components());
        for (List<Component> stage : hop.graph().stages(components)) {
            stages.add(stage.stream()
                    .<UpgradeStep>map(component -> new ApplyComponent(
                            api, watch, release, component, snapshot.workloads(component), timeoutPerPod))
                    .toList());
        }
        stages.add(List.of(new UpgradeRelease(release, operation)));
        stages.add(
                List.of(new VerifyTarget(api, watch, hop.to(), snapshot, () -> DeployedImages.of(release.newest()))));
        return stages;
    }

    /** The stages of a rolling hop, with a revision before the last of them; unchanged unless the caller wants that. */
    public List<List<UpgradeStep>> aligned(
            Hop hop, ClusterSnapshot snapshot, Optional<ImageReference> image, List<List<UpgradeStep>> rolling) {
        if (!makesRevision(hop)) {
            return rolling;
        }
        ReleaseHop release = release(hop, snapshot, image);
        ReleaseOperation operation = new ReleaseOperation(api, time, release, snapshot.workloadNames());
        List<List<UpgradeStep>> stages = new ArrayList<>(rolling);
        stages.add(0, List.of(keep(release, operation)));
        stages.add(stages.size() - 1, List.of(new UpgradeRelease(release, operation)));
        return stages;
    }

    /** Whether a plan ends with a revision of the Helm release that says what runs. */
    public static boolean endsWithRevision(UpgradePlan plan) {
        List<PlannedStep> steps = plan.steps();
        int lastHop = plan.path().hops().size() - 1;
        return steps.stream().anyMatch(planned -> planned.hop() == lastHop && planned.step() instanceof UpgradeRelease);
    }

    /** Whether any step of a plan lets Helm change the release. */
    public static boolean callsHelm(UpgradePlan plan) {
        return plan.steps().stream()
                .map(PlannedStep::step)
                .anyMatch(step ->
                        step instanceof UpgradeRelease || step.id().value().endsWith(KeepRelease.ID));
    }

    private boolean makesRevision(Hop hop) {
        return hop.kind() == PathKind.HELM || (hop.kind() == PathKind.ROLLING && options.alignsRolling());
    }

    private KeepRelease keep(ReleaseHop release, ReleaseOperation operation) {
        return new KeepRelease(release, operation, release.plannedRevision().isPresent() ? checks(release) : List.of());
    }

    private ReleaseHop release(Hop hop, ClusterSnapshot snapshot, Optional<ImageReference> image) {
        SortedMap<String, String> facts = snapshot.facts();
        refuseOtherValues(hop, snapshot, facts.getOrDefault(VALUES + hop.to(), options.valuesByName()));
        return new ReleaseHop(
                options,
                releasesOf(snapshot.id()),
                snapshot.id(),
                hop,
                facts.getOrDefault(CHART + hop.to(), "unknown"),
                Optional.ofNullable(facts.get(REVISION + hop.to())).map(Integer::valueOf),
                image.orElseGet(() -> targetOf(hop.to(), snapshot)),
                image.isPresent());
    }

    /** Half of the components with other values than the rest would be rolled once more at the end. */
    private void refuseOtherValues(Hop hop, ClusterSnapshot snapshot, String planned) {
        if (!planned.equals(options.valuesByName())) {
            throw new UpgradeException(
                    Code.PLAN_CHANGED,
                    "The plan for " + snapshot.id() + " to " + hop.to() + " was made with values by " + planned
                            + ", but this upgrader has values by " + options.valuesByName()
                            + ". Use those that made the plan, or make and approve a new one.");
        }
    }

    /** The image of the present workloads, with the tag of the target; its variant, such as {@code -gpu}, stays. */
    private static ImageReference targetOf(MilvusVersion to, ClusterSnapshot snapshot) {
        return snapshot.workloads().stream()
                .map(Workload::image)
                .findFirst()
                .map(ImageReference::parse)
                .orElseThrow(() -> new IllegalStateException(snapshot.id() + " has no workload to upgrade."))
                .withVersion(to);
    }

    private static List<Check> checks(ReleaseHop release) {
        List<Check> checks = List.of(
                new ReleaseIsUpgradable(release),
                new ReleaseChangeIsWanted(release),
                new ReleaseRecordFits(release),
                new ReleaseSaysWhatRuns(release));
        return release.hop().kind() == PathKind.HELM
                ? Stream.concat(Stream.of(new CoordinatorsStopFirst(release)), checks.stream())
                        .toList()
                : checks;
    }

    private ReleaseReader releasesOf(ClusterId cluster) {
        return new ReleaseReader(api, cluster.namespace(), cluster.instance());
    }
}
