package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The three channels of a program that runs in a pod, as the API server multiplexes them over one WebSocket: each
 * message begins with the number of its channel (kubernetes/kubernetes:staging/src/k8s.io/apimachinery/pkg/util/
 * remotecommand/constants.go). The standard output is this stream; a reader that is slow slows the program down.
 */
final class CommandStream extends InputStream {

    static final String PROTOCOLS = "v5.channel.k8s.io, v4.channel.k8s.io";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int STATUS = 3;
    private static final int MESSAGES_AHEAD = 64;
    private static final int ERRORS_KEPT = 8192;
    private static final int UNKNOWN_EXIT = -1;

    private final Deadline deadline;
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>(MESSAGES_AHEAD);
    private final StringBuilder errors = new StringBuilder();
    private volatile boolean abandoned;
    private @Nullable JsonNode status;
    private ByteString current = ByteString.EMPTY;
    private int position;
    private boolean ended;

    CommandStream(Deadline deadline) {
        this.deadline = deadline;
    }

    /** What one message brought: bytes of a channel, or the end with its cause. */
    private record Message(
            int channel, ByteString bytes, @Nullable IOException failure) {

        static Message of(ByteString message) {
            return new Message(message.getByte(0), message.substring(1), null);
        }

        static Message end(@Nullable IOException failure) {
            return new Message(UNKNOWN_EXIT, ByteString.EMPTY, failure);
        }

        boolean isEnd() {
            return channel == UNKNOWN_EXIT;
        }
    }

    /** The answer of the server was no program, but a refusal. */
    static final class Refused extends IOException {

        private static final long serialVersionUID = 1L;

        private final int httpStatus;
        private final String body;

        Refused(int httpStatus, String body) {
            super("the upgrade to a WebSocket was refused with status " + httpStatus);
            this.httpStatus = httpStatus;
            this.body = body;
        }

        int httpStatus() {
            return httpStatus;
        }

        String body() {
            return body;
        }
    }

    WebSocketListener listener() {
        return new WebSocketListener() {
            @Override
            public void onMessage(WebSocket socket, ByteString message) {
                if (message.size() > 1) {
                    put(Message.of(message));
                }
            }

            @Override
            public void onClosing(WebSocket socket, int code, String reason) {
                socket.close(code == 1005 ? 1000 : code, null);
                put(Message.end(null));
            }

            @Override
            public void onFailure(WebSocket socket, Throwable cause, @Nullable Response response) {
                put(Message.end(failure(cause, response)));
            }
        };
    }

    private static IOException failure(Throwable cause, @Nullable Response response) {
        if (response != null && response.code() != 101) {
            try {
                return new Refused(response.code(), response.body().string());
            } catch (IOException unreadable) {
                return new Refused(response.code(), "");
            }
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    private void put(Message message) {
        try {
            while (!abandoned && !messages.offer(message, 100, TimeUnit.MILLISECONDS)) {
                // The reader is slow: let the socket wait.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody will read any more. */
    void abandon() {
        abandoned = true;
    }

    @Override
    public int read() throws IOException {
        return fill() ? current.getByte(position++) & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, current.size() - position);
        current.copyInto(position, target, offset, count);
        position += count;
        return count;
    }

    /** Whether there is at least one byte of output to read. */
    private boolean fill() throws IOException {
        while (position == current.size()) {
            if (ended) {
                return false;
            }
            Message message = next();
            if (message.isEnd()) {
                ended = true;
                if (message.failure() != null && status == null) {
                    throw message.failure();
                }
            } else {
                take(message);
            }
        }
        return true;
    }

    private void take(Message message) throws IOException {
        switch (message.channel()) {
            case STDOUT -> {
                current = message.bytes();
                position = 0;
            }
            case STDERR -> {
                errors.append(message.bytes().string(StandardCharsets.UTF_8));
                errors.delete(0, Math.max(0, errors.length() - ERRORS_KEPT));
            }
            case STATUS -> status = statusOf(message.bytes().string(StandardCharsets.UTF_8));
            default -> throw new IOException("the server sent something on channel " + message.channel());
        }
    }

    private static JsonNode statusOf(String text) throws IOException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException("the server ended the program with a status that is no JSON", e);
        }
    }

    private Message next() throws IOException {
        try {
            Message message = messages.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            if (message == null) {
                throw new SocketTimeoutException("timeout");
            }
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Reads what is left, then tells how the program ended. */
    int exitCode() throws IOException {
        position = current.size();
        while (fill()) {
            position = current.size();
        }
        JsonNode last = status;
        if (last == null) {
            throw new IOException("the connection ended before the program did");
        }
        if (last.path("status").asText().equals("Success")) {
            return 0;
        }
        for (JsonNode cause : last.path("details").path("causes")) {
            if (cause.path("reason").asText().equals("ExitCode")) {
                return cause.path("message").asInt(UNKNOWN_EXIT);
            }
        }
        throw new Refused(500, last.toString());
    }

    String errors() {
        return errors.toString();
    }
}
