package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;

/** Where an object is: its type, its namespace (empty for cluster-wide types) and its name. */
record ObjectKey(ResourceType type, String namespace, String name) implements Comparable<ObjectKey> {

    private static final Comparator<ObjectKey> LIST_ORDER =
            Comparator.comparing(ObjectKey::namespace).thenComparing(ObjectKey::name);

    static ObjectKey of(ResourceType type, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return new ObjectKey(
                type,
                type.namespaced() ? metadata.path("namespace").asText() : "",
                metadata.path("name").asText());
    }

    /** Orders the objects of a type as a list does. */
    @Override
    public int compareTo(ObjectKey other) {
        return LIST_ORDER.compare(this, other);
    }
}
