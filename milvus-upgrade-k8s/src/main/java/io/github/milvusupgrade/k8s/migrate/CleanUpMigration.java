package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepResult;

/** Removes what the migration does not need any more. The volume with the backup stays. */
final class CleanUpMigration extends MigrationStep {

    CleanUpMigration(ClusterAccess access, Migration migration) {
        super(access, migration, "clean-up");
    }

    @Override
    public String summary() {
        return "remove the pods of the migration"
                + (migration().options().removesPods() ? " and its ConfigMap" : " that still run")
                + "; keep the backup";
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        Workbench workbench = workbench(context);
        workbench.remove("reader");
        workbench.remove("probe");
        if (migration().options().removesPods()) {
            for (ToolCommand command : ToolCommand.values()) {
                workbench.remove(command.word());
            }
            workbench.removeConfigMap();
        }
        return StepResult.applied("the backup is kept in volume claim "
                + workbench.objects().claimName() + "; remove it with kubectl -n "
                + migration().id().namespace() + " delete pvc "
                + workbench.objects().claimName()
                + " when nobody will go back any more");
    }

    /** The new version serves: what is left over does no harm. */
    @Override
    public OnFailure onFailure() {
        return OnFailure.STOP;
    }
}
