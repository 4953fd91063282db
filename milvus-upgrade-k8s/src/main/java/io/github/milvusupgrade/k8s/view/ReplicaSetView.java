package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;

/** A ReplicaSet of {@code apps/v1}: one revision of a Deployment. */
public record ReplicaSetView(JsonNode raw) implements ConditionedView {

    /** The number the Deployment controller gave this revision; the highest is the newest. Zero if it has none. */
    public long revision() {
        String text = Fields.text(raw, "metadata", "annotations", "deployment.kubernetes.io/revision");
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    public String podTemplateHash() {
        return Fields.text(raw, "metadata", "labels", "pod-template-hash");
    }

    public int replicas() {
        return Fields.number(raw, 1, "spec", "replicas");
    }
}
