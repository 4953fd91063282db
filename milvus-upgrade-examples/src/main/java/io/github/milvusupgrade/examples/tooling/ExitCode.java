package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.run.Outcome;

/** What the command tells the shell. */
enum ExitCode {
    /** It was done. */
    OK,
    /** It was begun and not finished, or the cluster could not be asked. */
    FAILED,
    /** The arguments make no sense. */
    BAD_USAGE,
    /** A rule, a check or another run forbids it; nothing was changed. */
    REFUSED;

    int number() {
        return ordinal();
    }

    static ExitCode of(Outcome outcome) {
        return switch (outcome) {
            case SUCCEEDED -> OK;
            case FAILED, CANCELLED -> FAILED;
            case BLOCKED -> REFUSED;
        };
    }
}
