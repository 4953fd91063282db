package io.github.milvusupgrade.step;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import java.time.Duration;
import java.util.Map;

/**
 * What a step is given while it runs. Made by the library, or by the test of a step; valid only during the call it was
 * handed to, on the thread of that call.
 */
public interface StepContext {

    /** The run this is part of. */
    RunId run();

    /** Counts up each time another process takes the lock of the instance; stamped on what is written. */
    long fence();

    /** The instance as it was found when the plan was made. */
    ClusterSnapshot snapshot();

    /** What {@link UpgradeStep#capture} recorded before the step was first applied; empty within capture itself. */
    Map<String, String> captured();

    /** One captured fact, which must have been recorded. */
    default String captured(String key) {
        String value = captured().get(key);
        if (value == null) {
            throw new IllegalStateException("Nothing was captured under \"" + key + "\"; there is "
                    + captured().keySet() + ". Let capture() record it.");
        }
        return value;
    }

    /**
     * Whether the step was begun before, in this process or in one that died, and was not finished: for steps that must
     * not do the same twice without looking. False by default.
     */
    default boolean begunBefore() {
        return false;
    }

    /** Tell the listeners how far the step is; free text for people. */
    void progress(String text);

    /**
     * Tell the listeners something that stays in the report as a warning, whatever becomes of the step. Mere progress
     * unless the run keeps warnings.
     */
    default void warn(String text) {
        progress(text);
    }

    /** The time that is left for the step; never negative. Use it as the limit of every wait. */
    Duration remaining();

    /**
     * Stop here if the run was cancelled, has lost its lock, or has broken an availability budget. Call it before every
     * write and now and then while waiting.
     *
     * @throws io.github.milvusupgrade.error.UpgradeException if the step must not go on
     */
    void checkpoint();
}
