package io.github.milvusupgrade.k8s.api;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.credentials.AccessTokenAuthentication;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An API server that answers what the test told it to, in that order, and remembers what it was asked. Watches have a
 * queue of their own; one that no test prepared is accepted and stays silent.
 */
final class ScriptedApiServer implements AutoCloseable {

    static final String TOKEN = "s3cret-token";

    record Seen(String method, String path, Map<String, String> query, Headers headers, String body) {

        String call() {
            return method + " " + path;
        }
    }

    interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "scripted api server");
        thread.setDaemon(true);
        return thread;
    });
    private final ConcurrentLinkedQueue<Reply> script = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<LiveWatch> watches = new ConcurrentLinkedQueue<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    ScriptedApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    ApiClient client() {
        return new ClientBuilder()
                .setBasePath(url())
                .setAuthentication(new AccessTokenAuthentication(TOKEN))
                .build();
    }

    ScriptedApiServer answers(int code, String body, String... headers) {
        return does(exchange -> respond(exchange, code, "application/json", body, headers));
    }

    ScriptedApiServer answersText(int code, String contentType, String body) {
        return does(exchange -> respond(exchange, code, contentType, body));
    }

    /** Answers with the {@code Status} that a real API server sends with an error. */
    ScriptedApiServer fails(int code, String reason, String message, String... headers) {
        return answers(code, status(code, reason, message), headers);
    }

    /** Closes the connection without any answer. */
    ScriptedApiServer hangsUp() {
        return does(HttpExchange::close);
    }

    /** Promises more than it sends, and closes the connection. */
    ScriptedApiServer breaksOffAfter(String part) {
        return does(exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, part.length() + 100);
            exchange.getResponseBody().write(part.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            throw new IOException("broken off by the test");
        });
    }

    ScriptedApiServer does(Reply reply) {
        script.add(reply);
        return this;
    }

    /** Prepares the next watch; the test writes its events when it likes. */
    LiveWatch watch() {
        LiveWatch watch = new LiveWatch();
        watches.add(watch);
        return watch;
    }

    List<Seen> seen() {
        return seen;
    }

    List<String> calls() {
        return seen.stream().map(Seen::call).toList();
    }

    List<Seen> seenWatches() {
        return seen.stream().filter(one -> one.query().containsKey("watch")).toList();
    }

    static String status(int code, String reason, String message) {
        return """
                {"kind":"Status","apiVersion":"v1","status":"Failure","message":"%s","reason":"%s","code":%d}""".formatted(message.replace("\"", "\\\""), reason, code);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        seen.add(new Seen(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query,
                exchange.getRequestHeaders(),
                body));
        if (query.containsKey("watch")) {
            LiveWatch prepared = watches.poll();
            (prepared == null ? new LiveWatch() : prepared).to(exchange);
            return;
        }
        Reply next = script.poll();
        if (next == null) {
            respond(exchange, 418, "text/plain", "the script of this test has ended");
        } else {
            next.to(exchange);
        }
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new LinkedHashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                String[] parts = pair.split("=", 2);
                query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private static void respond(HttpExchange exchange, int code, String contentType, String body, String... headers)
            throws IOException {
        exchange.getResponseHeaders().add("Content-Type", contentType);
        for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }

    /** A watch whose lines the test writes. */
    static final class LiveWatch implements Reply {

        private static final String END = "end";
        private static final String CUT = "cut";
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private volatile Reply refusal = null;

        LiveWatch says(String type, String object) {
            lines.add("{\"type\":\"" + type + "\",\"object\":" + object + "}\n");
            return this;
        }

        LiveWatch saysRaw(String text) {
            lines.add(text);
            return this;
        }

        /** Ends in good order, as the server does after {@code timeoutSeconds}. */
        LiveWatch ends() {
            lines.add(END);
            return this;
        }

        /** Ends with a broken connection. */
        LiveWatch breaks() {
            lines.add(CUT);
            return this;
        }

        LiveWatch refused(int code, String reason, String message) {
            refusal = exchange -> respond(exchange, code, "application/json", status(code, reason, message));
            return this;
        }

        @Override
        public void to(HttpExchange exchange) throws IOException {
            if (refusal != null) {
                refusal.to(exchange);
                return;
            }
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.flush();
            try {
                for (String line = lines.take(); !line.equals(END); line = lines.take()) {
                    if (line.equals(CUT)) {
                        throw new IOException("cut by the test");
                    }
                    out.write(line.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
                out.close();
            } catch (InterruptedException testIsOver) {
                throw new UncheckedIOException(new IOException(testIsOver));
            }
        }
    }
}
