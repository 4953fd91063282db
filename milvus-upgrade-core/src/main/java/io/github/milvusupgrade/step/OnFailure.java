package io.github.milvusupgrade.step;

/**
 * What becomes of a run when a step fails. A run that was cancelled, or lost its lock, is always left as it is:
 * somebody else decides then.
 */
public enum OnFailure {
    /** Leave everything as it is; a person resumes the run or takes it back. */
    STOP,
    /**
     * Take back at once what the run has done, as {@code planRollback} would: for steps after which the instance does
     * not serve until they are finished or undone.
     */
    TAKE_BACK
}
