package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;

/** The statuses a kubelet reports in the course of a pod's life. */
final class PodStatus {

    private final JsonNode pod;
    private final JsonNode old;
    private final String now = ObjectStore.now();

    PodStatus(JsonNode pod) {
        this.pod = pod;
        this.old = pod.path("status");
    }

    ObjectNode scheduled() {
        return Json.with(
                old, "conditions", Conditions.with(old.path("conditions"), condition("PodScheduled", "True", "", "")));
    }

    ObjectNode unschedulable(String message) {
        return Json.with(
                old,
                "conditions",
                Conditions.with(old.path("conditions"), condition("PodScheduled", "False", "Unschedulable", message)));
    }

    /** No container could be started. */
    ObjectNode waiting(String reason, Function<String, String> messageForImage) {
        ArrayNode containers = eachContainer(container -> {
            String message = messageForImage.apply(container.path("image").asText());
            return containerStatus(
                    container, false, false, Json.object("waiting", Json.object("reason", reason, "message", message)));
        });
        ObjectNode status = base("Pending", containers);
        status.set("conditions", unready("ContainersNotReady", "containers with unready status: " + names()));
        return status;
    }

    ObjectNode running() {
        ObjectNode status = base(
                "Running",
                eachContainer(container -> containerStatus(
                        container, false, true, Json.object("running", Json.object("startedAt", now)))));
        status.set("conditions", unready("ContainersNotReady", "containers with unready status: " + names()));
        if (!pod.path("spec").path("initContainers").isEmpty()) {
            status.set("initContainerStatuses", initContainers());
        }
        String ip = "10.244." + Math.floorMod(ObjectStore.uid(pod).hashCode() >> 8, 256) + "."
                + Math.floorMod(ObjectStore.uid(pod).hashCode(), 254);
        status.set("podIPs", Json.array(Json.object("ip", ip)));
        return status.put("podIP", ip);
    }

    /** What a kubelet reports at once of containers that nobody probes. */
    ObjectNode runningAndReady() {
        return new PodStatus(Json.with(pod, "status", running())).ready();
    }

    ObjectNode ready() {
        ObjectNode status = Json.with(
                old,
                "containerStatuses",
                eachStatus(before -> Json.copy(before).put("ready", true).put("started", true)));
        ArrayNode conditions = Conditions.with(old.path("conditions"), condition("Ready", "True", "", ""));
        status.set("conditions", Conditions.with(conditions, condition("ContainersReady", "True", "", "")));
        return status;
    }

    /** Every container died and waits for its next start. */
    ObjectNode crashed(String reason, int exitCode) {
        ObjectNode status = Json.with(old, "containerStatuses", eachStatus(before -> {
            String message = "back-off 10s restarting failed container="
                    + before.path("name").asText() + " pod="
                    + pod.path("metadata").path("name").asText() + "_"
                    + pod.path("metadata").path("namespace").asText() + "(" + ObjectStore.uid(pod) + ")";
            ObjectNode after = Json.copy(before).put("ready", false).put("started", false);
            after.set("lastState", Json.object("terminated", terminated(before, reason, exitCode)));
            return after.<ObjectNode>set(
                    "state", Json.object("waiting", Json.object("reason", "CrashLoopBackOff", "message", message)));
        }));
        ArrayNode conditions = unready("ContainersNotReady", "containers with unready status: " + names());
        return status.<ObjectNode>set("conditions", conditions);
    }

    ObjectNode restarted() {
        return Json.with(old, "containerStatuses", eachStatus(before -> {
            ObjectNode after = Json.copy(before).put("started", true);
            after.put("restartCount", before.path("restartCount").asInt() + 1);
            return after.<ObjectNode>set("state", Json.object("running", Json.object("startedAt", now)));
        }));
    }

    /** Every container has ended, and none of them will be started again. */
    ObjectNode completed(String reason, int exitCode) {
        boolean succeeded = exitCode == 0;
        ObjectNode status = Json.with(old, "containerStatuses", eachStatus(before -> {
            ObjectNode state = terminated(before, reason, exitCode);
            return Json.copy(before)
                    .put("ready", false)
                    .put("started", false)
                    .<ObjectNode>set("state", Json.object("terminated", state));
        }));
        status.put("phase", succeeded ? "Succeeded" : "Failed");
        return status.<ObjectNode>set("conditions", unready(succeeded ? "PodCompleted" : "PodFailed", ""));
    }

    private ObjectNode base(String phase, ArrayNode containers) {
        ObjectNode status = Json.with(old, "containerStatuses", containers).put("phase", phase);
        Json.setIfAbsent(status, "startTime", now);
        return status.put("hostIP", "127.0.0.1");
    }

    private ArrayNode unready(String reason, String message) {
        ArrayNode conditions = Conditions.with(old.path("conditions"), condition("Initialized", "True", "", ""));
        conditions = Conditions.with(conditions, condition("Ready", "False", reason, message));
        return Conditions.with(conditions, condition("ContainersReady", "False", reason, message));
    }

    private static ObjectNode condition(String type, String status, String reason, String message) {
        return Json.object(
                "type",
                type,
                "status",
                status,
                "reason",
                reason.isEmpty() ? null : reason,
                "message",
                message.isEmpty() ? null : message);
    }

    private ArrayNode eachContainer(Function<JsonNode, ObjectNode> status) {
        return Json.array(Json.stream(pod.path("spec").path("containers")).map(status));
    }

    private ArrayNode eachStatus(Function<JsonNode, ObjectNode> status) {
        return Json.array(Json.stream(old.path("containerStatuses")).map(status));
    }

    private ArrayNode initContainers() {
        ObjectNode done = Json.object("exitCode", 0, "reason", "Completed", "startedAt", now, "finishedAt", now);
        return Json.array(Json.stream(pod.path("spec").path("initContainers"))
                .map(container -> containerStatus(container, true, false, Json.object("terminated", done))));
    }

    private static ObjectNode containerStatus(JsonNode container, boolean ready, boolean started, ObjectNode state) {
        String image = container.path("image").asText();
        ObjectNode status = Json.object("name", container.path("name"), "image", image);
        status.put("imageID", state.has("waiting") ? "" : "sha256:" + RandomName.hash(image));
        return status.put("ready", ready)
                .put("started", started)
                .put("restartCount", 0)
                .<ObjectNode>set("state", state);
    }

    private ObjectNode terminated(JsonNode status, String reason, int exitCode) {
        JsonNode startedAt = status.path("state").path("running").path("startedAt");
        return Json.object("exitCode", exitCode, "reason", reason, "startedAt", startedAt, "finishedAt", now);
    }

    private String names() {
        return "["
                + String.join(
                        " ",
                        Json.stream(pod.path("spec").path("containers"))
                                .map(container -> container.path("name").asText())
                                .toList())
                + "]";
    }
}
