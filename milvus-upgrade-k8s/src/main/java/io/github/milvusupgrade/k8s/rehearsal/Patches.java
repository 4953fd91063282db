package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The patch formats of the API server, chosen by the content type of the request. */
final class Patches {

    static final String APPLY = "application/apply-patch+yaml";

    private Patches() {}

    static ObjectNode apply(ApiRequest request, ResourceType type, ObjectNode target) {
        JsonNode patch = request.json();
        JsonNode result = switch (request.contentType()) {
            case "application/json-patch+json" -> JsonPatch.apply(target, patch);
            case "application/merge-patch+json" -> MergePatch.apply(target, patch);
            case "application/strategic-merge-patch+json", APPLY -> StrategicMerge.apply(target, patch);
            default -> throw ApiFailure.of(415, "UnsupportedMediaType", "415: Unsupported Media Type");
        };
        if (!(result instanceof ObjectNode object)) {
            throw ApiFailure.badRequest("the patch leaves no object");
        }
        FieldTypes.mismatch(type, object).ifPresent(why -> {
            throw ApiFailure.invalidPatch(patch.toString(), why);
        });
        return object;
    }
}
