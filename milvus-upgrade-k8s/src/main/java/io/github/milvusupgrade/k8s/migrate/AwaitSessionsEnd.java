package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepResult;

/** Waits until etcd holds no session of the instance any more. */
final class AwaitSessionsEnd extends MigrationStep {

    AwaitSessionsEnd(ClusterAccess access, Migration migration) {
        super(access, migration, "await-sessions");
    }

    @Override
    public String summary() {
        return migration()
                .options()
                .blindWait()
                .map(wait -> "wait " + wait.toSeconds() + " s for sessions to end, without looking into etcd")
                .orElse("wait until etcd holds no session of a component any more");
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        awaitSessions(workbench(context), context);
        return StepResult.alreadyApplied(
                migration().isBlind() ? "the time is over" : "etcd holds no session of a component");
    }
}
