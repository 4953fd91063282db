package io.github.milvusupgrade.k8s.release;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.chart.ChartFinder;
import java.util.List;
import java.util.Optional;

/**
 * Reads what Helm remembers of one release, from the Secrets in its namespace. Needs the permission to list Secrets
 * there. Releases that are kept elsewhere ({@code HELM_DRIVER} other than {@code secret}) are not seen. Immutable and
 * safe for many threads.
 */
public final class ReleaseReader {

    private final KubeApi api;
    private final String namespace;
    private final String release;

    /**
     * @param api the gateway
     * @param namespace where the release is installed
     * @param release its name
     */
    public ReleaseReader(KubeApi api, String namespace, String release) {
        this.api = api;
        this.namespace = namespace;
        this.release = release;
    }

    /** The Secrets in which Helm keeps the revisions. */
    public Selection records() {
        return Selection.all(Resource.SECRETS, namespace).withLabels(ReleaseSecret.selector(release));
    }

    /**
     * Reads all revisions that Helm has kept. One list request; the records are taken apart when they are asked for.
     *
     * @return empty if Helm knows no such release there
     * @throws KubeApiException if the Secrets cannot be listed
     */
    public Optional<ReleaseHistory> history() {
        List<ReleaseSecret> secrets = api.list(records()).map(ReleaseSecret::new).stream()
                .filter(ReleaseSecret::isRelease)
                .sorted(ReleaseSecret.NEWEST_FIRST)
                .toList();
        return secrets.isEmpty() ? Optional.empty() : Optional.of(new ReleaseHistory(namespace, release, secrets));
    }

    /**
     * Reads the revision that an upgrade of Milvus goes on from, see {@link ReleaseHistory#upgradable}. Whether Helm is
     * at work on the release is another question: {@link ReleaseHistory#pending}.
     *
     * @throws UpgradeException {@link Code#RELEASE_NOT_UPGRADABLE} if there is none, or it is one of another chart;
     *     {@link Code#RELEASE_UNREADABLE} if its record is malformed
     * @throws KubeApiException if the Secrets cannot be listed
     */
    public HelmRelease upgradable() {
        ReleaseHistory history = history()
                .orElseThrow(() -> notUpgradable("Helm knows no such release. Look with 'helm list --all --namespace "
                        + namespace + "'; what Helm keeps outside of Secrets (HELM_DRIVER) is not seen"));
        HelmRelease current = history.upgradable()
                .orElseThrow(() -> notUpgradable("nothing of it is deployed, its revisions are " + history.states()
                        + ". See 'helm history " + release + " --namespace " + namespace + "' and install it first"));
        if (!current.chart().equals(ChartFinder.MILVUS)) {
            throw notUpgradable("it was installed by chart " + current.chart() + " " + current.chartVersion()
                    + ", not by chart " + ChartFinder.MILVUS + ". If Milvus is a part of it, upgrade that chart;"
                    + " otherwise name the release of Milvus");
        }
        return current;
    }

    /**
     * Reads the newest revision.
     *
     * @return empty if Helm knows no such release there
     * @throws UpgradeException {@link Code#RELEASE_UNREADABLE} if its record is malformed
     * @throws KubeApiException if the Secrets cannot be listed
     */
    public Optional<HelmRelease> newest() {
        return history().map(ReleaseHistory::newest);
    }

    private UpgradeException notUpgradable(String why) {
        return new UpgradeException(
                Code.RELEASE_NOT_UPGRADABLE,
                "Release " + namespace + "/" + release + " cannot be upgraded: " + why + ".");
    }
}
