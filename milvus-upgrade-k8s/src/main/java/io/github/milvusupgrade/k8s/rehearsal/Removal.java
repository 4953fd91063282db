package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/** Deletion: at once, after a pod's grace, or when the last finalizer is gone. */
final class Removal {

    static final String FOREGROUND = "foregroundDeletion";

    private final ObjectStore store;

    Removal(ObjectStore store) {
        this.store = store;
    }

    /** Whether a marked object has nothing left that keeps it. */
    static boolean isDue(ObjectKey key, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return metadata.has("deletionTimestamp")
                && metadata.path("finalizers").isEmpty()
                && (key.type() != ResourceType.PODS
                        || metadata.path("deletionGracePeriodSeconds").asInt() == 0);
    }

    /**
     * Deletes, or marks as to be deleted.
     *
     * @param grace seconds a running pod gets; negative for what the pod itself says
     * @return the object as it is if it stays for a while, or as it last was
     */
    ObjectNode delete(ObjectKey key, ObjectNode object, int grace, Propagation propagation) {
        synchronized (store) {
            switch (propagation) {
                case FOREGROUND -> object = withForegroundFinalizer(key, object);
                case ORPHAN -> orphanDependents(object);
                case BACKGROUND -> {}
            }
            int seconds = key.type() == ResourceType.PODS ? grace(object, grace) : 0;
            boolean isNamespace = key.type() == ResourceType.NAMESPACES;
            if (seconds <= 0
                    && !isNamespace
                    && object.path("metadata").path("finalizers").isEmpty()) {
                return Objects.requireNonNull(store.remove(key));
            }
            JsonNode old = object.path("metadata");
            if (old.has("deletionTimestamp")
                    && seconds >= old.path("deletionGracePeriodSeconds").asInt()) {
                return object;
            }
            ObjectNode metadata = Json.copy(old);
            metadata.put(
                    "deletionTimestamp",
                    Instant.now()
                            .plusSeconds(seconds)
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
            metadata.put("deletionGracePeriodSeconds", seconds);
            ObjectNode marked = Json.with(object, "metadata", metadata);
            if (isNamespace) {
                marked.set("status", Json.object("phase", "Terminating"));
            }
            return store.replace(key, marked);
        }
    }

    private static int grace(JsonNode pod, int asked) {
        boolean nothingToStop = !pod.path("spec").has("nodeName")
                || pod.path("status").path("phase").asText().matches("Succeeded|Failed");
        if (nothingToStop) {
            return 0;
        }
        return asked >= 0
                ? asked
                : pod.path("spec").path("terminationGracePeriodSeconds").asInt(30);
    }

    private static ObjectNode withForegroundFinalizer(ObjectKey key, ObjectNode object) {
        if (key.type() == ResourceType.PODS) {
            return object;
        }
        ObjectNode metadata = Json.copy(object.path("metadata"));
        metadata.set("finalizers", Json.array(FOREGROUND));
        return Json.with(object, "metadata", metadata);
    }

    private void orphanDependents(ObjectNode owner) {
        for (ObjectKey key : store.dependentsOf(ObjectStore.uid(owner))) {
            ObjectNode dependent = store.find(key);
            if (dependent != null) {
                store.replace(
                        key,
                        Json.with(dependent, "metadata", Json.without(dependent.path("metadata"), "ownerReferences")));
            }
        }
    }

    /** What becomes of the objects that the deleted one owns. */
    enum Propagation {
        BACKGROUND,
        FOREGROUND,
        ORPHAN
    }
}
