package io.github.milvusupgrade.journal;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.step.RunId;

/** Another run of the instance is going on or unfinished, so this one did not begin. Nothing was changed. */
public class RunConflictException extends UpgradeException {

    private static final long serialVersionUID = 1L;

    /** Say that another process holds the lock. */
    public static RunConflictException held(ClusterId cluster, String holder) {
        return new RunConflictException(
                Code.LOCK_HELD,
                "Cannot take the lock of " + cluster + ": it is held by " + holder
                        + ". Wait until that process is done, or stop it: its lock then expires by itself.");
    }

    /** Say that an earlier run is unfinished. */
    public static RunConflictException unfinished(JournaledRun run) {
        return new RunConflictException(
                Code.RUN_UNFINISHED,
                "Cannot begin or resume another run of " + run.header().cluster() + ": run "
                        + run.header().run() + " of " + run.header().begunAt() + " is unfinished (" + run.status()
                        + "). " + waysOut(run));
    }

    private static String waysOut(JournaledRun run) {
        RunId id = run.header().run();
        RunId original = run.header().rollbackOf();
        return original == null
                ? "Go on with resume(\"" + id + "\"), go back with planRollback(\"" + id
                        + "\"), or give it up with abandon(\"" + id + "\")."
                : "It takes back run " + original + ": go on with resume(\"" + id + "\"), or give it up with abandon(\""
                        + id + "\").";
    }

    private RunConflictException(Code code, String message) {
        super(code, message);
    }
}
