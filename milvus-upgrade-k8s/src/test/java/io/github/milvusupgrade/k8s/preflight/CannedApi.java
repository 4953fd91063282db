package io.github.milvusupgrade.k8s.preflight;

import static io.github.milvusupgrade.k8s.preflight.Rehearsed.yaml;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.kubernetes.client.util.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A server that says what the test wants it to say of itself: a version that no rehearsal cluster has. */
final class CannedApi implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();

    private CannedApi() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    static CannedApi ofVersion(String version) {
        return new CannedApi()
                .answers("/version", "{gitVersion: '" + version + "'}")
                .answers("/api", "{versions: [v1]}")
                .answers("/apis", "{groups: [{versions: [{groupVersion: apps/v1}, {groupVersion: autoscaling/v2}]}]}");
    }

    CannedApi answers(String path, String body) {
        answers.put(path, yaml(body).toString());
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    LiveCluster live() {
        KubeApi api = KubeApi.over(Config.fromUrl(url(), false), KubeApiOptions.defaults());
        return new LiveCluster(api, new ClusterId("default", "my-release"), Clock.systemUTC());
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body =
                answers.getOrDefault(exchange.getRequestURI().getPath(), "{}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
