package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** An Event of {@code v1} or {@code events.k8s.io/v1}, which call the same things by different names. */
public record EventView(JsonNode raw) implements ObjectView {

    /** One word for machines, such as {@code FailedScheduling}. */
    public String reason() {
        return Fields.text(raw, "reason");
    }

    public String message() {
        return first("message", "note");
    }

    /** {@code Normal} or {@code Warning}. */
    public String type() {
        return Fields.text(raw, "type");
    }

    /** How often it happened, at least once. */
    public int count() {
        return Math.max(
                1,
                Math.max(
                        Fields.number(raw, 0, "series", "count"),
                        Math.max(Fields.number(raw, 0, "count"), Fields.number(raw, 0, "deprecatedCount"))));
    }

    /** When it happened last. */
    public Optional<Instant> lastTime() {
        return Stream.of(
                        Fields.time(raw, "series", "lastObservedTime"),
                        Fields.time(raw, "lastTimestamp"),
                        Fields.time(raw, "deprecatedLastTimestamp"),
                        Fields.time(raw, "eventTime"),
                        createdAt())
                .flatMap(Optional::stream)
                .findFirst();
    }

    public String regardingKind() {
        return Fields.text(regarding(), "kind");
    }

    public String regardingName() {
        return Fields.text(regarding(), "name");
    }

    public String regardingUid() {
        return Fields.text(regarding(), "uid");
    }

    private JsonNode regarding() {
        return Fields.present(raw, "involvedObject") ? raw.path("involvedObject") : raw.path("regarding");
    }

    private String first(String field, String otherwise) {
        String text = Fields.text(raw, field);
        return text.isEmpty() ? Fields.text(raw, otherwise) : text;
    }
}
