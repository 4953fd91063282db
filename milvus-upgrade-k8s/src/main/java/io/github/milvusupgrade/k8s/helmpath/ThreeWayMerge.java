package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What an object becomes when its manifest changes: what the new manifest says, without what only the old one said, and
 * with everything that neither speaks of, such as defaults, replicas of an autoscaler and sidecars of a webhook. The
 * same as Helm's upgrade makes of it, so that Helm finds nothing to change afterwards. A pure function.
 *
 * <p>Lists whose items have a key are merged item by item, as in a strategic merge patch
 * (kubernetes/api:apps/v1/types.go and core/v1/types.go, {@code patchMergeKey}); other lists are replaced.
 */
final class ThreeWayMerge {

    /** The key of the items by the name of the list; ports of a Service and of a container have different ones. */
    private static final Map<String, List<String>> KEYS = Map.ofEntries(
            Map.entry("containers", List.of("name")),
            Map.entry("initContainers", List.of("name")),
            Map.entry("ephemeralContainers", List.of("name")),
            Map.entry("volumes", List.of("name")),
            Map.entry("env", List.of("name")),
            Map.entry("imagePullSecrets", List.of("name")),
            Map.entry("volumeMounts", List.of("mountPath")),
            Map.entry("volumeDevices", List.of("devicePath")),
            Map.entry("hostAliases", List.of("ip")),
            Map.entry("topologySpreadConstraints", List.of("topologyKey")),
            Map.entry("ports", List.of("containerPort", "port")));

    private static final Set<String> STRATEGIES = Set.of("strategy", "updateStrategy");
    private static final String VOLUME = "an item of volumes";

    private ThreeWayMerge() {}

    /**
     * Merge one object.
     *
     * @param before what the manifest of the running revision says
     * @param wanted what the new manifest says
     * @param live what the object is
     */
    static ObjectNode merge(ObjectNode before, ObjectNode wanted, ObjectNode live) {
        ObjectNode merged = live.deepCopy();
        before.fieldNames().forEachRemaining(field -> {
            if (isAbsent(wanted.get(field))) {
                merged.remove(field);
            }
        });
        wanted.properties().forEach(entry -> {
            if (!entry.getValue().isNull()) {
                String field = entry.getKey();
                merged.set(field, value(field, before.get(field), entry.getValue(), live.get(field)));
            }
        });
        return merged;
    }

    private static JsonNode value(String field, @Nullable JsonNode before, JsonNode wanted, @Nullable JsonNode live) {
        if (wanted instanceof ObjectNode wantedObject && live instanceof ObjectNode liveObject) {
            return merge(objectOrEmpty(before), wantedObject, withoutOtherChoice(field, wantedObject, liveObject));
        }
        if (wanted instanceof ArrayNode wantedList && live instanceof ArrayNode liveList) {
            Optional<String> key = keyOf(field, wantedList, liveList);
            if (key.isPresent()) {
                return list(field, key.get(), before, wantedList, liveList);
            }
        }
        return wanted.deepCopy();
    }

    /** The wanted items in their order, and each item that neither manifest names before the one it preceded. */
    private static ArrayNode list(
            String field, String key, @Nullable JsonNode before, ArrayNode wanted, ArrayNode live) {
        Map<String, JsonNode> old = byKey(key, before);
        Map<String, JsonNode> present = byKey(key, live);
        Map<String, JsonNode> asked = byKey(key, wanted);
        Map<String, List<JsonNode>> strangersBefore = new HashMap<>();
        List<JsonNode> strangers = new ArrayList<>();
        present.forEach((name, item) -> {
            if (asked.containsKey(name)) {
                strangersBefore.put(name, List.copyOf(strangers));
                strangers.clear();
            } else if (!old.containsKey(name)) {
                strangers.add(item);
            }
        });
        ArrayNode merged = JsonNodeFactory.instance.arrayNode();
        asked.forEach((name, item) -> {
            strangersBefore.getOrDefault(name, List.of()).forEach(merged::add);
            JsonNode found = present.get(name);
            merged.add(found == null ? item : value(itemOf(field), old.get(name), item, found));
        });
        strangers.forEach(merged::add);
        return merged;
    }

    /**
     * A strategy has parameters for its type alone, and a volume one source: with another one wanted, what belongs to
     * the old one has to go, although no manifest may have said it. In a patch that is {@code $retainKeys}
     * (kubernetes/api:apps/v1/types.go and core/v1/types.go, {@code patchStrategy}).
     */
    private static ObjectNode withoutOtherChoice(String field, ObjectNode wanted, ObjectNode live) {
        boolean otherStrategy =
                STRATEGIES.contains(field) && !wanted.path("type").equals(live.path("type")) && wanted.has("type");
        if (otherStrategy || field.equals(VOLUME)) {
            return live.deepCopy().retain(names(wanted));
        }
        return live;
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String itemOf(String list) {
        return list.equals("volumes") ? VOLUME : "";
    }

    private static Optional<String> keyOf(String field, ArrayNode wanted, ArrayNode live) {
        return KEYS.getOrDefault(field, List.of()).stream()
                .filter(key -> haveKey(key, wanted) && haveKey(key, live))
                .findFirst();
    }

    /** Whether the key tells all items apart; two ports with one number, for TCP and UDP, are not told apart by it. */
    private static boolean haveKey(String key, ArrayNode items) {
        return StreamSupport.stream(items.spliterator(), false).allMatch(item -> item.hasNonNull(key))
                && byKey(key, items).size() == items.size();
    }

    private static Map<String, JsonNode> byKey(String key, @Nullable JsonNode items) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        if (items != null) {
            items.forEach(item -> found.put(item.path(key).asText(), item));
        }
        return found;
    }

    private static ObjectNode objectOrEmpty(@Nullable JsonNode node) {
        return node instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    }

    private static boolean isAbsent(@Nullable JsonNode node) {
        return node == null || node.isNull();
    }
}
