package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code exec} over a WebSocket as Kubernetes does: {@code k8s.io/apimachinery/pkg/util/remotecommand}. Each
 * message begins with the number of its stream; the last one, on the error stream, is a {@code Status} that says how
 * the command ended.
 */
final class ExecEndpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExecEndpoint.class);

    private static final String V5 = "v5.channel.k8s.io";
    private static final List<String> PROTOCOLS = List.of(V5, "v4.channel.k8s.io");
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int CHUNK = 32 * 1024;
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final PodCommands commands;
    private final ApiFaults faults;
    private final RequestLog requests;
    private final ExecutorService workers;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    ExecEndpoint(PodCommands commands, ApiFaults faults, RequestLog requests, ExecutorService workers) {
        this.commands = commands;
        this.faults = faults;
        this.requests = requests;
        this.workers = workers;
    }

    /** Takes a connection over whose client asks for a WebSocket. */
    void take(Socket socket, String head) {
        open.add(socket);
        workers.execute(() -> serve(socket, head));
    }

    @Override
    public void close() {
        open.forEach(ExecEndpoint::closeNow);
    }

    private void serve(Socket socket, String head) {
        Instant time = Instant.now();
        List<String> lines = head.lines().toList();
        String[] line = lines.get(0).split(" ");
        ApiRequest request = ApiRequest.upgrade(line[0], line[1]);
        try (socket) {
            Optional<ApiFault> fault = faults.next(request);
            Thread.sleep(fault.map(ApiFault::delay).orElse(Duration.ZERO).toMillis());
            answer(socket, request, headers(lines), fault, time);
        } catch (IOException e) {
            LOG.debug("client of {} went away: {}", request.path(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.method(), request.path(), e);
        } finally {
            open.remove(socket);
        }
    }

    private void answer(
            Socket socket, ApiRequest request, Map<String, String> headers, Optional<ApiFault> fault, Instant time)
            throws IOException, InterruptedException {
        ApiFault.Effect effect = fault.map(ApiFault::effect).orElse(ApiFault.Effect.NONE);
        if (effect == ApiFault.Effect.REQUEST_LOST) {
            requests.add(RecordedRequest.of(request, 0, time));
            return;
        }
        try {
            if (effect == ApiFault.Effect.FAILURE) {
                throw fault.orElseThrow().failure(request);
            }
            Target target = request.target();
            if (target == null) {
                throw ApiFailure.noSuchResource();
            }
            PodCommands.Validated asked = commands.validate(request, target);
            String protocol = protocol(headers);
            Optional<String> obstacle = asked.obstacle();
            if (obstacle.isPresent() && !protocol.equals(V5)) {
                // Up to version 4 it is the kubelet that answers, in plain text.
                requests.add(RecordedRequest.of(request, 500, time));
                send(socket, Answer.text(500, obstacle.get() + "\n"));
                return;
            }
            requests.add(RecordedRequest.of(request, effect == ApiFault.Effect.ANSWER_LOST ? 0 : 101, time));
            accept(socket, headers, protocol);
            stream(socket, asked, protocol, effect == ApiFault.Effect.ANSWER_LOST);
        } catch (ApiFailure e) {
            requests.add(RecordedRequest.of(request, e.code(), time));
            send(socket, Answer.of(e));
        }
    }

    private void stream(Socket socket, PodCommands.Validated asked, String protocol, boolean loseAnswer)
            throws IOException, InterruptedException {
        WebSocketChannel channel = new WebSocketChannel(socket);
        // Tells the client that the streams are there.
        channel.send(STDOUT, new byte[0], 0);
        Optional<String> obstacle = asked.obstacle();
        if (obstacle.isPresent()) {
            end(channel, internalError("unable to upgrade connection: " + obstacle.get()));
            return;
        }
        ExecAnswer answer = commands.run(asked);
        try (InputStream stdout = answer.stdout()) {
            Future<?> client = workers.submit(() -> {
                readToEnd(channel);
                stdout.close();
                return null;
            });
            if (loseAnswer) {
                byte[] first = stdout.readNBytes(CHUNK);
                channel.send(STDOUT, first, first.length / 2);
                return;
            }
            if (answer.isStarted()) {
                copy(stdout, STDOUT, channel);
                copy(new ByteArrayInputStream(answer.stderr().getBytes(StandardCharsets.UTF_8)), STDERR, channel);
            }
            end(channel, status(answer, protocol));
            client.get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the client did not close its end: {}", e.toString());
        }
    }

    private static void readToEnd(WebSocketChannel channel) {
        try {
            channel.readToEnd();
        } catch (IOException e) {
            LOG.debug("client of a command went away: {}", e.toString());
        }
    }

    private static void copy(InputStream from, int stream, WebSocketChannel channel) throws IOException {
        byte[] chunk = new byte[CHUNK];
        int length = from.read(chunk);
        while (length >= 0) {
            channel.send(stream, chunk, length);
            length = from.read(chunk);
        }
    }

    private static void end(WebSocketChannel channel, JsonNode status) throws IOException {
        byte[] text = status.toString().getBytes(StandardCharsets.UTF_8);
        channel.send(ERROR, text, text.length);
        channel.sendClose();
    }

    private static JsonNode status(ExecAnswer answer, String protocol) {
        if (!answer.isStarted()) {
            // In version 5 the API server wraps what the kubelet has wrapped before.
            return internalError((protocol.equals(V5) ? "Internal error occurred: " : "")
                    + "error executing command in container: failed to exec in container: failed to start exec"
                    + " \"rehearsed\": " + answer.stderr());
        }
        if (answer.exitCode() == 0) {
            return Json.object("metadata", Json.object(), "status", "Success");
        }
        String code = Integer.toString(answer.exitCode());
        return Json.object(
                "metadata",
                Json.object(),
                "status",
                "Failure",
                "message",
                "command terminated with non-zero exit code: command terminated with exit code " + code,
                "reason",
                "NonZeroExitCode",
                "details",
                Json.object("causes", Json.array(Json.object("reason", "ExitCode", "message", code))));
    }

    private static JsonNode internalError(String message) {
        return Json.object(
                "metadata",
                Json.object(),
                "status",
                "Failure",
                "message",
                "Internal error occurred: " + message,
                "reason",
                "InternalError",
                "details",
                Json.object("causes", Json.array(Json.object("message", message))),
                "code",
                500);
    }

    /** The first of the client's protocols that is spoken here. */
    private static String protocol(Map<String, String> headers) {
        String asked = headers.getOrDefault("sec-websocket-protocol", "");
        return List.of(asked.split("\\s*,\\s*")).stream()
                .filter(PROTOCOLS::contains)
                .findFirst()
                .orElseThrow(() -> ApiFailure.badRequest(
                        "none of the protocols [" + asked + "] is supported, known are " + PROTOCOLS));
    }

    private static void accept(Socket socket, Map<String, String> headers, String protocol) throws IOException {
        String key = headers.getOrDefault("sec-websocket-key", "");
        write(
                socket,
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + WebSocketChannel.accept(key) + "\r\nSec-WebSocket-Protocol: " + protocol + "\r\n\r\n");
    }

    private static void send(Socket socket, Answer answer) throws IOException {
        String headers = answer.headers().entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                .reduce("", String::concat);
        int length = answer.body().getBytes(StandardCharsets.UTF_8).length;
        write(
                socket,
                "HTTP/1.1 " + answer.code() + " rehearsed\r\nContent-Type: " + answer.contentType()
                        + "\r\nContent-Length: " + length + "\r\nConnection: close\r\n" + headers + "\r\n"
                        + answer.body());
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static Map<String, String> headers(List<String> lines) {
        Map<String, String> headers = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] sides = line.split(":", 2);
            if (sides.length == 2) {
                headers.merge(
                        sides[0].trim().toLowerCase(Locale.ROOT),
                        sides[1].trim(),
                        (first, next) -> first + ", " + next);
            }
        }
        return headers;
    }

    private static void closeNow(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a connection was already broken: {}", e.toString());
        }
    }
}
