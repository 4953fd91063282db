package io.github.milvusupgrade.run;

/** How an execution ended. */
public enum Outcome {
    /** Every step is done. */
    SUCCEEDED,
    /** Preflight found something that forbids it; nothing was changed. */
    BLOCKED,
    /** A step failed; what was done before it stays, and can be resumed or rolled back. */
    FAILED,
    /** The caller cancelled it; what was done stays, and can be resumed or rolled back. */
    CANCELLED
}
