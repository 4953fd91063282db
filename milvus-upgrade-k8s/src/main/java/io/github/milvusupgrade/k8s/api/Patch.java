package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.custom.V1Patch;

/**
 * A change to an object, with the rules by which the API server merges it.
 *
 * <p>Write {@code metadata.resourceVersion} into the body (or a {@code test} operation into a JSON patch) to make it
 * conditional: then it is refused as a {@linkplain KubeApiException.Kind#CONFLICT conflict} if anybody was faster.
 */
public record Patch(String contentType, JsonNode body) {

    /** Lists are merged by their key: a container is found by its name. Built-in kinds only. */
    public static Patch strategic(ObjectNode body) {
        return new Patch(V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH, body);
    }

    /** Objects are merged, {@code null} removes a field, lists are replaced as a whole (RFC 7386). */
    public static Patch merge(ObjectNode body) {
        return new Patch(V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH, body);
    }

    /** A list of operations, applied in order (RFC 6902). */
    public static Patch json(ArrayNode operations) {
        return new Patch(V1Patch.PATCH_FORMAT_JSON_PATCH, operations);
    }
}
