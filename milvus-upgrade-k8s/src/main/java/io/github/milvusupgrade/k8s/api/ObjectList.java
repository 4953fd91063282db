package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;

/**
 * What a list request found, all pages of it.
 *
 * @param items the objects; as in every list of Kubernetes they may lack {@code kind} and {@code apiVersion}
 * @param resourceVersion the state of the whole set, from which a watch goes on without a gap
 */
public record ObjectList(List<ObjectNode> items, String resourceVersion) {

    public ObjectList {
        items = List.copyOf(items);
    }

    /** The items as views, such as {@code list.map(PodView::new)}. */
    public <V> List<V> map(Function<? super JsonNode, ? extends V> view) {
        return items.stream().<V>map(view).toList();
    }
}
