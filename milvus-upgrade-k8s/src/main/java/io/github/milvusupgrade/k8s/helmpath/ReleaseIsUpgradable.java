package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.chart.ChartFinder;
import io.github.milvusupgrade.k8s.release.HelmRelease;
import io.github.milvusupgrade.k8s.release.PendingRelease;
import io.github.milvusupgrade.k8s.release.ReleaseHistory;
import io.github.milvusupgrade.k8s.release.ReleaseStatus;
import java.time.Clock;
import java.util.Optional;

/** P18: the release can be read, is one of Milvus, nothing of it is pending, and there is a Helm to upgrade it. */
record ReleaseIsUpgradable(ReleaseHop release) implements Check {

    @Override
    public String id() {
        return "P18";
    }

    @Override
    public String title() {
        return "the Helm release can be upgraded";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        ReleaseHistory history = release.history();
        Optional<PendingRelease> pending = history.pending();
        if (pending.isPresent()) {
            return Finding.fail(id(), pending.get().explain(Clock.systemUTC().instant()), "");
        }
        HelmRelease newest = history.newest();
        if (!newest.chart().equals(ChartFinder.MILVUS)) {
            return Finding.fail(
                    id(),
                    newest + " is no release of the chart " + ChartFinder.MILVUS + ".",
                    "Name the instance whose Helm release made it, or upgrade it on the rolling path.");
        }
        String helm = release.helm().version();
        if (newest.status() != ReleaseStatus.DEPLOYED) {
            return Finding.warn(
                    id(),
                    newest + ": the last operation of Helm did not end well (" + newest.description()
                            + "). The upgrade goes on from revision "
                            + release.base().revision() + ".",
                    "See with helm history whether that is what runs.");
        }
        return Finding.pass(id(), newest + ", Helm " + helm + ", to chart " + release.chartVersion());
    }
}
