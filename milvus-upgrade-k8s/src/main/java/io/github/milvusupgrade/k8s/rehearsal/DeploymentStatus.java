package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The status of a Deployment: counts, and the conditions Available, Progressing and ReplicaFailure. */
final class DeploymentStatus {

    private static final String PROGRESSING = "Progressing";
    private static final String TIMED_OUT = "ProgressDeadlineExceeded";
    private static final String DONE = "NewReplicaSetAvailable";

    private final ObjectStore store;
    private final EventLoop loop;
    private final WorkQueue queue;
    private final Map<String, Long> lastProgress = new HashMap<>();

    DeploymentStatus(ObjectStore store, EventLoop loop, WorkQueue queue) {
        this.store = store;
        this.loop = loop;
        this.queue = queue;
        store.observe(change -> {
            if (change.key().type() == ResourceType.DEPLOYMENTS && change.after() == null) {
                lastProgress.remove(ObjectStore.uid(change.last()));
            }
        });
    }

    static boolean isComplete(Rollout rollout) {
        JsonNode status = rollout.deployment().path("status");
        return isComplete(rollout, status);
    }

    private static boolean isComplete(Rollout rollout, JsonNode status) {
        int wanted = rollout.wanted();
        return status.path("updatedReplicas").asInt() == wanted
                && status.path("replicas").asInt() == wanted
                && status.path("availableReplicas").asInt() == wanted
                && status.path("observedGeneration").asInt()
                        >= rollout.deployment()
                                .path("metadata")
                                .path("generation")
                                .asInt();
    }

    /** Writes the status if it differs from the one that is there. */
    void update(ObjectKey key, Rollout rollout) {
        ObjectNode deployment = rollout.deployment();
        ObjectNode status = counts(rollout);
        status.set("conditions", conditions(rollout, status));
        if (!status.equals(deployment.path("status"))) {
            store.replace(key, Json.with(deployment, "status", status));
        }
        awaitDeadline(key, deployment, status);
    }

    /** Says in the Progressing condition that the Deployment was paused or resumed, which restarts its deadline. */
    ObjectNode notePause(ObjectKey key, ObjectNode deployment) {
        boolean paused = deployment.path("spec").path("paused").asBoolean();
        Optional<JsonNode> condition = Conditions.find(deployment, PROGRESSING);
        String reason = condition.map(found -> found.path("reason").asText()).orElse("");
        if (!hasDeadline(deployment) || reason.equals(TIMED_OUT) || paused == reason.equals("DeploymentPaused")) {
            return deployment;
        }
        return paused
                ? noteProgress(key, deployment, "Unknown", "DeploymentPaused", "Deployment is paused")
                : noteProgress(key, deployment, "Unknown", "DeploymentResumed", "Deployment is resumed");
    }

    Rollout noteNewSet(ObjectKey key, Rollout rollout) {
        if (!hasDeadline(rollout.deployment())) {
            return rollout;
        }
        String name = Objects.requireNonNull(rollout.current())
                .path("metadata")
                .path("name")
                .asText();
        ObjectNode noted = noteProgress(
                key, rollout.deployment(), "True", "NewReplicaSetCreated", "Created new replica set \"" + name + "\"");
        return new Rollout(noted, rollout.current(), rollout.old());
    }

    private ObjectNode noteProgress(ObjectKey key, ObjectNode deployment, String state, String reason, String message) {
        JsonNode status = deployment.path("status");
        ArrayNode conditions =
                Conditions.with(status.path("conditions"), progressing(deployment, state, reason, message));
        return store.replace(key, Json.with(deployment, "status", Json.with(status, "conditions", conditions)));
    }

    private static ObjectNode counts(Rollout rollout) {
        ObjectNode status = Json.object(
                "observedGeneration", rollout.deployment().path("metadata").path("generation"));
        int replicas = sum(rollout, "replicas");
        int available = sum(rollout, "availableReplicas");
        Json.putUnlessZero(status, "replicas", replicas);
        Json.putUnlessZero(
                status,
                "updatedReplicas",
                rollout.current() == null ? 0 : Rollout.count(rollout.current(), "replicas"));
        Json.putUnlessZero(status, "readyReplicas", sum(rollout, "readyReplicas"));
        Json.putUnlessZero(status, "availableReplicas", available);
        Json.putUnlessZero(status, "unavailableReplicas", Math.max(0, rollout.specifiedPods() - available));
        return status;
    }

