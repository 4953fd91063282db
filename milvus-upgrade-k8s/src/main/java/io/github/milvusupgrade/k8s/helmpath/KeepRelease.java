package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.helm.HelmClient;
import io.github.milvusupgrade.k8s.release.HelmRelease;
import io.github.milvusupgrade.k8s.release.ReleaseReader;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.step.UpgradeStep;
import java.util.Map;

/**
 * Notes the revision that is deployed. It is the first step, so that its undo is the last: when every component is what
 * it was, Helm goes back to that revision, and finds nothing left to change.
 */
final class KeepRelease implements UpgradeStep {

    private static final String REVISION = "revision";

    private final HelmClient helm;
    private final ReleaseReader releases;
    private final ClusterId cluster;
    private final Hop hop;
    private final ReleaseChange change;

    KeepRelease(HelmClient helm, ReleaseReader releases, ClusterId cluster, Hop hop, ReleaseChange change) {
        this.helm = helm;
        this.releases = releases;
        this.cluster = cluster;
        this.hop = hop;
        this.change = change;
    }

    @Override
    public StepId id() {
        return StepId.of(hop.to() + "/keep-release");
    }

    @Override
    public String summary() {
        return "note revision " + change.revision() + " of Helm release " + cluster.instance();
    }

    @Override
    public Map<String, String> capture(StepContext context) {
        return Map.of(REVISION, Integer.toString(newest().revision()));
    }

    @Override
    public StepResult apply(StepContext context) {
        HelmRelease newest = newest();
        if (newest.revision() != change.revision()) {
            throw new UpgradeException(
                    Code.CHANGED_BY_OTHERS,
                    "Helm release " + cluster + " is at revision " + newest.revision() + ", the plan was made from"
                            + " revision " + change.revision()
                            + ": somebody changed it in between. Nothing was changed. Make a new plan.");
        }
        return StepResult.alreadyApplied("revision " + newest.revision() + " can be gone back to");
    }

    @Override
    public Undo undo() {
        return Undo.by("go back to revision " + change.revision() + " of the Helm release", this::goBack);
    }

    private StepResult goBack(StepContext context) {
        int revision = Integer.parseInt(context.captured(REVISION));
        if (newest().revision() == revision) {
            return StepResult.alreadyApplied("revision " + revision + " is still the newest");
        }
        context.checkpoint();
        helm.rollback(
                cluster.namespace(),
                cluster.instance(),
                revision,
                context.remaining(),
                () -> Thread.currentThread().isInterrupted());
        return StepResult.applied("Helm went back to revision " + revision + " as revision " + newest().revision());
    }

    private HelmRelease newest() {
        return releases.newest()
                .orElseThrow(() -> new UpgradeException(
                        Code.WORKLOAD_GONE,
                        "The Helm release " + cluster + " is gone: somebody uninstalled it. Nothing was changed."));
    }
}
