package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** The {@code /scale} view of a workload. */
final class Scale {

    private Scale() {}

    static ObjectNode of(JsonNode workload) {
        ObjectNode metadata = Json.copy(workload.path("metadata"));
        metadata.retain(List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp"));
        int replicas = workload.path("spec").path("replicas").asInt();
        ObjectNode scale = Json.object("kind", "Scale", "apiVersion", "autoscaling/v1", "metadata", metadata);
        scale.set("spec", replicas == 0 ? Json.object() : Json.object("replicas", replicas));
        String selector = workload.path("spec").path("selector").path("matchLabels").properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asText())
                .collect(Collectors.joining(","));
        scale.set(
                "status",
                Json.object("replicas", workload.path("status").path("replicas").asInt(), "selector", selector));
        return scale;
    }

    /** The workload with the replicas of the scale; keeps the scale's precondition on the resource version. */
    static ObjectNode applied(JsonNode scale, Target target, ObjectNode workload) {
        JsonNode metadata = scale.path("metadata");
        if (!metadata.path("name").asText(target.name()).equals(target.name())) {
            throw ApiFailure.badRequest("the name of the object does not match the name on the URL");
        }
        ObjectNode result = Json.with(
                workload,
                "spec",
                Json.with(
                        workload.path("spec"),
                        "replicas",
                        Json.object("n", scale.path("spec").path("replicas").asInt())
                                .path("n")));
        if (metadata.hasNonNull("resourceVersion")) {
            result.set(
                    "metadata",
                    Json.with(workload.path("metadata"), "resourceVersion", metadata.path("resourceVersion")));
        }
        return result;
    }
}
