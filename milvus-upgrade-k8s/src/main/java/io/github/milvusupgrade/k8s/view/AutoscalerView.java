package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;

/** A HorizontalPodAutoscaler of {@code autoscaling/v2}. */
public record AutoscalerView(JsonNode raw) implements ObjectView {

    /** The kind that it scales, such as {@code Deployment}. */
    public String targetKind() {
        return Fields.text(raw, "spec", "scaleTargetRef", "kind");
    }

    public String targetName() {
        return Fields.text(raw, "spec", "scaleTargetRef", "name");
    }

    /** The fewest pods it goes down to; 1 if the object does not say. */
    public int minReplicas() {
        return Fields.number(raw, 1, "spec", "minReplicas");
    }

    public int maxReplicas() {
        return Fields.number(raw, 0, "spec", "maxReplicas");
    }
}
