package io.github.milvusupgrade.k8s.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a YAML text says, without positions, comments and order: two texts with equal meanings configure the same
 * Milvus. An edit computes the meaning it wants first and accepts only a text that has it. Anchors and aliases count by
 * name, so comparing never expands them.
 */
final class Meaning {

    static final Object NULL = new OfScalar(YamlNode.Properties.NONE, true, "");

    private Meaning() {}

    record OfScalar(YamlNode.Properties properties, boolean plain, String text) {}

    record OfMapping(YamlNode.Properties properties, Map<Object, Object> entries) {}

    record OfSequence(YamlNode.Properties properties, List<Object> items) {}

    record OfAlias(String name) {}

    /** The meaning with the value at the end of the keys; mappings on the way are made where nothing or null is. */
    static Object put(Object meaning, List<Object> keys, Object value) {
        return keys.isEmpty()
                ? value
                : changed(meaning, entries -> {
                    Object inner = entries.getOrDefault(keys.get(0), NULL);
                    entries.put(keys.get(0), put(inner, keys.subList(1, keys.size()), value));
                    return entries;
                });
    }

    /** The meaning without the entry at the end of the keys, all of which are there. */
    static Object remove(Object meaning, List<Object> keys) {
        return changed(meaning, entries -> {
            if (keys.size() == 1) {
                entries.remove(keys.get(0));
            } else {
                entries.computeIfPresent(keys.get(0), (key, inner) -> remove(inner, keys.subList(1, keys.size())));
            }
            return entries;
        });
    }

    private static Object changed(Object meaning, UnaryOperator<Map<Object, Object>> change) {
        return meaning instanceof OfMapping mapping
                ? new OfMapping(mapping.properties(), change.apply(new HashMap<>(mapping.entries())))
                : new OfMapping(YamlNode.Properties.NONE, change.apply(new HashMap<>()));
    }
}
