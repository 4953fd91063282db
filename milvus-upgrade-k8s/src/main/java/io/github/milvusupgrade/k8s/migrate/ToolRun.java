package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.util.Map;

/** One run of the migration tool in a pod of its own. */
final class ToolRun {

    /** milvus-io/milvus:cmd/tools/migration/console/code.go. */
    private static final Map<Integer, String> EXIT_CODES = Map.of(
            1, "failed, and no backup was finished",
            2, "failed, after a backup was finished if one was asked for",
            100, "failed unexpectedly",
            137, "was killed");

    private final Workbench workbench;
    private final StepContext context;
    private final Duration atMost;

    ToolRun(Workbench workbench, StepContext context, Duration atMost) {
        this.workbench = workbench;
        this.context = context;
        this.atMost = atMost;
    }

    /**
     * Runs the tool, and waits for its end.
     *
     * @throws UpgradeException with {@link Code#TOOL_FAILED} if it did not succeed; {@link Code#TOOL_TIMED_OUT} if it
     *     did not end, after its pod was removed
     */
    void run(ToolCommand command) throws InterruptedException {
        String name = workbench.nextName(command.word());
        workbench.createPod(name, workbench.objects().toolPod(name, command));
        await(command, name);
    }

    /** Waits for the end of a run that is under way, or judges one that has ended. */
    void await(ToolCommand command, String name) throws InterruptedException {
        PodView ended;
        try {
            ended = workbench.awaitEnd(name, atMost);
        } catch (UpgradeException e) {
            if (e.code() != Code.STEP_TIMED_OUT) {
                throw e;
            }
            // Whatever comes next, it must not meet a tool that still works.
            workbench.remove(command.word());
            throw new UpgradeException(
                    Code.TOOL_TIMED_OUT,
                    "The migration tool (" + command.word() + ", pod " + name + ") did not end in "
                            + atMost.toSeconds() + " s, so its pod was removed. Give it longer with"
                            + " MigrateOptions.withToolTimeout if there is much metadata.",
                    e);
        }
        String words = workbench.lastWords(ended, ended.containers().get(0));
        if (!ended.phase().equals("Succeeded")) {
            String meaning = Workbench.exitCode(ended)
                    .map(code -> EXIT_CODES.getOrDefault(code, "failed"))
                    .orElse("was lost");
            throw new UpgradeException(
                    Code.TOOL_FAILED,
                    "The migration tool (" + command.word() + ", pod " + name + ") " + meaning + ": "
                            + Workbench.endOf(ended) + "." + words);
        }
        context.progress("the migration tool has done " + command.word() + " in pod " + name);
    }
}
