package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.etcd.Etcd;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import java.time.Duration;
import java.util.List;

/**
 * Makes what the migration needs and tries all of it, while the instance still serves: the volume is bound, the tool's
 * image is there, its pod is let run, etcd answers and holds the metadata of this instance.
 */
final class PrepareMigration extends MigrationStep {

    private static final Duration POD_STARTS = Duration.ofMinutes(10);

    PrepareMigration(ClusterAccess access, Migration migration) {
        super(access, migration, "prepare");
    }

    @Override
    public String summary() {
        return "prepare the migration: a volume of " + migration().options().backupSize()
                + " for the backup, the tool " + migration().toolImage() + ", a look into etcd under "
                + migration().place().prefix() + " (" + migration().sight().words() + ")";
    }

    @Override
    public List<Check> checks() {
        return List.of(new ObjectsAreAccepted(access(), migration()), new MetadataIsThere(access(), migration()));
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        Workbench workbench = workbench(context);
        workbench.makeStores();
        workbench.withBackup(POD_STARTS, pod -> pod);
        if (migration().isBlind()) {
            return StepResult.applied("the volume is bound and the tool can be run; nobody looked into etcd");
        }
        try {
            demandMetadata(workbench.etcd(), context);
        } catch (UpgradeException e) {
            throw workbench.explained(e);
        }
        return StepResult.applied("the volume is bound, the tool can be run, and etcd holds the metadata");
    }

    private void demandMetadata(Etcd etcd, StepContext context) throws InterruptedException {
        List<String> alarms = etcd.alarms();
        if (!alarms.isEmpty()) {
            throw new UpgradeException(
                    Code.ETCD_UNREACHABLE,
                    "etcd of " + migration().id() + " has raised an alarm: " + String.join("; ", alarms)
                            + ". It may refuse writes, and then the metadata could not be written back. Clear the"
                            + " alarm (etcdctl alarm list; defragment, then etcdctl alarm disarm), then start again.");
        }
        new MetadataOwner(access(), migration()).demand(etcd, context);
    }

    @Override
    public Undo undo() {
        return Undo.by("remove what the migration made, but not a backup", context -> {
            Workbench workbench = workbench(context);
            workbench.remove("reader");
            workbench.remove("probe");
            boolean keep = workbench.claim().flatMap(Workbench.Claim::backup).isPresent();
            if (keep) {
                return StepResult.applied("the backup is kept in volume claim "
                        + workbench.objects().claimName());
            }
            workbench.remove("backup");
            workbench.removeConfigMap();
            workbench.removeClaim();
            return StepResult.applied("nothing of the migration is left");
        });
    }
}
