package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads fields that may be missing, {@code null} or of another type, and never fails on them. */
final class Fields {

    private Fields() {}

    static JsonNode at(JsonNode node, String... path) {
        JsonNode found = node;
        for (String field : path) {
            found = found.path(field);
        }
        return found;
    }

    static String text(JsonNode node, String... path) {
        return textOf(at(node, path));
    }

    static int number(JsonNode node, int otherwise, String... path) {
        JsonNode found = at(node, path);
        return found.canConvertToInt() ? found.intValue() : otherwise;
    }

    static long longNumber(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return found.canConvertToLong() ? found.longValue() : 0;
    }

    static boolean flag(JsonNode node, String... path) {
        return at(node, path).asBoolean(false);
    }

    static boolean present(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return !found.isMissingNode() && !found.isNull();
    }

    static Optional<Instant> time(JsonNode node, String... path) {
        String text = text(node, path);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException unknownForm) {
            return Optional.empty();
        }
    }

    static Map<String, String> texts(JsonNode node, String... path) {
        Map<String, String> texts = new LinkedHashMap<>();
        at(node, path).properties().forEach(entry -> texts.put(entry.getKey(), textOf(entry.getValue())));
        return Collections.unmodifiableMap(texts);
    }

    static <T> List<T> each(Function<JsonNode, T> view, JsonNode node, String... path) {
        JsonNode found = at(node, path);
        if (!found.isArray()) {
            return List.of();
        }
        List<T> views = new ArrayList<>();
        found.forEach(element -> views.add(view.apply(element)));
        return Collections.unmodifiableList(views);
    }

    private static String textOf(JsonNode node) {
        return node.isValueNode() && !node.isNull() ? node.asText() : "";
    }
}
