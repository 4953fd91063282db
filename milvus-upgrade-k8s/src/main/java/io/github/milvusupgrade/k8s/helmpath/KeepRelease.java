package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.k8s.release.HelmRelease;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.step.UpgradeStep;
import java.util.List;
import java.util.Map;

/**
 * Notes the revision that the hop begins from. It is the first step, so that its undo is the last: when every component
 * is what it was, Helm goes back to that revision, and finds nothing left to change.
 */
final class KeepRelease implements UpgradeStep {

    static final String ID = "/keep-release";

    private static final String REVISION = "revision";

    private final ReleaseHop release;
    private final ReleaseOperation operation;
    private final List<Check> checks;

    KeepRelease(ReleaseHop release, ReleaseOperation operation, List<Check> checks) {
        this.release = release;
        this.operation = operation;
        this.checks = List.copyOf(checks);
    }

    @Override
    public StepId id() {
        return StepId.of(release.hop().to() + ID);
    }

    @Override
    public String summary() {
        return "note revision "
                + release.plannedRevision().map(revision -> revision + " ").orElse("") + "of Helm release "
                + release.cluster().instance();
    }

    @Override
    public List<Check> checks() {
        return checks;
    }

    @Override
    public Map<String, String> capture(StepContext context) {
        return Map.of(REVISION, Integer.toString(release.baseAsPlanned().revision()));
    }

    @Override
    public StepResult apply(StepContext context) {
        return StepResult.alreadyApplied("revision " + context.captured(REVISION) + " can be gone back to");
    }

    @Override
    public Undo undo() {
        return Undo.by("go back to the revision of the Helm release from before", this::goBack);
    }

    private StepResult goBack(StepContext context) throws InterruptedException {
        int revision = Integer.parseInt(context.captured(REVISION));
        operation.settlePending(context);
        HelmRelease newest = release.newest();
        if (newest.revision() == revision) {
            return StepResult.alreadyApplied("revision " + revision + " is still the newest");
        }
        if (newest.description().equals(ReleaseOperation.rollbackTo(revision))) {
            return StepResult.alreadyApplied("revision " + newest.revision() + " is the rollback to " + revision);
        }
        operation.rollBack(revision, context);
        return StepResult.applied("Helm went back to revision " + revision + " as revision "
                + release.newest().revision());
    }
}
