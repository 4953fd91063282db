package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What goes back to the client. */
record Answer(int code, String contentType, byte[] body, Map<String, String> headers) {

    static final String JSON = "application/json";

    static Answer of(int code, JsonNode body) {
        try {
            return new Answer(code, JSON, Json.MAPPER.writeValueAsBytes(body), Map.of());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Answer ok(JsonNode body) {
        return of(200, body);
    }

    static Answer text(int code, String body) {
        return text(code, "text/plain; charset=utf-8", body);
    }

    static Answer text(int code, String contentType, String body) {
        return new Answer(code, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Answer of(ApiFailure failure) {
        Answer answer = of(failure.code(), failure.status());
        String seconds =
                failure.status().path("details").path("retryAfterSeconds").asText();
        return seconds.isEmpty()
                ? answer
                : new Answer(answer.code, answer.contentType, answer.body, Map.of("Retry-After", seconds));
    }
}
