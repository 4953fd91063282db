package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** A ResourceQuota of {@code v1}. */
public record QuotaView(JsonNode raw) implements ObjectView {

    /** The most that may be used, as quantities by resource. */
    public Map<String, String> hard() {
        return Fields.texts(raw, "spec", "hard");
    }

    /** What is used, as the quota controller counted it last; a resource that it has not counted yet is missing. */
    public Map<String, String> used() {
        return Fields.texts(raw, "status", "used");
    }

    /** The kinds of pods that it is about, such as {@code NotBestEffort}; of all pods if empty. */
    public List<String> scopes() {
        return Fields.each(JsonNode::asText, raw, "spec", "scopes");
    }

    /** Further kinds, each with {@code scopeName}, {@code operator} and {@code values}. */
    public List<JsonNode> scopeExpressions() {
        return Fields.each(expression -> expression, raw, "spec", "scopeSelector", "matchExpressions");
    }
}
