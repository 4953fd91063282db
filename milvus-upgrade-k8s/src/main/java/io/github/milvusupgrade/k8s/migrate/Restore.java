package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.etcd.ContentDigest;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepResult;
import org.jspecify.annotations.Nullable;

/**
 * Brings the metadata back from the verified backup. The tool cleans before it reads the file
 * (milvus-io/milvus:cmd/tools/migration/command/rollback.go), so the file is proven once more first; and it can be
 * repeated, because it always begins with the same clean-up.
 */
final class Restore {

    private static final int ATTEMPTS = 3;

    private final MigrationStep step;
    private final Workbench workbench;
    private final StepContext context;
    private final Migration migration;

    Restore(MigrationStep step, Workbench workbench, StepContext context) {
        this.step = step;
        this.workbench = workbench;
        this.context = context;
        this.migration = step.migration();
    }

    StepResult apply() throws InterruptedException {
        BackupFacts backup = BackupFacts.from(context.captured()).orElseThrow();
        // Also what somebody started in the meantime: nothing may run while the metadata is changed.
        step.instance().stop(context);
        workbench.remove(ToolCommand.RUN.word());
        workbench.remove(ToolCommand.ROLLBACK.word());
        step.awaitSessions(workbench, context);
        if (isBack(backup)) {
            return StepResult.alreadyApplied("the metadata is as it was backed up");
        }
        proveAgain(backup);
        workbench.makeConfigMap();
        clear();
        for (int attempt = 1; ; attempt++) {
            try {
                new ToolRun(workbench, context, migration.options().toolTimeout()).run(ToolCommand.ROLLBACK);
                break;
            } catch (UpgradeException e) {
                if (e.code() != Code.TOOL_FAILED || attempt == ATTEMPTS) {
                    throw failed("the migration tool did not bring it back: " + e.getMessage(), backup, e);
                }
                context.progress("attempt " + attempt + " of " + ATTEMPTS + " failed: " + e.getMessage());
                step.awaitSessions(workbench, context);
            }
        }
        if (!migration.isBlind() && !isBack(backup)) {
            ContentDigest now = digest();
            throw failed(
                    "the tool has brought it back, but etcd holds " + now.entries() + " keys instead of "
                            + backup.content().entries()
                            + (now.entries() == backup.content().entries() ? ", or others" : ""),
                    backup,
                    null);
        }
        return StepResult.applied("the metadata is as it was backed up: "
                + backup.content().entries() + " entries"
                + (migration.isBlind() ? ", says the tool; nobody looked" : ", compared with etcd"));
    }

    /**
     * The tool cleans the prefixes that it knows. Whatever else the new version wrote while it ran would stay beside
     * the old metadata, so everything goes: all that is to be there is in the backup that was just proven.
     */
    private void clear() throws InterruptedException {
        if (!migration.isBlind()) {
            context.checkpoint();
            workbench.etcd().delete(migration.place().prefix());
        }
    }

    private boolean isBack(BackupFacts backup) throws InterruptedException {
        return !migration.isBlind() && digest().equals(backup.content());
    }

    private ContentDigest digest() throws InterruptedException {
        return workbench
                .etcd()
                .digest(migration.place().prefix(), keys -> context.progress("read " + keys + " keys of etcd"));
    }

    private void proveAgain(BackupFacts backup) throws InterruptedException {
        BackupFacts now;
        try {
            now = workbench.readBackup();
        } catch (UpgradeException e) {
            throw failed("the backup cannot be read: " + e.getMessage(), backup, e);
        }
        if (!now.equals(backup)) {
            throw failed("the backup is not the one that was verified; it now has " + now, backup, null);
        }
    }

    private UpgradeException failed(String why, BackupFacts backup, @Nullable UpgradeException cause) {
        String claim = workbench.objects().claimName();
        String namespace = migration.id().namespace();
        return new UpgradeException(
                Code.RESTORE_FAILED,
                "The metadata of " + migration.id() + " could not be restored: " + why
                        + ".\n  MILVUS IS STOPPED AND WAS NOT STARTED: neither version can be trusted with what is in etcd"
                        + " now."
                        + "\n  The backup: " + ToolConfig.BACKUP_FILE + " on volume claim " + namespace + "/" + claim
                        + ", " + backup + ". Do not delete it: kubectl -n " + namespace + " get pvc " + claim
                        + "\n  Its configuration for the tool: kubectl -n " + namespace + " get configmap "
                        + workbench.objects().configMapName() + " (" + ToolConfig.fileName(ToolCommand.ROLLBACK)
                        + ", image " + migration.toolImage() + ")"
                        + "\n  After the cause is mended, resume the rollback: it restores again, then starts "
                        + migration.hop().from() + ".",
                cause);
    }
}
