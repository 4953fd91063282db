package io.github.milvusupgrade.k8s.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Puts values over values as Helm does: tables are merged key by key, everything else is replaced as a whole, and null
 * is a wish to delete (helm/helm:pkg/chartutil/coalesce.go, {@code CoalesceTables}). Pure functions; arguments are left
 * as they are.
 */
public final class ValueTables {

    private ValueTables() {}

    /**
     * What is effective: a null removes the key, if there is one below it to be removed.
     *
     * @param over the values that win
     * @param under the values that hold where nothing is said above
     */
    public static ObjectNode coalesce(ObjectNode over, ObjectNode under) {
        return merge(over, under, false);
    }

    /** The same, but a null stays, to remove the key from whatever the result is put over later. */
    public static ObjectNode overlay(ObjectNode over, ObjectNode under) {
        return merge(over, under, true);
    }

    private static ObjectNode merge(ObjectNode over, ObjectNode under, boolean keepNulls) {
        ObjectNode merged = over.deepCopy();
        for (Map.Entry<String, JsonNode> entry : under.properties()) {
            String key = entry.getKey();
            JsonNode ours = merged.get(key);
            if (ours == null) {
                merged.set(key, entry.getValue().deepCopy());
            } else if (ours.isNull() && !keepNulls) {
                merged.remove(key);
            } else if (ours instanceof ObjectNode table && entry.getValue() instanceof ObjectNode below) {
                merged.set(key, merge(table, below, keepNulls));
            }
        }
        return merged;
    }
}
