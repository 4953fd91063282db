package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Call;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * One watch request, read line by line by one thread. It is sent with the first {@link #next()}. {@link #close()} may
 * be called by any thread, at any time, and ends a {@code next()} that waits.
 */
public final class WatchStream implements AutoCloseable {

    private final Transport transport;
    private final ApiRequest request;
    private final Call call;
    private final ReentrantLock reading = new ReentrantLock();
    private @Nullable Response response;

    WatchStream(Transport transport, ApiRequest request) {
        this.transport = transport;
        this.request = request;
        this.call = transport.watch(request);
    }

    /**
     * Waits for the next event.
     *
     * @return empty at the end of the stream: the server ends each after a while, and {@link #close()} does
     * @throws KubeApiException {@link KubeApiException.Kind#GONE} if the resource version to start from is too old;
     *     otherwise if the watch was refused or broke
     */
    public Optional<WatchEvent> next() {
        reading.lock();
        try {
            if (call.isCanceled()) {
                return Optional.empty();
            }
            BufferedSource lines = opened().body().source();
            String line = lines.readUtf8Line();
            while (line != null && line.isBlank()) {
                line = lines.readUtf8Line();
            }
            return line == null ? Optional.empty() : Optional.of(event(line));
        } catch (IOException e) {
            if (call.isCanceled()) {
                return Optional.empty();
            }
            throw transport.unanswered(request, e);
        } finally {
            if (call.isCanceled()) {
                release();
            }
            reading.unlock();
        }
    }

    private Response opened() throws IOException {
        if (response == null) {
            response = transport.open(call, request);
        }
        return response;
    }

    private WatchEvent event(String line) {
        JsonNode event = transport.object(request, line);
        String type = event.path("type").asText("");
        if (type.equals("ERROR")) {
            JsonNode status = event.path("object");
            throw Failure.refused(request, status.path("code").asInt(500), status, null);
        }
        for (WatchEvent.Type known : WatchEvent.Type.values()) {
            if (known.name().equals(type) && event.path("object") instanceof ObjectNode object) {
                return new WatchEvent(known, object);
            }
        }
        throw transport.unreadable(request, "a watch event of type \"" + type + "\"");
    }

    @Override
    public void close() {
        call.cancel();
        // A reader that is in the middle of it must release the connection itself: two threads may not.
        if (reading.tryLock()) {
            try {
                release();
            } finally {
                reading.unlock();
            }
        }
    }

    private void release() {
        if (response != null) {
            response.close();
        }
    }
}
