package io.github.milvusupgrade.k8s.config;

import java.util.List;

/**
 * The outcome of {@link MilvusYaml#with}: the new text, and the changes that lead to it in the order they were made.
 *
 * @param text the whole new text; the very same text if nothing had to change
 * @param changes one per setting that did not have its value yet; give them to {@link MilvusYaml#undo} to go back
 */
public record Edit(String text, List<Change> changes) {

    public Edit {
        changes = List.copyOf(changes);
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Leaves the text out: it may hold credentials. */
    @Override
    public String toString() {
        return "Edit" + changes;
    }
}