    private ArrayNode conditions(Rollout rollout, ObjectNode status) {
        ObjectNode deployment = rollout.deployment();
        JsonNode old = deployment.path("status").path("conditions");
        boolean available = rollout.availablePods() >= rollout.minAvailable();
        ArrayNode conditions = Conditions.with(
                old,
                available
                        ? condition(
                                "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
                        : condition(
                                "Available",
                                "False",
                                "MinimumReplicasUnavailable",
                                "Deployment does not have minimum availability."));
        conditions = withProgress(rollout, status, conditions);
        Optional<JsonNode> failure = rollout.all().stream()
                .flatMap(set -> Conditions.find(set, "ReplicaFailure").stream())
                .reduce((first, newest) -> newest);
        if (failure.isEmpty()) {
            return keepTimes(old, Conditions.without(conditions, "ReplicaFailure"));
        }
        ObjectNode copied = condition(
                "ReplicaFailure",
                "True",
                failure.get().path("reason").asText(),
                failure.get().path("message").asText());
        return keepTimes(old, Conditions.with(conditions, copied));
    }

    private ArrayNode withProgress(Rollout rollout, JsonNode status, ArrayNode conditions) {
        ObjectNode deployment = rollout.deployment();
        if (!hasDeadline(deployment)) {
            return Conditions.without(conditions, PROGRESSING);
        }
        JsonNode current = Conditions.find(deployment, PROGRESSING).orElse(Json.object());
        String reason = current.path("reason").asText();
        boolean settled = reason.equals(DONE)
                && status.path("replicas").asInt()
                        == status.path("updatedReplicas").asInt();
        if (settled || deployment.path("spec").path("paused").asBoolean()) {
            return conditions;
        }
        String subject = rollout.current() == null
                ? "Deployment \"" + deployment.path("metadata").path("name").asText() + "\""
                : "ReplicaSet \""
                        + rollout.current().path("metadata").path("name").asText() + "\"";
        if (isComplete(rollout, status)) {
            return Conditions.with(
                    conditions, progressing(deployment, "True", DONE, subject + " has successfully progressed."));
        }
        if (hasProgressed(deployment.path("status"), status)) {
            return Conditions.with(
                    conditions, progressing(deployment, "True", "ReplicaSetUpdated", subject + " is progressing."));
        }
        // Going back to a ReplicaSet that is there says nothing new at first: the old success does not time out.
        boolean timesOut = !current.isEmpty() && !reason.equals(DONE) && !reason.equals(TIMED_OUT);
        if (timesOut && untilDeadline(deployment).isNegative()) {
            return Conditions.with(
                    conditions, progressing(deployment, "False", TIMED_OUT, subject + " has timed out progressing."));
        }
        return conditions;
    }

    private static boolean hasProgressed(JsonNode old, JsonNode now) {
        int oldPods = old.path("replicas").asInt() - old.path("updatedReplicas").asInt();
        int oldPodsNow =
                now.path("replicas").asInt() - now.path("updatedReplicas").asInt();
        return now.path("updatedReplicas").asInt() > old.path("updatedReplicas").asInt()
                || oldPodsNow < oldPods
                || now.path("readyReplicas").asInt() > old.path("readyReplicas").asInt()
                || now.path("availableReplicas").asInt()
                        > old.path("availableReplicas").asInt();
    }

    private void awaitDeadline(ObjectKey key, ObjectNode deployment, JsonNode status) {
        String reason = Json.stream(status.path("conditions"))
                .filter(condition -> condition.path("type").asText().equals(PROGRESSING))
                .map(condition -> condition.path("reason").asText())
                .findFirst()
                .orElse(DONE);
        if (!reason.equals(DONE) && !reason.equals(TIMED_OUT) && hasDeadline(deployment)) {
            queue.addAfter(key, untilDeadline(deployment).plusMillis(1));
        }
    }

    private Duration untilDeadline(ObjectNode deployment) {
        long from = lastProgress.computeIfAbsent(ObjectStore.uid(deployment), uid -> loop.nanoTime());
        Duration deadline = Duration.ofSeconds(
                deployment.path("spec").path("progressDeadlineSeconds").asInt());
        return deadline.minusNanos(loop.nanoTime() - from);
    }

    private ObjectNode progressing(ObjectNode deployment, String state, String reason, String message) {
        lastProgress.put(ObjectStore.uid(deployment), loop.nanoTime());
        return condition(PROGRESSING, state, reason, message);
    }

    private static boolean hasDeadline(JsonNode deployment) {
        return deployment.path("spec").path("progressDeadlineSeconds").asInt(Integer.MAX_VALUE) != Integer.MAX_VALUE;
    }

    /** A condition that says what it said before is not touched at all. */
    private static ArrayNode keepTimes(JsonNode old, ArrayNode conditions) {
        return Json.array(Json.stream(conditions)
                .map(condition -> Json.stream(old)
                        .filter(before -> Json.without(before, "lastUpdateTime")
                                .equals(Json.without(condition, "lastUpdateTime")))
                        .findFirst()
                        .orElse(condition)));
    }

    private static ObjectNode condition(String type, String status, String reason, String message) {
        ObjectNode condition = Json.object("type", type, "status", status);
        return condition
                .put("lastUpdateTime", ObjectStore.now())
                .put("reason", reason)
                .put("message", message);
    }

    private static int sum(Rollout rollout, String field) {
        return rollout.all().stream().mapToInt(set -> Rollout.count(set, field)).sum();
    }
}
