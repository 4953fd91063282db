package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.helm.HelmUpgrade;
import io.github.milvusupgrade.k8s.release.HelmRelease;
import io.github.milvusupgrade.k8s.release.PendingRelease;
import io.github.milvusupgrade.k8s.release.ReleaseStatus;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.step.UpgradeStep;
import java.time.Clock;
import java.util.Map;

/**
 * Lets Helm make the revision. The release says from then on what runs, and the next plain {@code helm upgrade} keeps
 * it.
 */
final class UpgradeRelease implements UpgradeStep {

    private static final String REVISION = "revision";

    private final ReleaseHop release;
    private final ReleaseOperation operation;

    UpgradeRelease(ReleaseHop release, ReleaseOperation operation) {
        this.release = release;
        this.operation = operation;
    }

    @Override
    public StepId id() {
        return StepId.of(release.hop().to() + "/helm-upgrade");
    }

    @Override
    public String summary() {
        return "let Helm make the revision with chart " + release.chartVersion()
                + ", which changes no Milvus pod any more";
    }

    @Override
    public Map<String, String> capture(StepContext context) {
        release.history().pending().ifPresent(UpgradeRelease::refuse);
        return Map.of(REVISION, Integer.toString(release.baseAsPlanned().revision()));
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        operation.settlePending(context);
        HelmRelease newest = release.newest();
        String mark = "milvus-upgrade to " + release.hop().to() + " (run " + context.run() + ")";
        if (newest.description().equals(mark) && newest.status() == ReleaseStatus.DEPLOYED) {
            return StepResult.alreadyApplied("revision " + newest.revision() + " is deployed already");
        }
        HelmUpgrade upgrade = release.from(Integer.parseInt(context.captured(REVISION)))
                .upgrade()
                .describedAs(mark);
        operation.upgrade(upgrade, context);
        return StepResult.applied(
                "revision " + release.newest().revision() + " is deployed, and no Milvus pod was changed");
    }

    /** Somebody else is at it: what was pending before this step began is not ours. */
    private static void refuse(PendingRelease pending) {
        throw new UpgradeException(
                Code.HELM_BUSY,
                pending.explain(Clock.systemUTC().instant()) + " Nothing of this step was changed; resume.");
    }

    @Override
    public Undo undo() {
        return Undo.by("end what a killed Helm left pending; the release goes back last", context -> {
            operation.settlePending(context);
            return StepResult.alreadyApplied("Helm is not at work on the release");
        });
    }
}
