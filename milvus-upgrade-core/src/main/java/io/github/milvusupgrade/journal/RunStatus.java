package io.github.milvusupgrade.journal;

/** How a run stands. The names are stored: they never change. */
public enum RunStatus {
    /** It goes on, or its process died: the journal cannot tell these apart, the lock can. */
    RUNNING,
    /** A step failed; what was done before it stays. */
    FAILED,
    /** Its caller cancelled it between or within steps. */
    CANCELLED,
    /** Everything was done. */
    SUCCEEDED,
    /** Everything it had done was taken back by another run. */
    ROLLED_BACK,
    /** A person gave it up and takes care of the rest. */
    ABANDONED;

    /** Whether it must be resumed, rolled back or abandoned before another run of the instance may begin. */
    public boolean unfinished() {
        return this == RUNNING || this == FAILED || this == CANCELLED;
    }
}
