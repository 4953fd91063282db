package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps as many pods as a ReplicaSet asks for, and counts the ready and the available ones. */
final class ReplicaSetController {

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final String NAME = "replicaset-controller";

    private final ObjectStore store;
    private final ObjectVerbs objects;
    private final Removal removal;
    private final EventLoop loop;
    private final EventRecorder events;
    private final WorkQueue queue;
    private final Map<String, Long> readySince = new HashMap<>();

    ReplicaSetController(
            ObjectStore store, ObjectVerbs objects, Removal removal, EventLoop loop, EventRecorder events) {
        this.store = store;
        this.objects = objects;
        this.removal = removal;
        this.loop = loop;
        this.events = events;
        this.queue = new WorkQueue(loop, this::reconcile);
        store.observe(this::onChange);
    }

    private void onChange(Change change) {
        if (change.key().type() == ResourceType.REPLICA_SETS) {
            queue.add(change.key());
        } else if (change.key().type() == ResourceType.PODS) {
            String uid = ObjectStore.uid(change.last());
            if (change.after() == null || !PodView.isReady(change.after())) {
                readySince.remove(uid);
            } else {
                readySince.putIfAbsent(uid, loop.nanoTime());
            }
            Owners.controllerOf(change.last(), ResourceType.REPLICA_SETS).ifPresent(queue::add);
        }
    }

    /** Makes a pod that is ready count as available from now on, whatever {@code minReadySeconds} says. */
    void treatAsLongReady(JsonNode pod) {
        synchronized (store) {
            readySince.put(
                    ObjectStore.uid(pod), loop.nanoTime() - Duration.ofDays(1).toNanos());
        }
    }

    /** Looks at every ReplicaSet of which pods may have been refused. */
    void reconsider() {
        store.list(ResourceType.REPLICA_SETS, "")
                .forEach(set -> queue.add(ObjectKey.of(ResourceType.REPLICA_SETS, set)));
    }

    /** Creates or deletes pods, then brings the status up to date. */
    void reconcile(ObjectKey key) {
        synchronized (store) {
            ObjectNode set = store.find(key);
            if (set == null) {
                return;
            }
            Optional<ApiFailure> failure = Optional.empty();
            if (!set.path("metadata").has("deletionTimestamp")) {
                failure = balance(set);
            }
            ObjectNode status = status(key, set, failure);
            if (!status.equals(set.path("status"))) {
                store.replace(key, Json.with(set, "status", status));
            }
            failure.ifPresent(refused -> queue.addAfter(key, RETRY));
        }
    }

    private Optional<ApiFailure> balance(ObjectNode set) {
        List<ObjectNode> active = activePods(set);
        int missing = Rollout.replicas(set) - active.size();
        try {
            for (int i = 0; i < missing; i++) {
                ObjectNode pod = PodTemplate.newPod(set, objects);
                events.normal(
                        set,
                        "SuccessfulCreate",
                        "Created pod: " + pod.path("metadata").path("name").asText(),
                        NAME);
            }
        } catch (ApiFailure refused) {
            events.warning(set, "FailedCreate", "Error creating: " + refused.getMessage(), NAME);
            return Optional.of(refused);
        }
        active.stream()
                .sorted(Comparator.comparing(ReplicaSetController::worth))
                .limit(Math.max(0, -missing))
                .forEach(pod -> {
                    removal.delete(ObjectKey.of(ResourceType.PODS, pod), pod, -1, Removal.Propagation.BACKGROUND);
                    events.normal(
                            set,
                            "SuccessfulDelete",
                            "Deleted pod: " + pod.path("metadata").path("name").asText(),
                            NAME);
                });
        return Optional.empty();
    }

    private static int worth(JsonNode pod) {
        if (!PodView.isScheduled(pod)) {
            return 0;
        }
        return PodView.isReady(pod) ? 3 : PodView.isRunning(pod) ? 2 : 1;
    }

    private ObjectNode status(ObjectKey key, ObjectNode set, Optional<ApiFailure> failure) {
        List<ObjectNode> pods = activePods(set);
        Duration minReady =
                Duration.ofSeconds(set.path("spec").path("minReadySeconds").asInt());
        int ready = 0;
        int available = 0;
        for (ObjectNode pod : pods) {
            if (!PodView.isReady(pod)) {
                continue;
            }
            ready++;
            long since = readySince.getOrDefault(ObjectStore.uid(pod), loop.nanoTime());
            Duration left = minReady.minusNanos(loop.nanoTime() - since);
            if (left.isNegative() || left.isZero()) {
                available++;
            } else {
                queue.addAfter(key, left);
            }
        }
        ObjectNode status = Json.object("replicas", pods.size());
        Json.putUnlessZero(status, "fullyLabeledReplicas", pods.size());
        Json.putUnlessZero(status, "readyReplicas", ready);
        Json.putUnlessZero(status, "availableReplicas", available);
        status.set("observedGeneration", set.path("metadata").path("generation"));
        ArrayNode conditions = failureCondition(set, failure);
        if (!conditions.isEmpty()) {
            status.set("conditions", conditions);
        }
        return status;
    }

    private static ArrayNode failureCondition(ObjectNode set, Optional<ApiFailure> failure) {
        JsonNode old = set.path("status").path("conditions");
        if (failure.isEmpty()) {
            return Conditions.without(old, "ReplicaFailure");
        }
        return Conditions.find(set, "ReplicaFailure").isPresent()
                ? Json.array(Json.stream(old))
                : Conditions.with(
                        old,
                        Json.object(
                                "type",
                                "ReplicaFailure",
                                "status",
                                "True",
                                "reason",
                                "FailedCreate",
                                "message",
                                failure.get().getMessage()));
    }

    private List<ObjectNode> activePods(ObjectNode set) {
        return store.ownedBy(set, ResourceType.PODS).stream()
                .filter(PodView::isActive)
                .toList();
    }
}
