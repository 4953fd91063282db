package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Keeps a StatefulSet's numbered pods, one at a time: scales at the end, replaces outdated pods from the end. */
final class StatefulSetController {

    private static final String REVISION_LABEL = "controller-revision-hash";

    private final ObjectStore store;
    private final ObjectVerbs objects;
    private final Removal removal;
    private final WorkQueue queue;

    StatefulSetController(ObjectStore store, ObjectVerbs objects, Removal removal, EventLoop loop) {
        this.store = store;
        this.objects = objects;
        this.removal = removal;
        this.queue = new WorkQueue(loop, this::reconcile);
        store.observe(change -> {
            if (change.key().type() == ResourceType.STATEFUL_SETS) {
                queue.add(change.key());
            } else if (change.key().type() == ResourceType.PODS) {
                Owners.controllerOf(change.last(), ResourceType.STATEFUL_SETS).ifPresent(queue::add);
            }
        });
    }

    void reconcile(ObjectKey key) {
        synchronized (store) {
            ObjectNode set = store.find(key);
            if (set == null || set.path("metadata").has("deletionTimestamp")) {
                return;
            }
            String name = set.path("metadata").path("name").asText();
            String revision = name + "-"
                    + RandomName.hash(set.path("spec").path("template").toString());
            step(set, revision);
            updateStatus(key, set, revision);
        }
    }

    private void step(ObjectNode set, String revision) {
        List<ObjectNode> pods = pods(set);
        int wanted = Rollout.replicas(set);
        if (pods.stream().anyMatch(PodView::isTerminating)) {
            return;
        }
        Optional<ObjectNode> surplus = last(pods, pod -> ordinal(pod) >= wanted);
        if (surplus.isPresent()) {
            delete(surplus.get());
            return;
        }
        Optional<ObjectNode> outdated = last(pods, pod -> !revision.equals(revision(pod)));
        boolean settled = pods.stream().allMatch(PodView::isReady);
        if (pods.size() < wanted && settled) {
            int next = 0;
            while (next < pods.size() && ordinal(pods.get(next)) == next) {
                next++;
            }
            String name = set.path("metadata").path("name").asText() + "-" + next;
            PodTemplate.newPod(set, name, REVISION_LABEL, revision, objects);
        } else if (outdated.isPresent() && (settled || !PodView.isReady(outdated.get()))) {
            delete(outdated.get());
        }
    }

    private void updateStatus(ObjectKey key, ObjectNode set, String revision) {
        List<ObjectNode> pods = pods(set);
        int ready = (int) pods.stream().filter(PodView::isReady).count();
        int updated = (int)
                pods.stream().filter(pod -> revision.equals(revision(pod))).count();
        boolean rolledOut = updated == pods.size();
        ObjectNode status = Json.object(
                "observedGeneration",
                set.path("metadata").path("generation"),
                "replicas",
                pods.size(),
                "readyReplicas",
                ready,
                "availableReplicas",
                ready,
                "currentReplicas",
                rolledOut ? pods.size() : pods.size() - updated,
                "updatedReplicas",
                updated);
        status.put(
                "currentRevision",
                rolledOut
                        ? revision
                        : set.path("status").path("currentRevision").asText(revision));
        status.put("updateRevision", revision);
        if (!status.equals(set.path("status"))) {
            store.replace(key, Json.with(set, "status", status));
        }
    }

    private List<ObjectNode> pods(ObjectNode set) {
        return store.ownedBy(set, ResourceType.PODS).stream()
                .sorted(Comparator.comparing(StatefulSetController::ordinal))
                .toList();
    }

    private void delete(ObjectNode pod) {
        removal.delete(ObjectKey.of(ResourceType.PODS, pod), pod, -1, Removal.Propagation.BACKGROUND);
    }

    private static Optional<ObjectNode> last(List<ObjectNode> pods, Predicate<ObjectNode> wanted) {
        return pods.stream().filter(wanted).reduce((first, second) -> second);
    }

    private static int ordinal(JsonNode pod) {
        String name = pod.path("metadata").path("name").asText();
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    private static String revision(JsonNode pod) {
        return pod.path("metadata").path("labels").path(REVISION_LABEL).asText();
    }
}
