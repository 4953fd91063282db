package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns Deployments into ReplicaSets and moves pods from the old one to the new one, step for step as the Deployment
 * controller of Kubernetes does ({@code kubernetes/kubernetes:pkg/controller/deployment}).
 */
final class DeploymentController {

    private static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    private static final String MAXIMUM = "deployment.kubernetes.io/max-replicas";
    private static final String NAME = "deployment-controller";

    private final ObjectStore store;
    private final EventRecorder events;
    private final DeploymentStatus status;
    private final WorkQueue queue;

    DeploymentController(ObjectStore store, EventLoop loop, EventRecorder events) {
        this.store = store;
        this.events = events;
        this.queue = new WorkQueue(loop, this::reconcile);
        this.status = new DeploymentStatus(store, loop, queue);
        store.observe(this::onChange);
    }

    private void onChange(Change change) {
        ResourceType type = change.key().type();
        if (type == ResourceType.DEPLOYMENTS) {
            queue.add(change.key());
        } else if (type == ResourceType.REPLICA_SETS) {
            Owners.controllerOf(change.last(), ResourceType.DEPLOYMENTS).ifPresent(queue::add);
        } else if (type == ResourceType.PODS && change.after() == null) {
            Owners.controllerOf(change.last(), ResourceType.REPLICA_SETS)
                    .map(store::find)
                    .flatMap(set -> Owners.controllerOf(set, ResourceType.DEPLOYMENTS))
                    .ifPresent(queue::add);
        }
    }

    /** Takes the next step of one Deployment; what it changes brings it back here. */
    void reconcile(ObjectKey key) {
        synchronized (store) {
            ObjectNode deployment = store.find(key);
            if (deployment == null) {
                return;
            }
            if (deployment.path("metadata").has("deletionTimestamp")) {
                status.update(key, Rollout.of(store, deployment));
                return;
            }
            deployment = status.notePause(key, deployment);
            Rollout rollout = Rollout.of(store, deployment);
            boolean paused = deployment.path("spec").path("paused").asBoolean();
            if (paused || isBeingScaled(rollout)) {
                scale(rollout);
                status.update(key, Rollout.of(store, deployment));
            } else if (rollout.isRolling()) {
                roll(key, rollout);
            } else {
                recreate(key, rollout);
            }
        }
    }

    private void roll(ObjectKey key, Rollout before) {
        Rollout rollout = withNewSet(key, before);
        ObjectNode current = Objects.requireNonNull(rollout.current());
        int size = Rollout.replicas(current);
        int next = size > rollout.wanted() ? rollout.wanted() : rollout.nextSizeOfNew(size);
        boolean waitsOtherwise =
                current.path("spec").path("minReadySeconds").asInt() != minReadySeconds(rollout, current);
        if (next != size || waitsOtherwise) {
            resize(rollout, current, next);
        } else {
            shrinkOld(rollout);
        }
        finish(key);
    }

    private void recreate(ObjectKey key, Rollout rollout) {
        if (!rollout.activeOld().isEmpty()) {
            rollout.activeOld().forEach(set -> resize(rollout, set, 0));
        } else if (rollout.old().stream().noneMatch(this::hasPodsLeft)) {
            Rollout ready = withNewSet(key, rollout);
            resize(ready, Objects.requireNonNull(ready.current()), ready.wanted());
        }
        finish(key);
    }

    private void finish(ObjectKey key) {
        Rollout rollout = Rollout.of(store, Objects.requireNonNull(store.find(key)));
        status.update(key, rollout);
        if (DeploymentStatus.isComplete(rollout)) {
            dropHistory(rollout);
        }
    }

    /** Unhealthy old pods go first, then as many healthy ones as may be missing. */
    private void shrinkOld(Rollout rollout) {
        ObjectNode current = Objects.requireNonNull(rollout.current());
        int unavailableNew = Rollout.replicas(current) - Rollout.count(current, "availableReplicas");
        int removable = rollout.specifiedPods() - rollout.minAvailable() - unavailableNew;
        if (removable <= 0) {
            return;
        }
        int spare = Math.max(0, rollout.availablePods() - rollout.minAvailable());
        for (ObjectNode set : rollout.activeOld()) {
            int size = Rollout.replicas(set);
            int unhealthy = Math.min(removable, size - Rollout.count(set, "availableReplicas"));
            int healthy = Math.min(spare, size - unhealthy);
            removable -= unhealthy;
            spare -= healthy;
            resize(rollout, set, size - unhealthy - healthy);
        }
    }

