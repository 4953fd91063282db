package io.github.milvusupgrade.path;

/** How the old version can be had again once a hop is done. */
public enum WayBack {
    /** Put the old images back: nothing is known that the new version writes and the old one cannot read. */
    IMAGE_ONLY("the old images"),
    /** Restore the metadata that the hop backed up, then put the old images back. */
    RESTORE("the metadata backup and the old images"),
    /** None: the new version writes what the old one cannot read. Take a backup of your own before. */
    ONE_WAY("none");

    private final String text;

    WayBack(String text) {
        this.text = text;
    }

    /** What leads back, in a few words. */
    @Override
    public String toString() {
        return text;
    }
}
