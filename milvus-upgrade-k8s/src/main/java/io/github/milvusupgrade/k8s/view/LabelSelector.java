package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns the {@code selector} of a workload into the text that list and watch requests take. */
final class LabelSelector {

    private LabelSelector() {}

    /** All of {@code matchLabels} and {@code matchExpressions}: leaving one out would select foreign pods. */
    static String textOf(JsonNode selector) {
        Stream<String> labels = Fields.texts(selector, "matchLabels").entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue());
        Stream<String> expressions = Fields.each(LabelSelector::expression, selector, "matchExpressions").stream();
        return Stream.concat(labels, expressions).collect(Collectors.joining(","));
    }

    private static String expression(JsonNode node) {
        String key = Fields.text(node, "key");
        String operator = Fields.text(node, "operator");
        return switch (operator) {
            case "Exists" -> key;
            case "DoesNotExist" -> "!" + key;
            default ->
                key + " " + operator.toLowerCase(Locale.ROOT) + " "
                        + Fields.each(JsonNode::asText, node, "values").stream()
                                .collect(Collectors.joining(",", "(", ")"));
        };
    }
}
