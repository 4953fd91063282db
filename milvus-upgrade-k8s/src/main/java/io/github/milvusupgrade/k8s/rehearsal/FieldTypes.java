package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds values of a wrong JSON type where clients are prone to send them: in maps of texts, and in counts. */
final class FieldTypes {

    private static final List<String> COUNTS = List.of("replicas", "minReadySeconds", "progressDeadlineSeconds");

    private FieldTypes() {}

    /** The complaint of the API server's decoder about the first wrong value. */
    static Optional<String> mismatch(ResourceType type, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return notTexts("ObjectMeta.metadata.labels", metadata.path("labels"))
                .or(() -> notTexts("ObjectMeta.metadata.annotations", metadata.path("annotations")))
                .or(() -> notTexts(type.kind() + ".data", object.path("data")))
                .or(() -> type.hasScale() ? notNumber(type, object.path("spec")) : Optional.empty());
    }

    private static Optional<String> notTexts(String field, JsonNode map) {
        return Json.stream(map)
                .filter(value -> !value.isTextual() && !value.isNull())
                .map(value -> complaint(value, field, "string"))
                .findFirst();
    }

    private static Optional<String> notNumber(ResourceType type, JsonNode spec) {
        return COUNTS.stream()
                .filter(count -> spec.hasNonNull(count) && !spec.path(count).isInt())
                .map(count -> complaint(spec.path(count), type.kind() + "Spec.spec." + count, "int32"))
                .findFirst();
    }

    private static String complaint(JsonNode value, String field, String wanted) {
        String found = value.isBoolean() ? "bool" : value.getNodeType().name().toLowerCase(Locale.ROOT);
        return "json: cannot unmarshal " + found + " into Go struct field " + field + " of type " + wanted;
    }
}
