package io.github.milvusupgrade.step;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.component.Component;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One unit of work of an upgrade. The library brings its own; callers write theirs and put them into a plan, where they
 * are journaled, resumed, timed, reported and undone like the others.
 *
 * <p>Life cycle: {@link #checks} are examined before anything runs. Then {@link #capture} reads what undoing will need,
 * that is recorded, and {@link #apply} does the work. After a crash {@code apply} is called again with what was
 * captured the first time. {@link #undo} is used by a rollback, possibly in another process days later.
 *
 * <p>Steps of one stage may be applied on several threads at once, if the caller asked for that; a single step never
 * is.
 */
public interface UpgradeStep {

    /** The name of the step in plan and journal: unique within a plan, and the same for ever. */
    StepId id();

    /** What the step does, as one line in the imperative. */
    String summary();

    /**
     * Do the work, and return when it is done. <strong>Must be idempotent</strong>: applied to a cluster where it was
     * done before, wholly or half, it finishes what is left and does no harm. Every wait keeps to
     * {@link StepContext#remaining()}.
     *
     * @throws io.github.milvusupgrade.error.UpgradeException if it cannot be done; any other exception is reported as a
     *     failure of the step, too
     * @throws InterruptedException if the thread was interrupted, which cancels the run
     */
    StepResult apply(StepContext context) throws InterruptedException;

    /** The components that the step is about, so that others can be put before or after it; none by default. */
    default Set<Component> components() {
        return Set.of();
    }

    /** What must be true before the plan starts, or goes on before this step was begun; nothing by default. */
    default List<Check> checks() {
        return List.of();
    }

    /** Read, without changing anything, what {@link #undo} will need; it must not hold secrets. Nothing by default. */
    default Map<String, String> capture(StepContext context) throws InterruptedException {
        return Map.of();
    }

    /** The way back; by default there is nothing to undo. */
    default Undo undo() {
        return Undo.notNeeded("changes nothing");
    }

    /**
     * What has to be seen before {@link #apply} returns and the next step may begin, one line each, for the plan;
     * nothing by default.
     */
    default List<String> gates() {
        return List.of();
    }

    /** What becomes of the run if the step fails; by default it stops and leaves everything as it is. */
    default OnFailure onFailure() {
        return OnFailure.STOP;
    }

    /** How long {@link #apply} may take; 15 minutes by default. */
    default Duration timeout() {
        return Duration.ofMinutes(15);
    }
}
