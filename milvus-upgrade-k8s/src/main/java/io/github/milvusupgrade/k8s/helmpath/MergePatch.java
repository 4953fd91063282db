package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The JSON merge patch (RFC 7386) that makes one object another. A pure function. */
final class MergePatch {

    private MergePatch() {}

    /** What changes; a null for what goes. */
    static ObjectNode between(ObjectNode from, ObjectNode to) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        from.fieldNames().forEachRemaining(field -> {
            if (!to.has(field)) {
                patch.putNull(field);
            }
        });
        to.properties().forEach(entry -> {
            JsonNode before = from.get(entry.getKey());
            JsonNode after = entry.getValue();
            if (before instanceof ObjectNode old && after instanceof ObjectNode wanted) {
                ObjectNode inner = between(old, wanted);
                if (!inner.isEmpty()) {
                    patch.set(entry.getKey(), inner);
                }
            } else if (!after.equals(before)) {
                patch.set(entry.getKey(), after.deepCopy());
            }
        });
        return patch;
    }
}
