package io.github.milvusupgrade.k8s.config;

import java.util.List;

/**
 * The outcome of {@link MilvusYaml#undo}.
 *
 * @param text the whole new text
 * @param undone the changes taken back
 * @param left the changes that were left alone, because somebody has changed the same setting since
 */
public record Reversal(String text, List<Change> undone, List<Left> left) {

    public Reversal {
        undone = List.copyOf(undone);
        left = List.copyOf(left);
    }

    /** A change that was not taken back, and why; the reason completes "… was left as it is because". */
    public record Left(Change change, String reason) {}

    /** Leaves the text out: it may hold credentials. */
    @Override
    public String toString() {
        return "Reversal[undone=" + undone + ", left=" + left + "]";
    }
}
