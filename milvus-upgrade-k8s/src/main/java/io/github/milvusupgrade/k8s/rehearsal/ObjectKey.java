package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;

/** Where an object is: its type, its namespace (empty for cluster-wide types) and its name. */
record ObjectKey(ResourceType type, String namespace, String name) {

    static ObjectKey of(ResourceType type, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return new ObjectKey(
                type,
                type.namespaced() ? metadata.path("namespace").asText() : "",
                metadata.path("name").asText());
    }

    /** Orders a type's objects as a list answer does: by namespace, then by name. */
    String path() {
        return namespace + "/" + name;
    }
}
