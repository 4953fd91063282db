package io.github.milvusupgrade.k8s.migrate;

/** What the migration tool is told to do (milvus-io/milvus:cmd/tools/migration/configs/config.go). Its own names. */
enum ToolCommand {
    BACKUP("backup"),
    RUN("run"),
    ROLLBACK("rollback");

    private final String word;

    ToolCommand(String word) {
        this.word = word;
    }

    /** As {@code cmd.type} takes it; also part of the names of pods. */
    String word() {
        return word;
    }
}
