package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** A Node of {@code v1}. */
public record NodeView(JsonNode raw) implements ConditionedView {

    /** Whether it is closed for new pods, as {@code kubectl cordon} and {@code kubectl drain} do. */
    public boolean cordoned() {
        return Fields.flag(raw, "spec", "unschedulable");
    }

    public boolean ready() {
        return condition("Ready").filter(Condition::isTrue).isPresent();
    }

    /** What keeps pods away that do not tolerate it, each with {@code key}, {@code value} and {@code effect}. */
    public List<JsonNode> taints() {
        return Fields.each(taint -> taint, raw, "spec", "taints");
    }

    /** What it offers to pods, as quantities by resource. */
    public Map<String, String> allocatable() {
        return Fields.texts(raw, "status", "allocatable");
    }

    /** The names of the images it has; a kubelet reports 50 of them by default, the largest ones. */
    public List<String> images() {
        return Fields.each(image -> Fields.each(JsonNode::asText, image, "names"), raw, "status", "images").stream()
                .flatMap(List::stream)
                .toList();
    }
}
