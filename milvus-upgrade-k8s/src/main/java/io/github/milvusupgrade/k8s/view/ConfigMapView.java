package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** A ConfigMap of {@code v1}. */
public record ConfigMapView(JsonNode raw) implements ObjectView {

    public Map<String, String> data() {
        return Fields.texts(raw, "data");
    }

    /** Whether Kubernetes refuses every change of its data. */
    public boolean immutable() {
        return Fields.flag(raw, "immutable");
    }
}
