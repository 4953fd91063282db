package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;

/**
 * A list answer: what selectors select, page by page. A page continues after the last object of the one before, in the
 * state of its own moment.
 */
final class Listing {

    private Listing() {}

    static ObjectNode of(ObjectStore store, ApiRequest request, Target target) {
        ResourceType type = target.type();
        Predicate<JsonNode> wanted = LabelSelector.parse(request.query("labelSelector"))
                .and(FieldSelector.parse(type, request.query("fieldSelector")));
        ObjectKey last = lastSeen(type, request.query("continue"));
        int limit = request.number("limit", 0);
        List<ObjectNode> found;
        long revision;
        synchronized (store) {
            revision = store.revision();
            found = store.list(type, target.namespace());
        }
        List<ObjectNode> matching = found.stream()
                .filter(wanted)
                .filter(object -> ObjectKey.of(type, object).compareTo(last) > 0)
                .toList();
        ObjectNode metadata = Json.object("resourceVersion", revision);
        if (limit > 0 && matching.size() > limit) {
            metadata.put("continue", token(ObjectKey.of(type, matching.get(limit - 1))));
            metadata.put("remainingItemCount", matching.size() - limit);
            matching = matching.subList(0, limit);
        }
        ObjectNode list =
                Json.object("kind", type.kind() + "List", "apiVersion", type.apiVersion(), "metadata", metadata);
        return list.<ObjectNode>set("items", Json.array(matching.stream().map(Listing::asItem)));
    }

    /** Items do not repeat the kind that the list has already told. */
    private static ObjectNode asItem(ObjectNode object) {
        ObjectNode item = Json.copy(object);
        item.remove(List.of("kind", "apiVersion"));
        return item;
    }

    private static String token(ObjectKey key) {
        String text = key.namespace() + "/" + key.name();
        return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectKey lastSeen(ResourceType type, String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            int slash = text.indexOf('/');
            return new ObjectKey(type, text.substring(0, Math.max(slash, 0)), text.substring(slash + 1));
        } catch (IllegalArgumentException e) {
            throw ApiFailure.badRequest("continue key is not valid: " + e.getMessage());
        }
    }
}
