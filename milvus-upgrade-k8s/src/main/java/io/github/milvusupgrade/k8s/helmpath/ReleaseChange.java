package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.helm.HelmUpgrade;
import io.github.milvusupgrade.k8s.helm.RenderedObject;
import io.github.milvusupgrade.k8s.helm.RenderedRelease;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a release is and what it is to become: the objects of both, and the upgrade that leads from one to the other.
 * Immutable; its text leaves all content out, since passwords may be among it.
 *
 * @param revision the revision that is deployed
 * @param before the objects of that revision
 * @param upgrade what Helm is to be told
 * @param wanted the objects that this makes
 */
record ReleaseChange(int revision, List<RenderedObject> before, HelmUpgrade upgrade, List<RenderedObject> wanted) {

    ReleaseChange {
        before = List.copyOf(before);
        wanted = List.copyOf(wanted);
    }

    static ReleaseChange of(
            int revision, List<RenderedObject> before, HelmUpgrade upgrade, RenderedRelease rendered) {
        return new ReleaseChange(revision, before, upgrade, rendered.objects());
    }

    /** The way back: the same objects, the other way round. */
    ReleaseChange reversed() {
        return new ReleaseChange(revision, wanted, upgrade, before);
    }

    /** What both manifests say about one object; empty if the new one does not have it. */
    Optional<ObjectChange> of(String kind, String name) {
        return find(wanted, kind, name)
                .map(object -> new ObjectChange(
                        find(before, kind, name).orElseGet(() -> object.objectNode()), object));
    }

    /** The objects of a kind that both manifests have, by name. */
    Map<String, ObjectChange> ofKind(String kind) {
        Map<String, ObjectChange> changes = new LinkedHashMap<>();
        for (RenderedObject object : wanted) {
            if (object.kind().equals(kind)) {
                find(before, kind, object.name())
                        .ifPresent(old -> changes.put(object.name(), new ObjectChange(old, object.json())));
            }
        }
        return changes;
    }

    private static Optional<ObjectNode> find(List<RenderedObject> objects, String kind, String name) {
        return objects.stream()
                .filter(object -> object.kind().equals(kind) && object.name().equals(name))
                .map(RenderedObject::json)
                .findFirst();
    }

    @Override
    public String toString() {
        return upgrade + " from revision " + revision;
    }

    /** One object in the manifest that is deployed and in the one that is wanted. */
    record ObjectChange(ObjectNode before, ObjectNode wanted) {

        /** What the object becomes. */
        ObjectNode appliedTo(ObjectNode live) {
            return ThreeWayMerge.merge(before, wanted, live);
        }

        @Override
        public String toString() {
            return wanted.path("kind").asText() + " " + wanted.at("/metadata/name").asText();
        }
    }
}
