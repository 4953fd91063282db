package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.etcd.ContentDigest;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepResult;
import java.time.Duration;

/**
 * Reads the backup from its first byte to its last, and compares it with etcd, key by key and value by value. Without
 * this proof nothing is converted.
 */
final class VerifyBackup extends MigrationStep {

    VerifyBackup(ClusterAccess access, Migration migration) {
        super(access, migration, "verify-backup");
    }

    @Override
    public String summary() {
        return "verify the backup: whole, not empty"
                + (migration().isBlind() ? "; not compared with etcd" : ", and the same as etcd, key by key");
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        Workbench workbench = workbench(context);
        BackupFacts backup = workbench.readBackup();
        if (!migration().isBlind()) {
            ContentDigest live = workbench
                    .etcd()
                    .digest(migration().place().prefix(), keys -> context.progress("read " + keys + " keys of etcd"));
            if (!live.equals(backup.content())) {
                throw new UpgradeException(
                        Code.BACKUP_UNUSABLE,
                        "The backup of the metadata cannot be trusted: etcd holds " + live.entries()
                                + " keys under " + migration().place().prefix() + ", and the backup "
                                + backup.content().entries() + " entries"
                                + (live.entries() == backup.content().entries() ? " with other content" : "")
                                + ". Nothing was converted.");
            }
        }
        workbench.note(backup);
        return StepResult.applied("the backup is whole: " + backup);
    }

    @Override
    public Duration timeout() {
        return migration().options().toolTimeout();
    }
}
