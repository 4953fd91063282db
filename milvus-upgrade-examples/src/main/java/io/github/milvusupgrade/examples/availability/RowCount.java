package io.github.milvusupgrade.examples.availability;

/**
 * The rows at the end.
 *
 * @param acknowledged rows whose insert was answered with a success
 * @param missing rows among them that are not there
 * @param unacknowledged rows that are there although the answer to their insert was lost
 */
record RowCount(long acknowledged, long missing, long unacknowledged) {

    String describe() {
        return acknowledged + " rows acknowledged, " + (acknowledged - missing) + " of them found, " + missing
                + " missing; " + unacknowledged + " more whose answer was lost";
    }
}
