package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Questions to a pod. */
final class PodView {

    private PodView() {}

    static boolean isTerminating(JsonNode pod) {
        return pod.path("metadata").has("deletionTimestamp");
    }

    static boolean isFinished(JsonNode pod) {
        return pod.path("status").path("phase").asText().matches("Succeeded|Failed");
    }

    static boolean isActive(JsonNode pod) {
        return !isTerminating(pod) && !isFinished(pod);
    }

    static boolean isRunning(JsonNode pod) {
        return pod.path("status").path("phase").asText().equals("Running")
                && Json.stream(pod.path("status").path("containerStatuses"))
                        .anyMatch(status -> status.path("state").has("running"));
    }

    static boolean isReady(JsonNode pod) {
        return Conditions.isTrue(pod, "Ready");
    }

    static boolean isScheduled(JsonNode pod) {
        return pod.path("spec").has("nodeName");
    }

    /** The Milvus component, as the chart or the operator labels it. */
    static String component(JsonNode pod) {
        JsonNode labels = pod.path("metadata").path("labels");
        return labels.path("component")
                .asText(labels.path("app.kubernetes.io/component").asText());
    }

    /** The tags of its images. */
    static List<String> tags(JsonNode pod) {
        return Json.stream(pod.path("spec").path("containers"))
                .map(container -> container.path("image").asText())
                .map(image -> image.substring(image.lastIndexOf(':') + 1))
                .toList();
    }
}
