package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import java.time.Duration;
import java.util.List;

/** Lets the migration tool write a backup of the metadata. It only reads etcd, so it is tried again if it fails. */
final class BackUpMetadata extends MigrationStep {

    private static final int ATTEMPTS = 3;

    BackUpMetadata(ClusterAccess access, Migration migration) {
        super(access, migration, "back-up");
    }

    @Override
    public String summary() {
        return "back up the metadata under " + migration().place().prefix();
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        Workbench workbench = workbench(context);
        ToolRun tool = new ToolRun(workbench, context, migration().options().toolTimeout());
        List<PodView> earlier = workbench.pods(ToolCommand.BACKUP.word());
        if (!earlier.isEmpty() && !earlier.get(0).phase().equals("Failed")) {
            tool.await(ToolCommand.BACKUP, earlier.get(0).name());
            return StepResult.applied("the tool has written a backup");
        }
        for (int attempt = 1; ; attempt++) {
            instance().refusePods(context);
            try {
                tool.run(ToolCommand.BACKUP);
                return StepResult.applied("the tool has written a backup");
            } catch (UpgradeException e) {
                if (e.code() != Code.TOOL_FAILED || attempt == ATTEMPTS) {
                    throw e;
                }
                context.progress("attempt " + attempt + " of " + ATTEMPTS + " failed: " + e.getMessage());
                // One that was killed leaves its session, and the next one would refuse to work beside it.
                awaitSessions(workbench, context);
            }
        }
    }

    @Override
    public Undo undo() {
        return Undo.by("stop the tool if it still writes a backup", context -> {
            workbench(context).remove(ToolCommand.BACKUP.word());
            return StepResult.applied("the tool writes no backup any more");
        });
    }

    @Override
    public Duration timeout() {
        return migration().options().toolTimeout().multipliedBy(ATTEMPTS).plusMinutes(10);
    }
}
