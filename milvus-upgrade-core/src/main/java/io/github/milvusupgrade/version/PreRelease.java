package io.github.milvusupgrade.version;

import java.util.Comparator;

/**
 * What comes before a release, such as {@code rc10}. Ordered by stage, then by number as a number: rc2 is below rc10.
 *
 * @param stage how far from the release
 * @param number which of its stage; 0 where the tag states none
 */
record PreRelease(Stage stage, int number) implements Comparable<PreRelease> {

    private static final Comparator<PreRelease> ORDER =
            Comparator.comparing(PreRelease::stage).thenComparingInt(PreRelease::number);

    /**
     * The stages in the order in which Milvus went through them; 2.0.0 had {@code rc1} to {@code rc8}, then
     * {@code pre-ga}.
     */
    enum Stage {
        DEV("dev"),
        ALPHA("alpha"),
        BETA("beta"),
        RC("rc"),
        PRE_GA("pre-ga");

        private final String text;

        Stage(String text) {
            this.text = text;
        }

        static Stage of(String text) {
            for (Stage stage : values()) {
                if (stage.text.equals(text)) {
                    return stage;
                }
            }
            throw new IllegalArgumentException("No stage before a release is called \"" + text + "\".");
        }
    }

    @Override
    public int compareTo(PreRelease other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return number == 0 ? stage.text : stage.text + number;
    }
}