    private boolean hasPodsLeft(ObjectNode set) {
        return Rollout.count(set, "replicas") > 0
                || store.ownedBy(set, ResourceType.PODS).stream().anyMatch(pod -> !PodView.isFinished(pod));
    }

    private static boolean isBeingScaled(Rollout rollout) {
        return rollout.all().stream()
                .filter(set -> Rollout.replicas(set) > 0)
                .map(set -> set.path("metadata").path("annotations").path(DESIRED))
                .anyMatch(desired -> !desired.isMissingNode() && desired.asInt() != rollout.wanted());
    }

    /** Follows a change of replicas without rolling: the only active ReplicaSet takes it, several share it. */
    private void scale(Rollout rollout) {
        List<ObjectNode> active =
                rollout.all().stream().filter(set -> Rollout.replicas(set) > 0).toList();
        if (active.size() <= 1) {
            ObjectNode only = active.isEmpty() ? latest(rollout) : active.get(0);
            if (only != null) {
                resize(rollout, only, rollout.wanted());
            }
            return;
        }
        if (rollout.isRolling()) {
            scaleInProportion(rollout, active);
        }
    }

    private void scaleInProportion(Rollout rollout, List<ObjectNode> active) {
        int allowed = rollout.wanted() == 0 ? 0 : rollout.wanted() + rollout.maxSurge();
        int rest = allowed - rollout.specifiedPods();
        List<ObjectNode> largestLast =
                active.stream().sorted(Comparator.comparing(Rollout::replicas)).toList();
        for (ObjectNode set : largestLast) {
            int size = Rollout.replicas(set);
            int before = set.path("metadata").path("annotations").path(MAXIMUM).asInt(rollout.specifiedPods());
            int share = Math.round((float) size * allowed / before) - size;
            boolean takesTheRest = set.equals(largestLast.get(largestLast.size() - 1));
            int change = takesTheRest ? rest : rest > 0 ? Math.min(share, rest) : Math.max(share, rest);
            rest -= change;
            resize(rollout, set, Math.max(0, size + change));
        }
    }

    private static @Nullable ObjectNode latest(Rollout rollout) {
        return rollout.current() != null || rollout.old().isEmpty()
                ? rollout.current()
                : rollout.old().get(rollout.old().size() - 1);
    }

    /** Makes sure that the template has its ReplicaSet, with the highest revision. */
    private Rollout withNewSet(ObjectKey key, Rollout rollout) {
        int revision = rollout.highestOldRevision() + 1;
        ObjectNode current = rollout.current();
        if (current == null) {
            create(rollout, revision);
        } else if (Rollout.revision(current) < revision) {
            store.replace(
                    ObjectKey.of(ResourceType.REPLICA_SETS, current),
                    annotated(current, Rollout.REVISION, Integer.toString(revision)));
        }
        ObjectNode deployment = Objects.requireNonNull(store.find(key));
        int reached = Math.max(revision, current == null ? 0 : Rollout.revision(current));
        if (Rollout.revision(deployment) != reached) {
            deployment = store.replace(key, annotated(deployment, Rollout.REVISION, Integer.toString(reached)));
        }
        Rollout now = Rollout.of(store, deployment);
        return current == null ? status.noteNewSet(key, now) : now;
    }

