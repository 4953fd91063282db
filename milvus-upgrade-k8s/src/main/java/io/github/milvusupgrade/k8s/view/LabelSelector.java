package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code selector} of a workload: as the text that list and watch requests take, and applied to labels that were
 * read already.
 */
public final class LabelSelector {

    private LabelSelector() {}

    /** All of {@code matchLabels} and {@code matchExpressions}: leaving one out would select foreign pods. */
    static String textOf(JsonNode selector) {
        return String.join(",", requirements(selector));
    }

    /**
     * Selects whatever one of several selectors does, and as little else as one selector can tell: what they have in
     * common, and of a label that each of them wants with another value all those values.
     */
    static String textOfAny(List<JsonNode> selectors) {
        Set<String> common = new LinkedHashSet<>(requirements(selectors.get(0)));
        Map<String, Set<String>> values = new LinkedHashMap<>();
        for (JsonNode selector : selectors) {
            common.retainAll(requirements(selector));
            Fields.texts(selector, "matchLabels")
                    .forEach((key, value) ->
                            values.computeIfAbsent(key, any -> new TreeSet<>()).add(value));
        }
        values.entrySet().stream()
                .filter(label -> label.getValue().size() > 1)
                .filter(label -> selectors.stream()
                        .allMatch(selector ->
                                Fields.texts(selector, "matchLabels").containsKey(label.getKey())))
                .map(label -> label.getKey() + " in (" + String.join(",", label.getValue()) + ")")
                .forEach(common::add);
        return String.join(",", common);
    }

    private static List<String> requirements(JsonNode selector) {
        Stream<String> labels = Fields.texts(selector, "matchLabels").entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue());
        Stream<String> expressions = Fields.each(LabelSelector::expression, selector, "matchExpressions").stream();
        return Stream.concat(labels, expressions).toList();
    }

    /** Whether labels meet all of {@code matchLabels} and {@code matchExpressions}; without any, all labels do. */
    public static boolean matches(JsonNode selector, Map<String, String> labels) {
        return Fields.texts(selector, "matchLabels").entrySet().stream()
                        .allMatch(label -> label.getValue().equals(labels.get(label.getKey())))
                && Fields.each(node -> node, selector, "matchExpressions").stream()
                        .allMatch(node -> matchesExpression(node, labels));
    }

    /**
     * Whether labels meet one expression with {@code key}, {@code operator} and {@code values}: those of selectors, and
     * {@code Gt} and {@code Lt} of node affinities.
     */
    public static boolean matchesExpression(JsonNode expression, Map<String, String> labels) {
        String value = labels.get(Fields.text(expression, "key"));
        List<String> values = Fields.each(JsonNode::asText, expression, "values");
        return switch (Fields.text(expression, "operator")) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> compare(value, values) > 0;
            case "Lt" -> compare(value, values) < 0;
            default -> false;
        };
    }

    /** Zero if one of them is no number, which is neither more nor less. */
    private static int compare(@Nullable String value, List<String> bounds) {
        if (value == null || bounds.size() != 1 || !isNumber(value) || !isNumber(bounds.get(0))) {
            return 0;
        }
        return Long.compare(Long.parseLong(value), Long.parseLong(bounds.get(0)));
    }

    private static boolean isNumber(String text) {
        return text.matches("-?\\d{1,18}");
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
