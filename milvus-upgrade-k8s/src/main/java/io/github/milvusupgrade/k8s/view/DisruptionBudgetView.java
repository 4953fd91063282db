package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** A PodDisruptionBudget of {@code policy/v1}. */
public record DisruptionBudgetView(JsonNode raw) implements ObjectView {

    /** The pods that may be evicted now. */
    public int disruptionsAllowed() {
        return Fields.number(raw, 0, "status", "disruptionsAllowed");
    }

    /** Whether it is about pods with these labels: with an empty selector about all, without one about none. */
    public boolean covers(Map<String, String> labels) {
        JsonNode selector = Fields.at(raw, "spec", "selector");
        return selector.isObject() && LabelSelector.matches(selector, labels);
    }
}
