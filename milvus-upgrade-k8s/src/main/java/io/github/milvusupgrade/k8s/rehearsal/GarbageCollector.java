package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Deletes what belongs to deleted objects and to deleted namespaces. */
final class GarbageCollector {

    private final ObjectStore store;
    private final Removal removal;
    private final EventLoop loop;

    GarbageCollector(ObjectStore store, Removal removal, EventLoop loop) {
        this.store = store;
        this.removal = removal;
        this.loop = loop;
        store.observe(this::onChange);
    }

    private void onChange(Change change) {
        if (change.after() == null) {
            String uid = ObjectStore.uid(change.last());
            loop.soon(() -> deleteDependents(uid));
            change.last()
                    .path("metadata")
                    .path("ownerReferences")
                    .forEach(owner ->
                            Owners.keyOf(change.key(), owner).ifPresent(key -> loop.soon(() -> finishForeground(key))));
            if (change.key().type() != ResourceType.NAMESPACES) {
                loop.soon(() -> finishNamespace(change.key().namespace()));
            }
        } else if (isMarked(change.after()) && (change.before() == null || !isMarked(change.before()))) {
            ObjectKey key = change.key();
            loop.soon(() -> finishForeground(key));
            if (key.type() == ResourceType.NAMESPACES) {
                loop.soon(() -> emptyNamespace(key.name()));
            }
        }
    }

    private void deleteDependents(String ownerUid) {
        synchronized (store) {
            for (ObjectKey key : store.dependentsOf(ownerUid)) {
                ObjectNode dependent = store.find(key);
                if (dependent != null && !isMarked(dependent)) {
                    removal.delete(key, dependent, -1, Removal.Propagation.BACKGROUND);
                }
            }
        }
    }

    private void finishForeground(ObjectKey key) {
        synchronized (store) {
            ObjectNode owner = store.find(key);
            if (owner == null
                    || !isMarked(owner)
                    || Json.stream(owner.path("metadata").path("finalizers"))
                            .noneMatch(finalizer -> finalizer.asText().equals(Removal.FOREGROUND))) {
                return;
            }
            List<ObjectKey> dependents = store.dependentsOf(ObjectStore.uid(owner));
            if (dependents.isEmpty()) {
                store.remove(key);
                return;
            }
            for (ObjectKey dependent : dependents) {
                ObjectNode object = store.find(dependent);
                if (object != null && !isMarked(object)) {
                    removal.delete(dependent, object, -1, Removal.Propagation.FOREGROUND);
                }
            }
        }
    }

    private void emptyNamespace(String namespace) {
        synchronized (store) {
            for (ResourceType type : ResourceType.ALL) {
                for (ObjectNode object : type.namespaced() ? store.list(type, namespace) : List.<ObjectNode>of()) {
                    removal.delete(ObjectKey.of(type, object), object, -1, Removal.Propagation.BACKGROUND);
                }
            }
            finishNamespace(namespace);
        }
    }

    private void finishNamespace(String name) {
        synchronized (store) {
            ObjectKey key = new ObjectKey(ResourceType.NAMESPACES, "", name);
            JsonNode namespace = store.find(key);
            if (namespace != null
                    && isMarked(namespace)
                    && ResourceType.ALL.stream()
                            .filter(ResourceType::namespaced)
                            .allMatch(type -> store.list(type, name).isEmpty())) {
                store.remove(key);
            }
        }
    }

    private static boolean isMarked(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }
}
