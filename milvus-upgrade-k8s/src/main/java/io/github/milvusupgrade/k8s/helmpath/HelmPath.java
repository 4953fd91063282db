package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.chart.ChartArchive;
import io.github.milvusupgrade.k8s.chart.ChartChoice;
import io.github.milvusupgrade.k8s.chart.ChartFinder;
import io.github.milvusupgrade.k8s.chart.ChartVersion;
import io.github.milvusupgrade.k8s.helm.HelmUpgrade;
import io.github.milvusupgrade.k8s.helm.Manifest;
import io.github.milvusupgrade.k8s.release.HelmRelease;
import io.github.milvusupgrade.k8s.release.ReleaseHistory;
import io.github.milvusupgrade.k8s.release.ReleaseReader;
import io.github.milvusupgrade.k8s.release.ReleaseValues;
import io.github.milvusupgrade.k8s.rolling.VerifyTarget;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The steps of one helm hop. */
public final class HelmPath {

    private final KubeApi api;
    private final RolloutWatch watch;
    private final HelmOptions options;
    private final Duration timeoutPerPod;

    public HelmPath(KubeApi api, RolloutWatch watch, HelmOptions options, Duration timeoutPerPod) {
        this.api = api;
        this.watch = watch;
        this.options = options;
        this.timeoutPerPod = timeoutPerPod;
    }

    /**
     * The revision that is deployed is noted; every component becomes what the chart makes of it, in the order of the
     * hop; Helm makes its revision; everything is verified. Reads the release, fetches the chart and renders it.
     *
     * @throws UpgradeException if there is no release to upgrade, no chart for the target, or it cannot be rendered
     */
    public List<List<UpgradeStep>> stages(Hop hop, ClusterSnapshot snapshot, Optional<ImageReference> image) {
        ClusterId cluster = snapshot.id();
        ReleaseReader releases = new ReleaseReader(api, cluster.namespace(), cluster.instance());
        ReleaseChange change = change(hop, cluster, releases, image);
        List<List<UpgradeStep>> stages = new ArrayList<>();
        stages.add(List.of(new KeepRelease(options.client(), releases, cluster, hop, change)));
        Set<Component> components = new LinkedHashSet<>(snapshot.components());
        components.retainAll(hop.graph().components());
        for (List<Component> stage : hop.graph().stages(components)) {
            stages.add(stage.stream()
                    .<UpgradeStep>map(component -> new ApplyComponent(
                            api,
                            watch,
                            cluster,
                            component,
                            snapshot.workloads(component),
                            hop,
                            change,
                            timeoutPerPod))
                    .toList());
        }
        stages.add(List.of(new UpgradeRelease(api, options.client(), releases, cluster, hop, change)));
        stages.add(List.of(VerifyTarget.afterHelm(api, watch, hop, snapshot, image)));
        return stages;
    }

    private ReleaseChange change(
            Hop hop, ClusterId cluster, ReleaseReader releases, Optional<ImageReference> image) {
        ReleaseHistory history = releases.history().orElseThrow(() -> noRelease(cluster));
        HelmRelease current = history.upgradable().orElseThrow(() -> noRelease(cluster));
        ChartFinder finder = ChartFinder.in(options.charts());
        ChartVersion chart = options.chartVersion()
                .map(finder::chart)
                .orElseGet(() -> finder.find(hop.to()).chart());
        Path archive = options.charts().fetch(chart, options.folder());
        ReleaseValues values = ReleaseValues.of(
                options.policy(),
                current,
                ChartArchive.open(archive).values(),
                options.values(),
                image.map(ImageReference::tag).orElse("v" + hop.to()));
        HelmUpgrade upgrade = new HelmUpgrade(
                cluster.namespace(),
                cluster.instance(),
                archive,
                values.userValues(),
                "milvus-upgrade " + hop.from() + " -> " + hop.to() + " from revision " + current.revision());
        return ReleaseChange.of(
                current.revision(),
                Manifest.objects(current.manifest(), cluster.namespace()),
                upgrade,
                options.client().render(upgrade));
    }

    private static UpgradeException noRelease(ClusterId cluster) {
        return new UpgradeException(
                Code.PATH_NOT_EXECUTABLE,
                "There is no Helm release " + cluster.instance() + " in namespace " + cluster.namespace()
                        + " that could be upgraded: the helm path needs one. Was it installed by other means, or with"
                        + " HELM_DRIVER other than secret? Nothing was changed.");
    }
}
