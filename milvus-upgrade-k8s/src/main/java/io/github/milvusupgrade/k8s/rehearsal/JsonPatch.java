package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON Patch (RFC 6902): a list of operations, all of them or none. */
final class JsonPatch {

    private JsonPatch() {}

    static JsonNode apply(JsonNode target, JsonNode operations) {
        JsonNode result = target.deepCopy();
        for (JsonNode operation : operations) {
            carryOut(result, operation);
        }
        return result;
    }

    private static void carryOut(JsonNode root, JsonNode operation) {
        JsonPointer pointer = pointer(operation, "path");
        JsonNode value = operation.path("value");
        switch (operation.path("op").asText()) {
            case "add" -> add(root, pointer, value.deepCopy());
            case "remove" -> remove(root, pointer);
            case "replace" -> {
                existing(root, pointer);
                remove(root, pointer);
                add(root, pointer, value.deepCopy());
            }
            case "copy" ->
                add(root, pointer, existing(root, pointer(operation, "from")).deepCopy());
            case "move" -> {
                JsonNode moved = existing(root, pointer(operation, "from"));
                remove(root, pointer(operation, "from"));
                add(root, pointer, moved);
            }
            case "test" -> {
                if (!root.at(pointer).equals(value)) {
                    throw rejected();
                }
            }
            default -> throw rejected();
        }
    }

    private static JsonPointer pointer(JsonNode operation, String field) {
        try {
            return JsonPointer.compile(operation.path(field).asText());
        } catch (IllegalArgumentException e) {
            throw rejected();
        }
    }

    private static JsonNode existing(JsonNode root, JsonPointer pointer) {
        JsonNode found = root.at(pointer);
        if (found.isMissingNode()) {
            throw rejected();
        }
        return found;
    }

    private static void add(JsonNode root, JsonPointer pointer, JsonNode value) {
        JsonNode parent = root.at(pointer.head());
        String last = pointer.last().getMatchingProperty();
        if (parent instanceof ObjectNode object) {
            object.set(last, value);
        } else if (parent instanceof ArrayNode array) {
            array.insert(last.equals("-") ? array.size() : index(last, array.size()), value);
        } else {
            throw rejected();
        }
    }

    private static void remove(JsonNode root, JsonPointer pointer) {
        existing(root, pointer);
        JsonNode parent = root.at(pointer.head());
        String last = pointer.last().getMatchingProperty();
        if (parent instanceof ObjectNode object) {
            object.remove(last);
        } else if (parent instanceof ArrayNode array) {
            array.remove(index(last, array.size() - 1));
        }
    }

    private static int index(String text, int highest) {
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) > highest) {
            throw rejected();
        }
        return Integer.parseInt(text);
    }

    private static ApiFailure rejected() {
        return ApiFailure.of(422, "Invalid", "the server rejected our request due to an error in our request");
    }
}
