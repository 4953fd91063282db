package io.github.milvusupgrade.k8s.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Raw JSON calls by the official client, as a test writes them. Queries are written {@code "name=value"}. */
public final class JsonApi {

    public static final String JSON_PATCH = "application/json-patch+json";
    public static final String MERGE_PATCH = "application/merge-patch+json";
    public static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";
    public static final String APPLY_PATCH = "application/apply-patch+yaml";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .build();

    private final ApiClient client;

    public JsonApi(ApiClient client) {
        this.client = client;
        OkHttpClient http = client.getHttpClient();
        client.setHttpClient(http.newBuilder()
                .retryOnConnectionFailure(false)
                // None is kept: a server with many clients closes idle ones, maybe in the moment in which one is used
                // again, and nothing is asked twice here.
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .readTimeout(Duration.ofSeconds(60))
                .build());
    }

    /** What came back. */
    public record Reply(int code, Headers headers, String text) {

        public JsonNode json() {
            return parse(text);
        }

        public String at(String pointer) {
            return json().at(pointer).asText();
        }

        public String message() {
            return json().path("message").asText();
        }

        public String reason() {
            return json().path("reason").asText();
        }
    }

    /** JSON in which names need no quotes and texts may have single ones. */
    public static ObjectNode json(String text) {
        return (ObjectNode) parse(text);
    }

    public Reply get(String path, String... query) {
        return call("GET", path, "application/json", null, query);
    }

    public Reply post(String path, JsonNode body, String... query) {
        return call("POST", path, "application/json", body.toString(), query);
    }

    /** A body as typed Go clients send it. */
    public Reply postProtobuf(String path, byte[] body) {
        return send("POST", path, "application/vnd.kubernetes.protobuf", body);
    }

    public Reply put(String path, JsonNode body, String... query) {
        return call("PUT", path, "application/json", body.toString(), query);
    }

    public Reply patch(String type, String path, String body, String... query) {
        return call("PATCH", path, type, parse(body).toString(), query);
    }

    public Reply delete(String path, String... query) {
        return call("DELETE", path, "application/json", null, query);
    }

    public Reply delete(String path, JsonNode options) {
        return call("DELETE", path, "application/json", options.toString());
    }

    /** The object, which has to be there. */
    public JsonNode read(String path) {
        Reply reply = get(path);
        if (reply.code() != 200) {
            throw new AssertionError("GET " + path + " answered " + reply.code() + " " + reply.text());
        }
        return reply.json();
    }

    public List<JsonNode> items(String path, String... query) {
        List<JsonNode> items = new ArrayList<>();
        get(path, query).json().path("items").forEach(items::add);
        return items;
    }

    /** The object as created, which has to succeed. */
    public JsonNode create(String path, JsonNode body) {
        Reply reply = post(path, body);
        if (reply.code() != 201) {
            throw new AssertionError("POST " + path + " answered " + reply.code() + " " + reply.text());
        }
        return reply.json();
    }

    /** Everything a watch reports until the server ends it. */
    public List<JsonNode> watch(String path, String... query) {
        try (Watch watch = openWatch(path, query)) {
            List<JsonNode> events = new ArrayList<>();
            JsonNode event = watch.next();
            while (event != null) {
                events.add(event);
                event = watch.next();
            }
            return events;
        }
    }

    public Watch openWatch(String path, String... query) {
        String[] all = Stream.concat(Stream.of("watch=true"), Stream.of(query)).toArray(String[]::new);
        return new Watch(prepare("GET", path, "application/json", null, all));
    }

    /** An open watch. One thread reads it; another may {@link #cancel} it. */
    public static final class Watch implements AutoCloseable {

        private final Call call;
        private final Response response;

        private Watch(Call call) {
            this.call = call;
            this.response = execute(call);
        }

        public int code() {
            return response.code();
        }

        /** The next event, or null when the server has ended the watch. */
        public @Nullable JsonNode next() {
            BufferedSource source = response.body().source();
            try {
                String line = source.readUtf8Line();
                return line == null ? null : parse(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Ends it from outside: whoever reads it gets an {@link UncheckedIOException}. */
        public void cancel() {
            call.cancel();
        }

        @Override
        public void close() {
            response.close();
        }
    }

    private Reply call(String method, String path, String contentType, @Nullable String body, String... query) {
        return send(method, path, contentType, body == null ? null : body.getBytes(StandardCharsets.UTF_8), query);
    }

    private Reply send(String method, String path, String contentType, byte @Nullable [] body, String... query) {
        try (Response response = execute(prepare(method, path, contentType, body, query))) {
            return new Reply(
                    response.code(), response.headers(), response.body().string());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Response execute(Call call) {
        try {
            return call.execute();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Call prepare(String method, String path, String contentType, byte @Nullable [] body, String... query) {
        List<Pair> pairs = Stream.of(query)
                .map(pair -> pair.split("=", 2))
                .map(sides -> new Pair(sides[0], sides[1]))
                .toList();
        Map<String, String> headers = new HashMap<>(Map.of("Accept", "application/json", "Content-Type", contentType));
        try {
            return client.buildCall(
                    null,
                    path,
                    method,
                    pairs,
                    List.of(),
                    body,
                    headers,
                    new HashMap<>(),
                    new HashMap<>(),
                    new String[] {"BearerToken"},
                    null);
        } catch (ApiException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + text, e);
        }
    }
}
