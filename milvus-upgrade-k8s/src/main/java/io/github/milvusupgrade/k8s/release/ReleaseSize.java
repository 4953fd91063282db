package io.github.milvusupgrade.k8s.release;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How large the record of a revision becomes. Helm keeps chart, values and manifest in one Secret, and Kubernetes takes
 * none above 1 MiB, so an upgrade that needs more cannot begin (helm/helm#7126, helm/helm#11493).
 *
 * @param bytes the size of the record in its Secret
 */
public record ReleaseSize(long bytes) {

    /** What Kubernetes takes (kubernetes/kubernetes:pkg/apis/core/types.go, {@code MaxSecretSize}). */
    public static final long LIMIT = 1 << 20;

    private static final double NEAR = 0.8;

    /**
     * Makes the record as Helm would and measures it. An estimate: Go and Java press not quite alike, and the notes and
     * hooks of the chart are not in it.
     *
     * @param chart the chart as Helm stores it
     * @param values the complete values of the user
     * @param manifest the rendered objects
     */
    public static ReleaseSize estimate(ObjectNode chart, ObjectNode values, String manifest) {
        ObjectNode release = JsonNodeFactory.instance.objectNode();
        release.set("chart", chart);
        release.set("config", values);
        return new ReleaseSize(ReleaseRecord.storedBytes(release.put("manifest", manifest)));
    }

    /** Whether Kubernetes takes a record of this size. */
    public boolean fits() {
        return bytes <= LIMIT;
    }

    /** Whether it takes 80 % of the limit or more, so that an estimate is not good enough. */
    public boolean isNearLimit() {
        return bytes >= NEAR * LIMIT;
    }

    /** The size and its part of the limit: {@code 301 KiB, 29 % of what a Secret holds}. */
    @Override
    public String toString() {
        return (bytes + 1023) / 1024 + " KiB, " + Math.round(100.0 * bytes / LIMIT) + " % of what a Secret holds";
    }
}