    private void create(Rollout rollout, int revision) {
        ObjectNode deployment = rollout.deployment();
        JsonNode template = deployment.path("spec").path("template");
        String hash = RandomName.hash(template.toString());
        String name = deployment.path("metadata").path("name").asText() + "-" + hash;
        JsonNode labels = Json.with(
                template.path("metadata").path("labels"),
                Rollout.HASH_LABEL,
                Json.array(hash).path(0));
        int size = rollout.nextSizeOfNew(0);
        ObjectNode annotations = Json.copy(deployment.path("metadata").path("annotations"));
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        annotations.put(Rollout.REVISION, Integer.toString(revision));
        annotations.put(DESIRED, Integer.toString(rollout.wanted()));
        annotations.put(MAXIMUM, Integer.toString(rollout.wanted() + rollout.maxSurge()));
        ObjectNode metadata = Json.object(
                "name",
                name,
                "namespace",
                deployment.path("metadata").path("namespace"),
                "labels",
                labels,
                "annotations",
                annotations,
                "ownerReferences",
                Json.array(Owners.reference(deployment)));
        JsonNode selector = deployment.path("spec").path("selector");
        ObjectNode spec = Json.object(
                "replicas",
                size,
                "selector",
                Json.with(
                        selector,
                        "matchLabels",
                        Json.with(selector.path("matchLabels"), Rollout.HASH_LABEL, labels.path(Rollout.HASH_LABEL))),
                "template",
                Json.with(template, "metadata", Json.with(template.path("metadata"), "labels", labels)));
        if (deployment.path("spec").path("minReadySeconds").asInt() > 0) {
            spec.set("minReadySeconds", deployment.path("spec").path("minReadySeconds"));
        }
        ObjectNode set = Json.object("kind", "ReplicaSet", "apiVersion", "apps/v1", "metadata", metadata, "spec", spec);
        set.set("status", Json.object());
        store.create(ObjectKey.of(ResourceType.REPLICA_SETS, set), set);
        if (size > 0) {
            announce(rollout, name, "up", 0, size);
        }
    }

    /** The ReplicaSet of the Deployment's own template follows it; the others keep what they were made with. */
    private static int minReadySeconds(Rollout rollout, ObjectNode set) {
        JsonNode from = set.equals(rollout.current()) ? rollout.deployment() : set;
        return from.path("spec").path("minReadySeconds").asInt();
    }

    private void resize(Rollout rollout, ObjectNode set, int size) {
        JsonNode annotations = set.path("metadata").path("annotations");
        String desired = Integer.toString(rollout.wanted());
        int old = Rollout.replicas(set);
        int minReady = minReadySeconds(rollout, set);
        if (old == size
                && annotations.path(DESIRED).asText().equals(desired)
                && set.path("spec").path("minReadySeconds").asInt() == minReady) {
            return;
        }
        ObjectNode resized = annotated(
                annotated(set, DESIRED, desired), MAXIMUM, Integer.toString(rollout.wanted() + rollout.maxSurge()));
        ObjectNode spec = Json.copy(set.path("spec")).put("replicas", size);
        if (minReady > 0) {
            spec.put("minReadySeconds", minReady);
        } else {
            spec.remove("minReadySeconds");
        }
        resized.set("spec", spec);
        Json.child(resized, "metadata")
                .put("generation", set.path("metadata").path("generation").asInt() + 1);
        store.replace(ObjectKey.of(ResourceType.REPLICA_SETS, set), resized);
        if (old != size) {
            announce(rollout, set.path("metadata").path("name").asText(), size > old ? "up" : "down", old, size);
        }
    }

    private void announce(Rollout rollout, String set, String direction, int from, int to) {
        events.normal(
                rollout.deployment(),
                "ScalingReplicaSet",
                "Scaled " + direction + " replica set " + set + " from " + from + " to " + to,
                NAME);
    }

    private void dropHistory(Rollout rollout) {
        List<ObjectNode> empty = rollout.old().stream()
                .filter(set -> Rollout.replicas(set) == 0 && Rollout.count(set, "replicas") == 0)
                .toList();
        int limit =
                rollout.deployment().path("spec").path("revisionHistoryLimit").asInt(10);
        for (int i = 0; i < empty.size() - limit; i++) {
            store.remove(ObjectKey.of(ResourceType.REPLICA_SETS, empty.get(i)));
        }
    }

    private static ObjectNode annotated(ObjectNode object, String annotation, String value) {
        JsonNode metadata = object.path("metadata");
        ObjectNode annotations = Json.copy(metadata.path("annotations")).put(annotation, value);
        return Json.with(object, "metadata", Json.with(metadata, "annotations", annotations));
    }
}
