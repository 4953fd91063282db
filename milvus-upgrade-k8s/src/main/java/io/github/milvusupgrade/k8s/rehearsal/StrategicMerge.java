package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge patch: like a merge patch, but lists whose elements have a key merge element by element, and
 * directives ({@code $patch}, {@code $retainKeys}, {@code $deleteFromPrimitiveList/…}) steer it. The keys are the
 * {@code patchMergeKey} tags of the Kubernetes API types.
 */
final class StrategicMerge {

    private static final Map<String, List<String>> MERGE_KEYS = Map.ofEntries(
            Map.entry("containers", List.of("name")),
            Map.entry("initContainers", List.of("name")),
            Map.entry("ephemeralContainers", List.of("name")),
            Map.entry("env", List.of("name")),
            Map.entry("volumes", List.of("name")),
            Map.entry("imagePullSecrets", List.of("name")),
            Map.entry("volumeMounts", List.of("mountPath")),
            Map.entry("volumeDevices", List.of("devicePath")),
            Map.entry("ports", List.of("containerPort", "port")),
            Map.entry("conditions", List.of("type")),
            Map.entry("ownerReferences", List.of("uid")),
            Map.entry("hostAliases", List.of("ip")),
            Map.entry("topologySpreadConstraints", List.of("topologyKey")));
    private static final Set<String> MERGED_PRIMITIVES = Set.of("finalizers");
    private static final String DELETE_FROM = "$deleteFromPrimitiveList/";

    private StrategicMerge() {}

    /** The target with the patch applied; neither argument is changed. */
    static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode)) {
            return patch;
        }
        if (patch.path("$patch").asText().equals("replace")) {
            return Json.without(patch, "$patch");
        }
        ObjectNode result = Json.copy(target);
        if (patch.path("$patch").asText().equals("delete")) {
            return result.removeAll();
        }
        if (patch.has("$retainKeys")) {
            result.retain(
                    Json.stream(patch.path("$retainKeys")).map(JsonNode::asText).toList());
        }
        patch.properties().forEach(field -> merge(result, field.getKey(), field.getValue()));
        return result;
    }

    private static void merge(ObjectNode result, String field, JsonNode patch) {
        if (field.startsWith(DELETE_FROM)) {
            String list = field.substring(DELETE_FROM.length());
            Set<JsonNode> gone = new HashSet<>(Json.stream(patch).toList());
            result.set(list, Json.array(Json.stream(result.path(list)).filter(item -> !gone.contains(item))));
        } else if (field.startsWith("$")) {
            return;
        } else if (patch.isNull()) {
            result.remove(field);
        } else if (patch instanceof ArrayNode array) {
            result.set(field, mergeLists(field, result.path(field), array));
        } else if (patch.path("$patch").asText().equals("delete")) {
            result.remove(field);
        } else {
            result.set(field, apply(result.path(field), patch));
        }
    }

    private static JsonNode mergeLists(String field, JsonNode target, ArrayNode patch) {
        if (MERGED_PRIMITIVES.contains(field)) {
            List<JsonNode> all = new ArrayList<>(Json.stream(target).toList());
            patch.forEach(item -> {
                if (!all.contains(item)) {
                    all.add(item);
                }
            });
            return Json.array(all.stream());
        }
        String key = mergeKey(field, target, patch);
        if (key == null) {
            return patch;
        }
        List<JsonNode> items = new ArrayList<>(Json.stream(target).toList());
        for (JsonNode item : patch) {
            String directive = item.path("$patch").asText();
            if (directive.equals("replace") && !item.has(key)) {
                return Json.array(Json.stream(patch).filter(other -> !other.has("$patch")));
            }
            if (!item.has(key)) {
                throw ApiFailure.of(422, "Invalid", "map: " + item + " does not contain declared merge key: " + key);
            }
            int index = indexOf(items, key, item.path(key));
            if (directive.equals("delete")) {
                if (index >= 0) {
                    items.remove(index);
                }
            } else if (index >= 0) {
                items.set(index, apply(items.get(index), item));
            } else {
                items.add(apply(Json.object(), item));
            }
        }
        return Json.array(items.stream());
    }

    private static @Nullable String mergeKey(String field, JsonNode target, JsonNode patch) {
        JsonNode sample = patch.path(0).has("$patch") && target.has(0) ? target.path(0) : patch.path(0);
        if (!sample.isObject()) {
            return null;
        }
        List<String> keys = MERGE_KEYS.getOrDefault(field, List.of());
        return keys.stream().filter(sample::has).findFirst().orElse(keys.isEmpty() ? null : keys.get(0));
    }

    private static int indexOf(List<JsonNode> items, String key, JsonNode value) {
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).path(key).equals(value)) {
                return i;
            }
        }
        return -1;
    }
}
