package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every object of the cluster under one revision counter, as in etcd. Objects that went in are never changed in place.
 * Whoever reads and writes in one go does so inside {@code synchronized (store)}; observers are told inside it too, in
 * the order of the writes.
 */
final class ObjectStore {

    private static final int REMEMBERED_CHANGES = 2048;
    private static final NavigableMap<String, NavigableMap<String, ObjectNode>> NOTHING =
            Collections.unmodifiableNavigableMap(new TreeMap<>());

    private final Map<ResourceType, NavigableMap<String, NavigableMap<String, ObjectNode>>> objects =
            new EnumMap<>(ResourceType.class);
    private final Map<String, Set<ObjectKey>> byOwner = new HashMap<>();
    private final Deque<Change> history = new ArrayDeque<>();
    private final List<Consumer<Change>> observers = new CopyOnWriteArrayList<>();
    private long revision = 1000;
    private long forgottenUpTo = revision;

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    void observe(Consumer<Change> observer) {
        observers.add(observer);
    }

    synchronized long revision() {
        return revision;
    }

    synchronized @Nullable ObjectNode find(ObjectKey key) {
        return in(key).get(key.name());
    }

    /** The objects of a type in one namespace, or in all of them if the namespace is empty, in list order. */
    synchronized List<ObjectNode> list(ResourceType type, String namespace) {
        NavigableMap<String, NavigableMap<String, ObjectNode>> all = objects.getOrDefault(type, NOTHING);
        if (!type.namespaced() || !namespace.isEmpty()) {
            return List.copyOf(all.getOrDefault(namespace, new TreeMap<>()).values());
        }
        return all.values().stream().flatMap(inOne -> inOne.values().stream()).toList();
    }

    /** The objects of a type which this owner controls. */
    synchronized List<ObjectNode> ownedBy(JsonNode owner, ResourceType type) {
        List<ObjectNode> owned = new ArrayList<>();
        for (ObjectKey key : byOwner.getOrDefault(uid(owner), Set.of())) {
            ObjectNode object = key.type() == type ? find(key) : null;
            if (object != null) {
                owned.add(object);
            }
        }
        return owned;
    }

    /** Everything, of whatever type, that names this uid as an owner. */
    synchronized List<ObjectKey> dependentsOf(String uid) {
        return List.copyOf(byOwner.getOrDefault(uid, Set.of()));
    }

    /** Stores a new object and gives it its uid, birthday, generation and revision. */
    synchronized ObjectNode create(ObjectKey key, ObjectNode object) {
        ObjectNode metadata = Json.copy(object.path("metadata"));
        metadata.put("uid", UUID.randomUUID().toString());
        Json.setIfAbsent(metadata, "creationTimestamp", now());
        if (key.type().hasGeneration()) {
            metadata.put("generation", 1);
        }
        return commit(key, null, Json.with(object, "metadata", metadata));
    }

    /** Replaces an object; the caller has taken care of its uid and generation. */
    synchronized ObjectNode replace(ObjectKey key, ObjectNode object) {
        return commit(key, find(key), object);
    }

    synchronized @Nullable ObjectNode remove(ObjectKey key) {
        ObjectNode before = in(key).remove(key.name());
        if (before == null) {
            return null;
        }
        forget(key, before);
        ObjectNode last = atNextRevision(before);
        tell(new Change(key, revision, before, null, last));
        return last;
    }

    /** What was written after this revision, oldest first; null if that is no longer known. */
    synchronized @Nullable List<Change> since(long known) {
        return known < forgottenUpTo
                ? null
                : history.stream().filter(change -> change.revision() > known).toList();
    }

    static String uid(JsonNode object) {
        return object.path("metadata").path("uid").asText();
    }

    private ObjectNode commit(ObjectKey key, @Nullable ObjectNode before, ObjectNode object) {
        ObjectNode after = atNextRevision(object);
        in(key).put(key.name(), after);
        if (before != null) {
            forget(key, before);
        }
        for (JsonNode owner : after.path("metadata").path("ownerReferences")) {
            byOwner.computeIfAbsent(owner.path("uid").asText(), uid -> new LinkedHashSet<>())
                    .add(key);
        }
        tell(new Change(key, revision, before, after, after));
        return after;
    }

    private ObjectNode atNextRevision(ObjectNode object) {
        revision++;
        ObjectNode metadata = Json.copy(object.path("metadata"));
        metadata.put("resourceVersion", Long.toString(revision));
        return Json.with(object, "metadata", metadata);
    }

    private void forget(ObjectKey key, ObjectNode before) {
        for (JsonNode owner : before.path("metadata").path("ownerReferences")) {
            byOwner.computeIfPresent(owner.path("uid").asText(), (uid, keys) -> {
                keys.remove(key);
                return keys.isEmpty() ? null : keys;
            });
        }
    }

    private void tell(Change change) {
        history.addLast(change);
        if (history.size() > REMEMBERED_CHANGES) {
            forgottenUpTo = history.removeFirst().revision();
        }
        observers.forEach(observer -> observer.accept(change));
    }

    private NavigableMap<String, ObjectNode> in(ObjectKey key) {
        return objects.computeIfAbsent(key.type(), any -> new TreeMap<>())
                .computeIfAbsent(key.namespace(), any -> new TreeMap<>());
    }
}
