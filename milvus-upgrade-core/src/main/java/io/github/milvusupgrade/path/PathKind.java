package io.github.milvusupgrade.path;

/** How a hop is made. The three ways of the upgrade guide of Milvus 2.2. */
public enum PathKind {
    /** Component after component, old and new side by side; the instance keeps serving. */
    ROLLING("rolling"),
    /** By {@code helm upgrade}: coordinators are stopped before their successors start, so there is an outage. */
    HELM("helm"),
    /** Stop everything, back up and convert the metadata, start the new version. */
    MIGRATE("migrate");

    private final String text;

    PathKind(String text) {
        this.text = text;
    }

    /** The word that plans and documents use. */
    @Override
    public String toString() {
        return text;
    }
}
