package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reading and writing objects with the checks of the API server: what the HTTP verbs and the controllers both use. */
final class ObjectVerbs {

    private final ObjectStore store;
    private final Quota quota;

    ObjectVerbs(ObjectStore store, Quota quota) {
        this.store = store;
        this.quota = quota;
    }

    ObjectNode get(ObjectKey key) {
        ObjectNode found = store.find(key);
        if (found == null) {
            throw ApiFailure.notFound(key.type(), key.name());
        }
        return found;
    }

    /** Creates an object in a namespace (empty for cluster-wide types), which may leave its name to us. */
    ObjectNode create(ResourceType type, String namespace, ObjectNode object, boolean dryRun) {
        ObjectNode created = Json.decoded(object);
        ObjectNode metadata = Json.child(created, "metadata");
        String prefix = metadata.path("generateName").asText();
        if (metadata.path("name").asText().isEmpty() && !prefix.isEmpty()) {
            metadata.put("name", prefix + RandomName.suffix());
        }
        identify(type, namespace, created);
        metadata.remove(List.of("uid", "resourceVersion", "generation", "deletionTimestamp", "managedFields"));
        initialStatus(type, created);
        Defaults.apply(type, created);
        ObjectKey key = ObjectKey.of(type, created);
        synchronized (store) {
            requireNamespace(key.namespace());
            Validation.check(type, null, created);
            if (store.find(key) != null) {
                throw ApiFailure.alreadyExists(type, key.name());
            }
            if (type == ResourceType.PODS) {
                quota.check(created);
            }
            return dryRun ? created : store.create(key, created);
        }
    }

    /** Replaces an object; a status written with it is ignored where status has an address of its own. */
    ObjectNode update(ObjectKey key, ObjectNode proposed, boolean dryRun) {
        synchronized (store) {
            ObjectNode before = get(key);
            ObjectNode after = Json.decoded(proposed);
            if (key.type().hasStatus()) {
                after.remove("status");
                if (before.has("status")) {
                    after.set("status", before.path("status"));
                }
            }
            return write(key, before, after, dryRun);
        }
    }

    /** What an update of an object makes that is not there: a new one, but never one that was there before. */
    ObjectNode createByUpdate(ObjectKey key, ObjectNode proposed, boolean dryRun) {
        checkUid(key, Json.object(), proposed.path("metadata"));
        return create(key.type(), key.namespace(), proposed, dryRun);
    }

    /** Replaces the status of an object and nothing else. */
    ObjectNode updateStatus(ObjectKey key, ObjectNode proposed, boolean dryRun) {
        synchronized (store) {
            ObjectNode before = get(key);
            checkPreconditions(key, before, proposed.path("metadata"));
            ObjectNode after = Json.with(before, "status", proposed.path("status"));
            return after.equals(before) || dryRun ? after : store.replace(key, after);
        }
    }

    private ObjectNode write(ObjectKey key, ObjectNode before, ObjectNode after, boolean dryRun) {
        checkPreconditions(key, before, after.path("metadata"));
        identify(key.type(), key.namespace(), after);
        if (!after.path("metadata").path("name").asText().equals(key.name())) {
            throw ApiFailure.badRequest("the name of the object ("
                    + after.path("metadata").path("name").asText() + ") does not match the name on the URL ("
                    + key.name() + ")");
        }
        keepSystemFields(before, Json.child(after, "metadata"));
        Defaults.apply(key.type(), after);
        Validation.check(key.type(), before, after);
        if (key.type().hasGeneration() && !after.path("spec").equals(before.path("spec"))) {
            int generation = before.path("metadata").path("generation").asInt();
            Json.child(after, "metadata").put("generation", generation + 1);
        }
        if (after.equals(before) || dryRun) {
            return after;
        }
        if (Removal.isDue(key, after)) {
            store.replace(key, after);
            return Objects.requireNonNull(store.remove(key));
        }
        return store.replace(key, after);
    }

    private static void checkPreconditions(ObjectKey key, JsonNode before, JsonNode proposed) {
        checkUid(key, before, proposed);
        String revision = proposed.path("resourceVersion").asText();
        if (revision.isEmpty() && key.type() == ResourceType.LEASES) {
            throw ApiFailure.versionRequired(key.type(), key.name());
        }
        if (!revision.isEmpty()
                && !revision.equals(
                        before.path("metadata").path("resourceVersion").asText())) {
            throw ApiFailure.modified(key.type(), key.name());
        }
    }

    private static void checkUid(ObjectKey key, JsonNode before, JsonNode proposed) {
        String uid = proposed.path("uid").asText();
        if (!uid.isEmpty() && !uid.equals(ObjectStore.uid(before))) {
            throw ApiFailure.conflict(
                    key.type(),
                    key.name(),
                    "StorageError: invalid object, Code: 4, Key: /registry/"
                            + key.type().plural() + "/" + key.namespace() + "/" + key.name()
                            + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: "
                            + uid
                            + ", UID in object meta: " + ObjectStore.uid(before));
        }
    }

    private static void keepSystemFields(JsonNode before, ObjectNode metadata) {
        JsonNode old = before.path("metadata");
        for (String field : List.of(
                "uid",
                "creationTimestamp",
                "generation",
                "generateName",
                "resourceVersion",
                "deletionTimestamp",
                "deletionGracePeriodSeconds")) {
            if (old.has(field)) {
                metadata.set(field, old.path(field));
            } else {
                metadata.remove(field);
            }
        }
        metadata.remove("managedFields");
        for (String field : List.of("labels", "annotations", "finalizers", "ownerReferences")) {
            if (metadata.path(field).isEmpty()) {
                metadata.remove(field);
            }
        }
    }

    private static void identify(ResourceType type, String namespace, ObjectNode object) {
        String kind = object.path("kind").asText(type.kind());
        String apiVersion = object.path("apiVersion").asText(type.apiVersion());
        if (!kind.equals(type.kind()) || !apiVersion.equals(type.apiVersion())) {
            throw undecodable(
                    type,
                    "converting (" + apiVersion + "." + kind + ") to (core." + type.kind() + "): unknown conversion");
        }
        FieldTypes.mismatch(type, object).ifPresent(why -> {
            throw undecodable(type, why);
        });
        object.put("kind", type.kind());
        object.put("apiVersion", type.apiVersion());
        ObjectNode metadata = Json.child(object, "metadata");
        if (!type.namespaced()) {
            return;
        }
        if (!metadata.path("namespace").asText(namespace).equals(namespace)) {
            throw ApiFailure.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        metadata.put("namespace", namespace);
    }

    private static ApiFailure undecodable(ResourceType type, String why) {
        return ApiFailure.badRequest(type.kind() + " in version \"" + type.version() + "\" cannot be handled as a "
                + type.kind() + ": " + why);
    }

    private static void initialStatus(ResourceType type, ObjectNode object) {
        switch (type) {
            case PODS -> object.set("status", Json.object("phase", "Pending", "qosClass", "BestEffort"));
            case CLAIMS -> object.set("status", Json.object("phase", "Pending"));
            case NAMESPACES -> object.set("status", Json.object("phase", "Active"));
            case SERVICES -> object.set("status", Json.object("loadBalancer", Map.of()));
            case DEPLOYMENTS, REPLICA_SETS, STATEFUL_SETS, QUOTAS -> object.set("status", Json.object());
            default -> {}
        }
    }

    private void requireNamespace(String namespace) {
        if (!namespace.isEmpty() && store.find(new ObjectKey(ResourceType.NAMESPACES, "", namespace)) == null) {
            throw ApiFailure.notFound(ResourceType.NAMESPACES, namespace);
        }
    }
}
