package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.etcd.ContentDigest;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets the migration tool convert the metadata. It deletes before it writes, so half of it done is worse than nothing:
 * it is run at most once for a backup, and any doubt about how far it came leads back to the backup.
 */
final class ConvertMetadata extends MigrationStep {

    private static final String CLAIM = "claim.uid";

    ConvertMetadata(ClusterAccess access, Migration migration) {
        super(access, migration, "convert");
    }

    @Override
    public String summary() {
        return "convert the metadata from " + migration().hop().from() + " to "
                + migration().hop().to() + ", once; after any doubt the backup is brought back";
    }

    @Override
    public Map<String, String> capture(StepContext context) throws InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>(super.capture(context));
        Workbench workbench = workbench(context);
        Workbench.Claim claim = workbench.claim().orElseThrow(() -> lost(workbench));
        BackupFacts backup = claim.backup().orElseThrow(() -> lost(workbench));
        facts.put(CLAIM, claim.uid());
        facts.putAll(backup.toFacts());
        return facts;
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        Workbench workbench = workbench(context);
        BackupFacts backup = BackupFacts.from(context.captured()).orElseThrow();
        ToolRun tool = new ToolRun(workbench, context, migration().options().toolTimeout());
        instance().refusePods(context);
        List<PodView> begun = workbench.pods(ToolCommand.RUN.word());
        if (begun.isEmpty()) {
            refuseLostBackup(workbench, context);
            refuseDoubt(workbench, backup, context);
            awaitSessions(workbench, context);
            tool.run(ToolCommand.RUN);
        } else {
            tool.await(ToolCommand.RUN, begun.get(0).name());
        }
        instance().refusePods(context);
        refuseUnchanged(workbench, backup, context);
        return StepResult.applied("the metadata is that of " + migration().hop().to());
    }

    private void refuseLostBackup(Workbench workbench, StepContext context) {
        if (workbench
                .claim()
                .filter(claim -> claim.uid().equals(context.captured(CLAIM)))
                .isEmpty()) {
            throw lost(workbench);
        }
    }

    private UpgradeException lost(Workbench workbench) {
        return new UpgradeException(
                Code.BACKUP_UNUSABLE,
                "The volume claim " + workbench.objects().claimName() + " with the verified backup is gone: somebody"
                        + " deleted it. Nothing was converted.");
    }

    /** A process that died may have begun, and somebody may have removed the pod that would tell. */
    private void refuseDoubt(Workbench workbench, BackupFacts backup, StepContext context) throws InterruptedException {
        if (context.begunBefore()
                && (migration().isBlind() || !digest(workbench, context).equals(backup.content()))) {
            throw new UpgradeException(
                    Code.CONVERSION_IN_DOUBT,
                    "The conversion of the metadata of " + migration().id()
                            + " was begun before, and its pod is gone: it"
                            + " is not known how far it came"
                            + (migration().isBlind() ? "" : ", and etcd is not as it was backed up")
                            + ". It is not repeated.");
        }
    }

    private void refuseUnchanged(Workbench workbench, BackupFacts backup, StepContext context)
            throws InterruptedException {
        if (migration().isBlind()) {
            return;
        }
        ContentDigest converted = digest(workbench, context);
        if (converted.equals(backup.content()) || converted.entries() == 0) {
            throw new UpgradeException(
                    Code.CONVERSION_IN_DOUBT,
                    "The migration tool says that it is done, but the metadata under "
                            + migration().place().prefix() + " is "
                            + (converted.entries() == 0 ? "gone" : "what it was before")
                            + ". Milvus " + migration().hop().to() + " must not start on it.");
        }
    }

    private ContentDigest digest(Workbench workbench, StepContext context) throws InterruptedException {
        return workbench
                .etcd()
                .digest(migration().place().prefix(), keys -> context.progress("read " + keys + " keys of etcd"));
    }

    @Override
    public Undo undo() {
        return Undo.by(
                "bring the metadata back from the backup, and compare it key by key",
                context -> new Restore(this, workbench(context), context).apply());
    }

    @Override
    public Duration timeout() {
        return migration().options().toolTimeout().multipliedBy(2).plusMinutes(10);
    }
}
