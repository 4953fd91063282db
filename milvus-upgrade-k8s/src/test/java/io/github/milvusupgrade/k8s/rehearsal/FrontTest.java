package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What passes through the port of the cluster arrives as it was sent. */
class FrontTest {

    private static final String CORE = "/api/v1/namespaces/default/";

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(50).start();
    private final JsonApi api = new JsonApi(cluster.apiClient());

    @BeforeEach
    void createPod() {
        api.create(CORE + "pods", json("{metadata: {name: 'p'}, spec: {containers: [{name: 'c', image: 'i:1'}]}}"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() ->
                        api.read(CORE + "pods/p").at("/status/phase").asText().equals("Running"));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Socket connect() throws IOException {
        URI uri = URI.create(cluster.url());
        return new Socket(uri.getHost(), uri.getPort());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            assertThat(next).as("the answer began with " + head).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    @Test
    void largeAnswersReachAClientThatReadsSlowly() throws Exception {
        List<String> lines = IntStream.range(0, 300_000)
                .mapToObj(i -> "line " + i + " of a long log that does not fit into any buffer")
                .toList();
        cluster.podLogs((pod, container, previous) -> lines);

        try (Socket socket = connect()) {
            send(socket, "GET " + CORE + "pods/p/log HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            InputStream in = socket.getInputStream();
            head(in);
            Thread.sleep(300); // so that every buffer on the way is full
            String body = new String(in.readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(body.lines().toList()).isEqualTo(lines);
        }
    }

    @Test
    void largeRequestsReachTheServer() {
        String text = "0123456789".repeat(100_000);

        ObjectNode map = Json.object("metadata", Json.object("name", "large"), "data", Json.object("text", text));
        api.create(CORE + "configmaps", map);

        assertThat(api.read(CORE + "configmaps/large").at("/data/text").asText())
                .isEqualTo(text);
    }

    @Test
    void aConnectionMayTurnIntoAWebSocketLater() throws Exception {
        cluster.podExec((pod, container, command) -> ExecAnswer.printed("said"));

        try (Socket socket = connect()) {
            send(socket, "GET " + CORE + "pods/p HTTP/1.1\r\nHost: x\r\n\r\n");
            String first = head(socket.getInputStream());
            assertThat(first).startsWith("HTTP/1.1 200");
            int length = Integer.parseInt(first.replaceFirst("(?is).*content-length: *(\\d+).*", "$1"));
            socket.getInputStream().readNBytes(length);
            String request = "GET " + CORE + "pods/p/exec?command=x&stdout=true HTTP/1.1\r\nHost: x\r\n"
                    + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n";
            int middle = request.indexOf("Sec-WebSocket-Key");
            send(socket, request.substring(0, middle));
            send(socket, request.substring(middle));

            // The key and its answer are the example of RFC 6455.
            assertThat(head(socket.getInputStream()))
                    .startsWith("HTTP/1.1 101 ")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                    .contains("Sec-WebSocket-Protocol: v4.channel.k8s.io\r\n");
            assertThat(socket.getInputStream().readNBytes(9))
                    .isEqualTo(new byte[] {(byte) 0x82, 1, 1, (byte) 0x82, 5, 1, 's', 'a', 'i'});
        }
    }
}
