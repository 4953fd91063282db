package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What every cluster object has: its metadata. Texts that are not there are empty, numbers zero. */
public interface ObjectView {

    /** The object as the API server sent it, with every field. Read only: it may be shared. */
    JsonNode raw();

    default String name() {
        return Fields.text(raw(), "metadata", "name");
    }

    default String namespace() {
        return Fields.text(raw(), "metadata", "namespace");
    }

    default String uid() {
        return Fields.text(raw(), "metadata", "uid");
    }

    /** The version for conditional writes: opaque, to be sent back as it is. */
    default String resourceVersion() {
        return Fields.text(raw(), "metadata", "resourceVersion");
    }

    /** Counts the changes of {@code spec}; a status is about this object only if it observed at least this number. */
    default long generation() {
        return Fields.longNumber(raw(), "metadata", "generation");
    }

    default Map<String, String> labels() {
        return Fields.texts(raw(), "metadata", "labels");
    }

    default Map<String, String> annotations() {
        return Fields.texts(raw(), "metadata", "annotations");
    }

    default Optional<Instant> createdAt() {
        return Fields.time(raw(), "metadata", "creationTimestamp");
    }

    /** Whether deletion has begun; the object is still there until its finalizers and grace period are over. */
    default boolean deleting() {
        return Fields.present(raw(), "metadata", "deletionTimestamp");
    }

    /** The fields that each client has written, with its name as {@code manager}, as the API server remembers it. */
    default List<JsonNode> managedFields() {
        return Fields.each(entry -> entry, raw(), "metadata", "managedFields");
    }

    /** The uid of the owner that controls this object, such as the ReplicaSet of a pod; empty if there is none. */
    default String controllerUid() {
        return controller("uid");
    }

    /** The name of the owner that controls this object; empty if there is none. */
    default String controllerName() {
        return controller("name");
    }

    private String controller(String field) {
        return Fields.each(owner -> owner, raw(), "metadata", "ownerReferences").stream()
                .filter(owner -> Fields.flag(owner, "controller"))
                .map(owner -> Fields.text(owner, field))
                .findFirst()
                .orElse("");
    }
}
