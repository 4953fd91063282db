package io.github.milvusupgrade.plan;

/**
 * The decision of a person to go on although one check blocks. It names exactly one check and the reason, and is kept
 * in the journal and in the report.
 *
 * @param check the id of the check, such as {@code P13}
 * @param reason why it is right to go on, for those who read the report later
 */
public record Waiver(String check, String reason) {

    /** Refuse a waiver without a reason. */
    public Waiver {
        if (check.isBlank() || reason.isBlank()) {
            throw new IllegalArgumentException("A waiver needs the id of one check and a reason, but got check \""
                    + check + "\" and reason \"" + reason + "\".");
        }
    }
}
