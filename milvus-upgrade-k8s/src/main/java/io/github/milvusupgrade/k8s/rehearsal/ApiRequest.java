package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request as the API server understands it. */
record ApiRequest(
        String method,
        String path,
        Map<String, String> query,
        String contentType,
        boolean statesType,
        String body,
        @Nullable Target target) {

    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final int BODY_LIMIT = 3 * 1024 * 1024;
    private static final String COMMAND = "command";
    private static final YAMLMapper YAML = new YAMLMapper();

    static ApiRequest read(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        byte[] body = exchange.getRequestBody().readAllBytes();
        String contentType = Objects.requireNonNullElse(
                        exchange.getRequestHeaders().getFirst("Content-Type"), Answer.JSON)
                .replaceFirst(";.*", "")
                .trim();
        Optional<ObjectNode> decoded = contentType.equals(PROTOBUF) ? ProtobufBody.decode(body) : Optional.empty();
        return new ApiRequest(
                exchange.getRequestMethod(),
                uri.getRawPath(),
                parameters(uri.getRawQuery()),
                decoded.isPresent() ? Answer.JSON : contentType,
                exchange.getRequestHeaders().containsKey("Content-Type"),
                decoded.map(ObjectNode::toString).orElseGet(() -> new String(body, StandardCharsets.UTF_8)),
                Target.parse(uri.getRawPath()));
    }

    /** A request for a WebSocket: its method, and its path with the query. */
    static ApiRequest upgrade(String method, String uri) {
        String[] sides = uri.split("\\?", 2);
        Map<String, String> query = parameters(sides.length < 2 ? null : sides[1]);
        return new ApiRequest(method, sides[0], query, Answer.JSON, false, "", Target.parse(sides[0]));
    }

    /** The verb in the words of Kubernetes' access rules. */
    String verb() {
        boolean one = target != null && !target.name().isEmpty();
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> one ? "delete" : "deletecollection";
            default -> one || target == null ? "get" : isWatch() ? "watch" : "list";
        };
    }

    boolean isWatch() {
        return isTrue("watch") && target != null && target.name().isEmpty();
    }

    boolean isDryRun() {
        return query("dryRun").equals("All");
    }

    boolean isTrue(String parameter) {
        return query(parameter).matches("true|1");
    }

    String query(String parameter) {
        return query.getOrDefault(parameter, "");
    }

    int number(String parameter, int otherwise) {
        String text = query(parameter);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("\\d{1,9}")) {
            throw ApiFailure.badRequest(parameter + ": invalid number \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }

    /** The command to be executed, word by word. */
    List<String> command() {
        return query.containsKey(COMMAND) ? List.of(query(COMMAND).split("\0", -1)) : List.of();
    }

    /** The body as a JSON object, which may have been written as YAML. */
    ObjectNode object() {
        return json() instanceof ObjectNode object ? object : rejectBody("not an object");
    }

    /** The body as it is, for patches, in which a null means something. */
    JsonNode json() {
        if (body.isEmpty()) {
            return Json.object();
        }
        if (contentType.equals(PROTOBUF)) {
            throw ApiFailure.of(
                    415,
                    "UnsupportedMediaType",
                    "the rehearsal cluster does not read this kind as protobuf - accepted media types include:"
                            + " application/json, application/yaml");
        }
        if (body.length() > BODY_LIMIT) {
            throw ApiFailure.tooLarge(BODY_LIMIT);
        }
        try {
            return contentType.endsWith("yaml") ? YAML.readTree(body) : Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return rejectBody(e.getOriginalMessage());
        }
    }

    private static ObjectNode rejectBody(String why) {
        throw ApiFailure.badRequest(
                "the object provided is unrecognized: couldn't get version/kind; json parse error: " + why);
    }

    /**
     * The words of a command, which is the one parameter that comes more than once, have a zero character in between.
     */
    private static Map<String, String> parameters(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] sides = pair.split("=", 2);
            query.merge(
                    URLDecoder.decode(sides[0], StandardCharsets.UTF_8),
                    sides.length < 2 ? "" : URLDecoder.decode(sides[1], StandardCharsets.UTF_8),
                    (first, next) -> sides[0].equals(COMMAND) ? first + "\0" + next : next);
        }
        return query;
    }
}
