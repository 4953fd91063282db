package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.chart.ChartArchive;
import io.github.milvusupgrade.k8s.chart.ChartFinder;
import io.github.milvusupgrade.k8s.chart.ChartVersion;
import io.github.milvusupgrade.k8s.helm.HelmClient;
import io.github.milvusupgrade.k8s.helm.HelmUpgrade;
import io.github.milvusupgrade.k8s.helm.RenderedRelease;
import io.github.milvusupgrade.k8s.release.HelmRelease;
import io.github.milvusupgrade.k8s.release.ReleaseHistory;
import io.github.milvusupgrade.k8s.release.ReleaseReader;
import io.github.milvusupgrade.k8s.release.ReleaseValues;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.version.ImageReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one hop makes of one release. Nothing is read or rendered before a step or a check asks; what was rendered for a
 * revision is kept, since it is the same for all of them. Safe for many threads.
 */
final class ReleaseHop {

    private final HelmOptions options;
    private final ReleaseReader releases;
    private final ClusterId cluster;
    private final Hop hop;
    private final String chartVersion;
    private final Optional<Integer> plannedRevision;
    private final ImageReference image;
    private final boolean foreignImage;
    private final Map<Integer, ReleaseChange> changes = new HashMap<>();

    /**
     * @param chartVersion the version of the chart that the plan was made with
     * @param plannedRevision the revision that the plan was made from; empty if an earlier hop of it makes another one
     * @param image what Milvus is to run
     * @param foreignImage whether the caller chose it, so that the values name its repository, too
     */
    ReleaseHop(
            HelmOptions options,
            ReleaseReader releases,
            ClusterId cluster,
            Hop hop,
            String chartVersion,
            Optional<Integer> plannedRevision,
            ImageReference image,
            boolean foreignImage) {
        this.options = options;
        this.releases = releases;
        this.cluster = cluster;
        this.hop = hop;
        this.chartVersion = chartVersion;
        this.plannedRevision = plannedRevision;
        this.image = image;
        this.foreignImage = foreignImage;
    }

    ClusterId cluster() {
        return cluster;
    }

    Hop hop() {
        return hop;
    }

    Optional<Integer> plannedRevision() {
        return plannedRevision;
    }

    String chartVersion() {
        return chartVersion;
    }

    HelmClient helm() {
        return options.client();
    }

    HelmOptions options() {
        return options;
    }

    /** The Secrets of all revisions, to be followed. */
    Selection records() {
        return releases.records();
    }

    /** All revisions as they are now. */
    ReleaseHistory history() {
        return releases.history().orElseThrow(this::gone);
    }

    /** The newest revision as it is now, whatever its state. */
    HelmRelease newest() {
        return history().newest();
    }

    /** The revision that an upgrade goes on from now. */
    HelmRelease base() {
        return releases.upgradable();
    }

    /**
     * The same, for a step that is about to begin: what somebody else made of the release since the plan is refused.
     */
    HelmRelease baseAsPlanned() {
        HelmRelease base = base();
        if (plannedRevision.filter(planned -> planned != base.revision()).isPresent()) {
            throw new UpgradeException(
                    Code.CHANGED_BY_OTHERS,
                    "Helm release " + cluster + " is at revision " + base.revision()
                            + ", the plan was made from revision " + plannedRevision.get()
                            + ": somebody changed it in between. Nothing of this step was changed. Take back what the run"
                            + " has changed before, then make a new plan.");
        }
        return base;
    }

    /** What the hop makes of the release, beginning with a revision. */
    synchronized ReleaseChange from(int revision) {
        return changes.computeIfAbsent(revision, this::render);
    }

    /**
     * Brings the release back to a revision. Helm programs know a rollback; for those that do not, an upgrade to the
     * chart and the values of that revision does the same.
     */
    HelmUpgrade back(int revision) {
        HelmRelease wanted = revision(revision);
        return new HelmUpgrade(
                cluster.namespace(),
                cluster.instance(),
                fetch(wanted.chartVersion()),
                wanted.config(),
                "Rollback to " + revision);
    }

    private ReleaseChange render(int revision) {
        HelmRelease base = revision(revision);
        Path archive = fetch(chartVersion);
        ChartArchive chart = ChartArchive.read(archive);
        ReleaseValues values = ReleaseValues.of(
                options.policy(),
                base,
                chart.allValues(),
                overrides(),
                image.tag().orElseThrow());
        HelmUpgrade upgrade = new HelmUpgrade(
                cluster.namespace(), cluster.instance(), archive, values.userValues(), "milvus-upgrade to " + hop.to());
        RenderedRelease rendered = options.client().render(upgrade);
        return ReleaseChange.of(base, chart, values, upgrade, rendered);
    }

    private ObjectNode overrides() {
        ObjectNode overrides = options.values();
        if (foreignImage) {
            String repository = new ImageReference(
                            image.registry(), image.repository(), Optional.empty(), Optional.empty())
                    .toString();
            overrides.withObject("/image/all").put("repository", repository);
        }
        return overrides;
    }

    private HelmRelease revision(int revision) {
        return history()
                .revision(revision)
                .orElseThrow(() -> new UpgradeException(
                        Code.HELM_RELEASE_MISSING,
                        "Helm has not kept revision " + revision + " of release " + cluster
                                + ", from which the run began; it has " + history()
                                + ". Go back with a revision that is"
                                + " there (helm rollback), then make a new plan."));
    }

    private Path fetch(String version) {
        ChartVersion chart = ChartFinder.in(options.charts()).chart(version);
        return options.charts().fetch(chart, options.folder());
    }

    private UpgradeException gone() {
        return new UpgradeException(
                Code.HELM_RELEASE_MISSING,
                "The Helm release " + cluster + " is gone: somebody uninstalled it during the run. Its objects are not"
                        + " created anew. Install it, then make a new plan.");
    }
}
