package io.github.milvusupgrade.examples.tooling;

/** The command was called in a way that makes no sense. The message says which argument, why, and what to write. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
