package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Short ways to build and read JSON trees. Stored objects share their subtrees and are never changed in place:
 * {@link #with} copies one level only.
 */
final class Json {

    static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    /** An object of alternating names and values; a null value leaves its name out. */
    static ObjectNode object(@Nullable Object... namesAndValues) {
        ObjectNode object = NODES.objectNode();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null) {
                object.set(String.valueOf(namesAndValues[i]), node(value));
            }
        }
        return object;
    }

    static ArrayNode array(Object... values) {
        ArrayNode array = NODES.arrayNode();
        for (Object value : values) {
            array.add(node(value));
        }
        return array;
    }

    static ArrayNode array(Stream<? extends JsonNode> values) {
        ArrayNode array = NODES.arrayNode();
        values.forEach(array::add);
        return array;
    }

    /** A copy of the object in which one field is replaced; everything else is shared with the original. */
    static ObjectNode with(JsonNode object, String field, JsonNode value) {
        ObjectNode copy = copy(object);
        copy.set(field, value);
        return copy;
    }

    static ObjectNode without(JsonNode object, String field) {
        ObjectNode copy = copy(object);
        copy.remove(field);
        return copy;
    }

    /** A copy of the first level; of anything but an object, an empty object. */
    static ObjectNode copy(JsonNode object) {
        ObjectNode copy = NODES.objectNode();
        if (object instanceof ObjectNode original) {
            copy.setAll(original);
        }
        return copy;
    }

    /** A deep copy without what decoding an object would lose: nulls and empty lists. */
    static ObjectNode decoded(ObjectNode object) {
        ObjectNode copy = NODES.objectNode();
        object.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (!value.isNull() && !(value.isArray() && value.isEmpty())) {
                copy.set(field.getKey(), decodedValue(value));
            }
        });
        return copy;
    }

    private static JsonNode decodedValue(JsonNode value) {
        if (value instanceof ObjectNode object) {
            return decoded(object);
        }
        return value.isArray() ? array(stream(value).map(Json::decodedValue)) : value;
    }

    /** The object under this name, made if there is none. */
    static ObjectNode child(ObjectNode parent, String field) {
        return parent.get(field) instanceof ObjectNode child ? child : parent.putObject(field);
    }

    static void setIfAbsent(ObjectNode object, String field, Object value) {
        if (!object.hasNonNull(field)) {
            object.set(field, node(value));
        }
    }

    /** Counts of zero are left out of statuses. */
    static void putUnlessZero(ObjectNode object, String field, int count) {
        if (count != 0) {
            object.put(field, count);
        }
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode node(Object value) {
        if (value instanceof JsonNode node) {
            return node;
        }
        if (value instanceof Boolean flag) {
            return NODES.booleanNode(flag);
        }
        if (value instanceof Integer number) {
            return NODES.numberNode(number.intValue());
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = NODES.objectNode();
            map.forEach((name, content) -> object.set(String.valueOf(name), node(content)));
            return object;
        }
        if (value instanceof Iterable<?> items) {
            ArrayNode array = NODES.arrayNode();
            items.forEach(item -> array.add(node(item)));
            return array;
        }
        return NODES.textNode(value.toString());
    }
}
