package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.chart.ChartArchive;
import io.github.milvusupgrade.k8s.helm.HelmUpgrade;
import io.github.milvusupgrade.k8s.helm.Manifest;
import io.github.milvusupgrade.k8s.helm.RenderedObject;
import io.github.milvusupgrade.k8s.helm.RenderedRelease;
import io.github.milvusupgrade.k8s.release.HelmRelease;
import io.github.milvusupgrade.k8s.release.ReleaseSize;
import io.github.milvusupgrade.k8s.release.ReleaseValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a release is and what it is to become: the objects of both, and the upgrade that leads from one to the other.
 * Immutable; its text leaves all content out, since passwords may be among it.
 *
 * @param base the revision that it goes on from
 * @param chart the chart that it goes to
 * @param values what that is rendered with
 * @param upgrade what Helm is to be told
 * @param before the objects of the revision
 * @param wanted the objects that the chart makes
 */
record ReleaseChange(
        HelmRelease base,
        ChartArchive chart,
        ReleaseValues values,
        HelmUpgrade upgrade,
        Map<ObjectKey, ObjectNode> before,
        Map<ObjectKey, ObjectNode> wanted) {

    static ReleaseChange of(
            HelmRelease base, ChartArchive chart, ReleaseValues values, HelmUpgrade upgrade, RenderedRelease rendered) {
        return new ReleaseChange(
                base,
                chart,
                values,
                upgrade,
                byKey(Manifest.objects(base.manifest(), upgrade.namespace())),
                byKey(rendered.objects()));
    }

    int revision() {
        return base.revision();
    }

    /** How large the record of the revision that it makes is about to be. */
    ReleaseSize size() {
        return ReleaseSize.estimate(
                chart.stored(), values.userValues(), wanted.values().toString());
    }

    /** From the objects of the revision to those of the chart. */
    Direction forth() {
        return new Direction(before, wanted);
    }

    /** The way back: the same objects, the other way round. */
    Direction back() {
        return new Direction(wanted, before);
    }

    private static Map<ObjectKey, ObjectNode> byKey(List<RenderedObject> objects) {
        Map<ObjectKey, ObjectNode> byKey = new LinkedHashMap<>();
        objects.forEach(object -> byKey.put(new ObjectKey(object.kind(), object.name()), object.json()));
        return byKey;
    }

    @Override
    public String toString() {
        return upgrade + " from revision " + revision();
    }

    /** An object of a release. */
    record ObjectKey(String kind, String name) implements Comparable<ObjectKey> {

        @Override
        public int compareTo(ObjectKey other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return kind + " " + name;
        }
    }

    /**
     * From one set of objects to another.
     *
     * @param from what is there now, as its manifest says
     * @param to what shall be there
     */
    record Direction(Map<ObjectKey, ObjectNode> from, Map<ObjectKey, ObjectNode> to) {

        /** Whether the object is one that shall be there. */
        boolean wants(ObjectKey key) {
            return to.containsKey(key);
        }

        /** What the manifest says of an object that it {@link #wants}. */
        ObjectNode wanted(ObjectKey key) {
            return Objects.requireNonNull(to.get(key), () -> key + " is not wanted");
        }

        /** What a live object becomes. One that only the live cluster had takes what the manifest says of it. */
        ObjectNode applied(ObjectKey key, ObjectNode live) {
            ObjectNode wanted = wanted(key);
            ObjectNode old = from.get(key);
            return ThreeWayMerge.merge(old == null ? wanted : old, wanted, live);
        }

        @Override
        public String toString() {
            return from.size() + " objects to " + to.size();
        }
    }
}
