package io.github.milvusupgrade.k8s.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A chart repository that can misbehave, and remembers with which credentials it was asked. */
final class ChartServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<String> requests = new CopyOnWriteArrayList<>();

    ChartServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.setExecutor(threads);
        server.start();
    }

    /** What a handler does; it is told of the exchange after the request was noted. */
    @FunctionalInterface
    interface Answer {

        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    String url() {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort();
    }

    URI uri(String path) {
        return URI.create(url() + path);
    }

    ChartServer on(String path, Answer answer) {
        server.createContext(path, exchange -> {
            String login = exchange.getRequestHeaders().getFirst("Authorization");
            requests.add(exchange.getRequestURI() + (login == null ? "" : " " + login));
            try (exchange) {
                answer.to(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    ChartServer on(String path, byte[] content) {
        return on(path, exchange -> {
            exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        });
    }

    ChartServer on(String path, String text) {
        return on(path, text.getBytes(UTF_8));
    }

    ChartServer status(String path, int status) {
        return on(path, exchange -> exchange.sendResponseHeaders(status, -1));
    }

    ChartServer redirect(String path, String location) {
        return on(path, exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(302, -1);
        });
    }

    /** Promises more than it sends. */
    ChartServer truncated(String path, byte[] content) {
        return on(path, exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, content.length / 2);
            exchange.getResponseBody().flush();
        });
    }

    /** Sends headers and a beginning, and then nothing. */
    ChartServer stalling(String path) {
        return on(path, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('e');
            exchange.getResponseBody().flush();
            closing.await();
        });
    }

    /** Never stops sending. */
    ChartServer endless(String path) {
        return on(path, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = "# more\n".repeat(10_000).getBytes(UTF_8);
            try (OutputStream body = exchange.getResponseBody()) {
                while (closing.getCount() > 0) {
                    body.write(block);
                }
            }
        });
    }

    /** The paths asked for so far, each with the credentials that came along. */
    List<String> requests() {
        return requests;
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
