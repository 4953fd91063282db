package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** The list of conditions in a status. */
final class Conditions {

    private Conditions() {}

    static Optional<JsonNode> find(JsonNode object, String type) {
        return Json.stream(object.path("status").path("conditions"))
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst();
    }

    static boolean isTrue(JsonNode object, String type) {
        return find(object, type)
                .filter(condition -> condition.path("status").asText().equals("True"))
                .isPresent();
    }

    /**
     * Puts a condition into a list; the time of its last transition changes only with its status.
     *
     * @return the list with the condition, at the place of the one it replaces
     */
    static ArrayNode with(JsonNode conditions, ObjectNode condition) {
        ArrayNode result = without(conditions, condition.path("type").asText());
        Json.setIfAbsent(condition, "lastTransitionTime", ObjectStore.now());
        int index = 0;
        for (JsonNode old : conditions) {
            if (old.path("type").equals(condition.path("type"))) {
                if (old.path("status").equals(condition.path("status"))) {
                    condition.set("lastTransitionTime", old.path("lastTransitionTime"));
                }
                return result.insert(index, condition);
            }
            index++;
        }
        return result.add(condition);
    }

    static ArrayNode without(JsonNode conditions, String type) {
        return Json.array(Json.stream(conditions)
                .filter(condition -> !condition.path("type").asText().equals(type)));
    }
}
