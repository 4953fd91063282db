package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Bodies that typed Go clients send as protobuf, of the kinds that Helm writes with such a client: the Secrets and
 * ConfigMaps in which it keeps releases, and namespaces. The field numbers are those of
 * {@code k8s.io/api:core/v1/generated.proto} and {@code k8s.io/apimachinery:pkg/apis/meta/v1/generated.proto}.
 */
final class ProtobufBody {

    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    /** How the content of a field becomes JSON. */
    private sealed interface Type {}

    private record Scalar(Function<ByteBuffer, JsonNode> read) implements Type {}

    private record Varint(Function<Long, JsonNode> read) implements Type {}

    private record Message(Map<Integer, Field> fields) implements Type {}

    /** Fields that the server sets itself, whatever a client sends. */
    private record Ignored() implements Type {}

    private enum Shape {
        ONE,
        LIST,
        MAP
    }

    private record Field(String name, Type type, Shape shape) {

        static Field one(String name, Type type) {
            return new Field(name, type, Shape.ONE);
        }

        static Field list(String name, Type type) {
            return new Field(name, type, Shape.LIST);
        }

        static Field map(String name, Type values) {
            Message entry = new Message(Map.of(1, one("key", TEXT), 2, one("value", values)));
            return new Field(name, entry, Shape.MAP);
        }
    }

    private static final Type TEXT = new Scalar(bytes -> TextNode.valueOf(text(bytes)));
    private static final Type BYTES =
            new Scalar(bytes -> TextNode.valueOf(Base64.getEncoder().encodeToString(array(bytes))));
    private static final Type BOOLEAN = new Varint(value -> BooleanNode.valueOf(value != 0));
    private static final Type INTEGER = new Varint(LongNode::valueOf);
    private static final Field IGNORED = Field.one("", new Ignored());

    private static final Message OWNER = new Message(Map.of(
            1, Field.one("kind", TEXT),
            3, Field.one("name", TEXT),
            4, Field.one("uid", TEXT),
            5, Field.one("apiVersion", TEXT),
            6, Field.one("controller", BOOLEAN),
            7, Field.one("blockOwnerDeletion", BOOLEAN)));
    private static final Message METADATA = new Message(Map.ofEntries(
            Map.entry(1, Field.one("name", TEXT)),
            Map.entry(2, Field.one("generateName", TEXT)),
            Map.entry(3, Field.one("namespace", TEXT)),
            Map.entry(4, IGNORED),
            Map.entry(5, Field.one("uid", TEXT)),
            Map.entry(6, Field.one("resourceVersion", TEXT)),
            Map.entry(7, IGNORED),
            Map.entry(8, IGNORED),
            Map.entry(9, IGNORED),
            Map.entry(10, IGNORED),
            Map.entry(11, Field.map("labels", TEXT)),
            Map.entry(12, Field.map("annotations", TEXT)),
            Map.entry(13, Field.list("ownerReferences", OWNER)),
            Map.entry(14, Field.list("finalizers", TEXT)),
            Map.entry(17, IGNORED)));
    private static final Map<String, Message> KINDS = Map.of(
            "Secret",
            new Message(Map.of(
                    1, Field.one("metadata", METADATA),
                    2, Field.map("data", BYTES),
                    3, Field.one("type", TEXT),
                    4, Field.map("stringData", TEXT),
                    5, Field.one("immutable", BOOLEAN))),
            "ConfigMap",
            new Message(Map.of(
                    1, Field.one("metadata", METADATA),
                    2, Field.map("data", TEXT),
                    3, Field.map("binaryData", BYTES),
                    4, Field.one("immutable", BOOLEAN))),
            "Namespace",
            new Message(Map.of(1, Field.one("metadata", METADATA), 2, IGNORED, 3, IGNORED)),
            "DeleteOptions",
            new Message(Map.of(
                    1, Field.one("gracePeriodSeconds", INTEGER),
                    2,
                            Field.one(
                                    "preconditions",
                                    new Message(
                                            Map.of(1, Field.one("uid", TEXT), 2, Field.one("resourceVersion", TEXT)))),
                    3, Field.one("orphanDependents", BOOLEAN),
                    4, Field.one("propagationPolicy", TEXT),
                    5, Field.list("dryRun", TEXT))));

    /** What every body is wrapped in ({@code pkg/runtime/generated.proto}). */
    private static final Message ENVELOPE = new Message(Map.of(
            1,
            Field.one("typeMeta", new Message(Map.of(1, Field.one("apiVersion", TEXT), 2, Field.one("kind", TEXT)))),
            2,
            Field.one("raw", BYTES),
            3,
            IGNORED,
            4,
            IGNORED));

    private ProtobufBody() {}

    /** The body as a JSON object; empty if it is of another kind, or has fields that are not known here. */
    static Optional<ObjectNode> decode(byte[] body) {
        ByteBuffer bytes = ByteBuffer.wrap(body);
        for (byte expected : MAGIC) {
            if (!bytes.hasRemaining() || bytes.get() != expected) {
                return Optional.empty();
            }
        }
        try {
            ObjectNode envelope = message(ENVELOPE, bytes);
            String kind = envelope.at("/typeMeta/kind").asText();
            Message type = KINDS.get(kind);
            if (type == null) {
                return Optional.empty();
            }
            byte[] raw = Base64.getDecoder().decode(envelope.path("raw").asText());
            ObjectNode object = Json.object(
                    "apiVersion", envelope.at("/typeMeta/apiVersion").asText(), "kind", kind);
            return Optional.of(object.setAll(message(type, ByteBuffer.wrap(raw))));
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static ObjectNode message(Message type, ByteBuffer bytes) {
        ObjectNode object = Json.object();
        while (bytes.hasRemaining()) {
            long tag = varint(bytes);
            Field field = type.fields().get((int) (tag >>> 3));
            if (field == null) {
                throw new IllegalArgumentException("field " + (tag >>> 3) + " is not known here");
            }
            JsonNode value = value(field.type(), (int) (tag & 7), bytes);
            if (!(field.type() instanceof Ignored)) {
                add(object, field, value);
            }
        }
        return object;
    }

    private static void add(ObjectNode object, Field field, JsonNode value) {
        switch (field.shape()) {
            case ONE -> {
                // Go writes every text, whether it was set or not.
                if (!(value.isTextual() && value.textValue().isEmpty())) {
                    object.set(field.name(), value);
                }
            }
            case LIST -> object.withArrayProperty(field.name()).add(value);
            case MAP ->
                object.withObjectProperty(field.name())
                        .set(
                                value.path("key").asText(),
                                value.has("value") ? value.path("value") : TextNode.valueOf(""));
        }
    }

    private static JsonNode value(Type type, int wireType, ByteBuffer bytes) {
        if (wireType == VARINT) {
            long value = varint(bytes);
            return type instanceof Varint varint ? varint.read().apply(value) : LongNode.valueOf(value);
        } else if (wireType != LENGTH_DELIMITED) {
            throw new IllegalArgumentException("wire type " + wireType + " is not known here");
        }
        int length = Math.toIntExact(varint(bytes));
        if (length < 0 || length > bytes.remaining()) {
            throw new IllegalArgumentException("a field is longer than the body");
        }
        ByteBuffer content = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        if (type instanceof Message message) {
            return message(message, content);
        }
        return type instanceof Scalar scalar ? scalar.read().apply(content) : Json.object();
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number has no end");
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static byte[] array(ByteBuffer bytes) {
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        return array;
    }
}
