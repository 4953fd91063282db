package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request once, with the credentials and the TLS of the caller's client.
 *
 * <p>The caller's client signs the request; it is sent by HTTP clients of our own that are derived from his, so that
 * his interceptors (which refresh tokens), proxies and certificates stay, while its habit of sending a request again by
 * itself goes. His client is never changed.
 */
final class Transport {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] CREDENTIALS = {"BearerToken"};

    private final ApiClient client;
    private final OkHttpClient calls;
    private final OkHttpClient watches;
    private final OkHttpClient commands;
    private final RequestLog log;
    private final String host;
    private final String userAgent;
    private volatile boolean reached;

    Transport(ApiClient client, KubeApiOptions options, RequestLog log) {
        this.client = client;
        this.log = log;
        this.host = hostOf(client.getBasePath());
        this.userAgent = "milvus-upgrade/" + versionOfThisLibrary();
        this.calls = client.getHttpClient()
                .newBuilder()
                .retryOnConnectionFailure(false)
                // A pool of our own: on a connection that the caller's client opened, our pings would not be sent.
                .connectionPool(new ConnectionPool())
                .pingInterval(Duration.ofSeconds(20))
                .readTimeout(options.callTimeout())
                .writeTimeout(options.callTimeout())
                .callTimeout(options.callTimeout())
                .build();
        this.watches = calls.newBuilder()
                .callTimeout(Duration.ZERO)
                .readTimeout(options.watchWindow().plusSeconds(10))
                .build();
        this.commands = watches.newBuilder()
                // Each on a connection of its own: one that was used before may be relayed by something that knows
                // nothing of WebSockets.
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .dispatcher(new Dispatcher(Executors.newCachedThreadPool(Transport::daemon)))
                .build();
    }

    /** A thread that listens to a program, and does not keep the caller's process alive for a minute after its end. */
    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "milvus-upgrade command");
        thread.setDaemon(true);
        return thread;
    }

    /** The API server as scheme, host and port. */
    String host() {
        return host;
    }

    Reply send(ApiRequest request, Duration atMost) {
        return send(request, atMost, false);
    }

    /** Sends, and takes any answer that did not come from Kubernetes itself as an answer of the server behind it. */
    Answer relay(ApiRequest request, Duration atMost) {
        Reply reply = send(request, atMost, true);
        return new Answer(reply.code(), reply.text());
    }

    private Reply send(ApiRequest request, Duration atMost, boolean relayed) {
        Call call = calls.newCall(signed(request));
        call.timeout().timeout(atMost.toNanos(), TimeUnit.NANOSECONDS);
        try (Response response = execute(call, request)) {
            Reply reply = new Reply(response.code(), response.body().string(), dateOf(response));
            JsonNode status = response.isSuccessful() ? MissingNode.getInstance() : jsonOrMissing(reply.text());
            if (response.isSuccessful() || (relayed && !Failure.isStatus(status))) {
                return reply;
            }
            throw Failure.refused(request, reply.code(), status, retryAfter(response, status));
        } catch (IOException e) {
            throw unanswered(request, e);
        }
    }

    ObjectNode sendForObject(ApiRequest request, Duration atMost) {
        return object(request, send(request, atMost).text());
    }

    /** Prepares a watch; nothing is sent before it is {@linkplain #open opened}. */
    Call watch(ApiRequest request) {
        return watches.newCall(signed(request));
    }

    /** Sends what was prepared, and returns with the headers of a successful answer. */
    Response open(Call call, ApiRequest request) throws IOException {
        Response response = execute(call, request);
        if (response.isSuccessful()) {
            return response;
        }
        try (response) {
            JsonNode status = jsonOrMissing(response.body().string());
            throw Failure.refused(request, response.code(), status, retryAfter(response, status));
        }
    }

    /** Runs a program in a pod, and hands its output to the reader while it comes. */
    <T> CommandResult<T> run(ApiRequest request, Deadline until, OutputReader<T> reader) {
        CommandStream stream = new CommandStream(until);
        Request upgrade = signed(request)
                .newBuilder()
                .header("Sec-WebSocket-Protocol", CommandStream.PROTOCOLS)
                .build();
        log.sent(request);
        WebSocket socket = commands.newWebSocket(upgrade, stream.listener());
        try {
            T output = reader.read(stream);
            int exitCode = stream.exitCode();
            reached = true;
            return new CommandResult<>(exitCode, output, stream.errors());
        } catch (CommandStream.Refused e) {
            throw Failure.refused(request, e.httpStatus(), jsonOrMissing(e.body()), null);
        } catch (IOException e) {
            throw unanswered(request, e);
        } finally {
            stream.abandon();
            socket.cancel();
        }
    }

    private Response execute(Call call, ApiRequest request) throws IOException {
        log.sent(request);
        try {
            Response response = call.execute();
            reached = true;
            return response;
        } catch (RuntimeException e) {
            throw Failure.unsigned(request, e);
        }
    }

    KubeApiException unanswered(ApiRequest request, IOException cause) {
        if (Thread.currentThread().isInterrupted()) {
            return Failure.interrupted(request, true, cause);
        }
        return Failure.unanswered(request, host, cause, reached);
    }

    KubeApiException unreadable(ApiRequest request, String why) {
        return Failure.unreadable(request, host, why);
    }

    ObjectNode object(ApiRequest request, String text) {
        try {
            if (JSON.readTree(text) instanceof ObjectNode object) {
                return object;
            }
            throw unreadable(request, "it is no JSON object");
        } catch (JsonProcessingException e) {
            String why = "its JSON is broken at character " + e.getLocation().getCharOffset() + " of " + text.length();
            throw unreadable(request, why);
        }
    }

    private Request signed(ApiRequest request) {
        Map<String, String> headers = new HashMap<>(request.headers());
        headers.putIfAbsent("Accept", "application/json");
        headers.put("User-Agent", userAgent);
        List<Pair> query = request.query().entrySet().stream()
                .map(parameter -> new Pair(parameter.getKey(), parameter.getValue()))
                .toList();
        try {
            Request signed = client.buildRequest(
                    null,
                    request.path(),
                    request.verb().method(),
                    query,
                    List.of(),
                    bytes(request.body()),
                    headers,
                    new HashMap<>(),
                    new HashMap<>(),
                    CREDENTIALS,
                    null);
            RequestBody body = signed.body();
            return body == null
                    ? signed
                    : signed.newBuilder()
                            .method(signed.method(), new OneShotBody(body))
                            .build();
        } catch (ApiException e) {
            throw Failure.unsigned(request, e);
        }
    }

    private static byte @Nullable [] bytes(@Nullable JsonNode body) {
        try {
            return body == null ? null : JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode jsonOrMissing(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException notKubernetes) {
            return MissingNode.getInstance();
        }
    }

    private static @Nullable Duration retryAfter(Response response, JsonNode status) {
        String header = response.header("Retry-After");
        if (header != null && header.matches("\\d{1,6}")) {
            return Duration.ofSeconds(Long.parseLong(header));
        }
        int seconds = status.path("details").path("retryAfterSeconds").asInt(0);
        return seconds > 0 ? Duration.ofSeconds(seconds) : null;
    }

    private static Optional<Instant> dateOf(Response response) {
        return Optional.ofNullable(response.headers().getDate("Date")).map(Date::toInstant);
    }

    private static String hostOf(String basePath) {
        HttpUrl url = HttpUrl.parse(basePath);
        return url == null ? basePath : url.scheme() + "://" + url.host() + ":" + url.port();
    }

    private static String versionOfThisLibrary() {
        String version = Transport.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
