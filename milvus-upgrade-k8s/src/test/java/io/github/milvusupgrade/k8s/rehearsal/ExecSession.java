package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Executes a command in a pod by the JDK's own WebSocket client, and keeps what each stream said. */
final class ExecSession implements WebSocket.Listener {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Map<Integer, ByteArrayOutputStream> streams = new HashMap<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    private ExecSession() {}

    /**
     * What came back.
     *
     * @param status null if the connection ended without one
     * @param closeCode how the WebSocket was closed, the HTTP status if there was none, -1 if the connection broke
     */
    record Result(
            String stdout,
            long bytes,
            String stderr,
            @Nullable JsonNode status,
            int closeCode) {

        int exitCode() {
            JsonNode found = status == null ? Json.object() : status;
            return found.path("status").asText().equals("Success")
                    ? 0
                    : found.at("/details/causes/0/message").asInt(-1);
        }
    }

    /** Runs it to its end in version 5 of the protocol. */
    static Result run(RehearsalCluster cluster, String pod, String... command) {
        return runBy("v5.channel.k8s.io", cluster, pod, "", command);
    }

    static Result runBy(String protocol, RehearsalCluster cluster, String pod, String container, String... command) {
        String query = Stream.of(command)
                .map(word -> "&command=" + URLEncoder.encode(word, StandardCharsets.UTF_8))
                .collect(Collectors.joining());
        URI uri = URI.create(cluster.url().replace("http:", "ws:") + "/api/v1/namespaces/default/pods/" + pod
                + "/exec?stdout=true&stderr=true" + (container.isEmpty() ? "" : "&container=" + container) + query);
        ExecSession session = new ExecSession();
        WebSocket socket = CLIENT.newWebSocketBuilder()
                .subprotocols(protocol)
                .buildAsync(uri, session)
                .exceptionally(session::failedWith)
                .join();
        int code = session.closed.orTimeout(20, TimeUnit.SECONDS).join();
        if (socket != null) {
            socket.abort();
        }
        return session.result(code);
    }

    private @Nullable WebSocket failedWith(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        int status = cause instanceof WebSocketHandshakeException handshake
                ? handshake.getResponse().statusCode()
                : -1;
        closed.complete(status);
        return null;
    }

    private Result result(int code) {
        try {
            String status = text(3);
            return new Result(
                    text(1),
                    streams.getOrDefault(1, new ByteArrayOutputStream()).size(),
                    text(2),
                    status.isEmpty() ? null : Json.MAPPER.readTree(status),
                    code);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String text(int stream) {
        return streams.getOrDefault(stream, new ByteArrayOutputStream()).toString(StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        while (data.hasRemaining()) {
            message.write(data.get());
        }
        if (last) {
            byte[] whole = message.toByteArray();
            streams.computeIfAbsent((int) whole[0], any -> new ByteArrayOutputStream())
                    .write(whole, 1, whole.length - 1);
            message.reset();
        }
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        closed.complete(-1);
    }
}
