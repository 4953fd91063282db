package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** What goes back to the client. */
record Answer(int code, String contentType, String body, Map<String, String> headers) {

    static final String JSON = "application/json";

    static Answer of(int code, JsonNode body) {
        return text(code, JSON, body.toString());
    }

    static Answer ok(JsonNode body) {
        return of(200, body);
    }

    static Answer text(int code, String contentType, String body) {
        return new Answer(code, contentType, body, Map.of());
    }

    static Answer text(int code, String body) {
        return text(code, "text/plain; charset=utf-8", body);
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
