package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.UpgradeStep;
import java.time.Duration;
import java.util.Map;

/**
 * One step of a migration. From the moment the instance is stopped it does not serve until the last step is done, so
 * whatever fails is taken back at once.
 */
abstract class MigrationStep implements UpgradeStep {

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final ClusterAccess access;
    private final Migration migration;
    private final String name;

    MigrationStep(ClusterAccess access, Migration migration, String name) {
        this.access = access;
        this.migration = migration;
        this.name = name;
    }

    final ClusterAccess access() {
        return access;
    }

    final Migration migration() {
        return migration;
    }

    @Override
    public final StepId id() {
        return StepId.of(migration.hop().to() + "/migrate/" + name);
    }

    @Override
    public OnFailure onFailure() {
        return OnFailure.TAKE_BACK;
    }

    /** A way back is a run of its own, and must find what this one made. */
    @Override
    public Map<String, String> capture(StepContext context) throws InterruptedException {
        return Map.of(Workbench.NAME, "milvus-upgrade-" + context.run());
    }

    /** The objects of the migration: those of this run, or of the one that is taken back. */
    final Workbench workbench(StepContext context) {
        String objects = context.captured().getOrDefault(Workbench.NAME, "milvus-upgrade-" + context.run());
        return new Workbench(access.api(), access.time(), access.pods(), migration, context, objects);
    }

    final Sessions sessions(Workbench workbench) throws InterruptedException {
        return new Sessions(workbench.etcd(), migration.place(), access.time());
    }

    /** Waits until no session is left in etcd; where nobody looks into it, as long as the caller said. */
    final void awaitSessions(Workbench workbench, StepContext context) throws InterruptedException {
        if (!migration.isBlind()) {
            sessions(workbench).awaitEnd(migration.options().sessionTimeout(), context);
            return;
        }
        Duration wait = migration.options().blindWait().orElseThrow();
        context.progress("waiting " + wait.toSeconds() + " s for sessions in etcd to end: nobody looks into it");
        Deadline deadline = Deadline.after(wait, access.time());
        while (!deadline.passed()) {
            context.checkpoint();
            access.time().sleep(Deadline.shorter(deadline.remaining(), LOOK));
        }
    }

    final Instance instance() {
        return new Instance(access, migration);
    }
}
