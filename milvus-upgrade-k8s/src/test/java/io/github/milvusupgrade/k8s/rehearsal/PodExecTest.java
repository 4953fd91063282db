package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.kubernetes.client.Exec;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands executed in pods, over the WebSocket protocol of Kubernetes. */
class PodExecTest {

    private static final String PODS = "/api/v1/namespaces/default/pods";

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(50).start();
    private final JsonApi api = new JsonApi(cluster.apiClient());

    @BeforeEach
    void createPod() {
        api.create(PODS, json("{metadata: {name: 'p'}, spec: {containers: [{name: 'c', image: 'i:1'}]}}"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> api.read(PODS + "/p").at("/status/phase").asText().equals("Running"));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v5.channel.k8s.io", "v4.channel.k8s.io"})
    void aCommandPrintsAndEnds(String protocol) {
        cluster.podExec((pod, container, command) -> ExecAnswer.printed(container + " " + command));

        ExecSession.Result result = ExecSession.runBy(protocol, cluster, "p", "c", "say", "a b", "");

        assertThat(result.stdout()).isEqualTo("c [say, a b, ]");
        assertThat(result.stderr()).isEmpty();
        assertThat(result.status()).isEqualTo(json("{metadata: {}, status: 'Success'}"));
        assertThat(result.closeCode()).isEqualTo(1000);
    }

    @Test
    void aCommandThatFailsHasItsExitCodeInTheStatus() {
        cluster.podExec((pod, container, command) -> ExecAnswer.failed(3, "no such thing\n"));

        ExecSession.Result result = ExecSession.run(cluster, "p", "fail");

        assertThat(result.stderr()).isEqualTo("no such thing\n");
        assertThat(result.status()).isEqualTo(json("""
                {metadata: {}, status: 'Failure', reason: 'NonZeroExitCode',
                 message: 'command terminated with non-zero exit code: command terminated with exit code 3',
                 details: {causes: [{reason: 'ExitCode', message: '3'}]}}"""));
    }

    @Test
    void aProgramThatIsNotThereIsTheKubeletsError() {
        ExecSession.Result result = ExecSession.run(cluster, "p", "frobnicate");

        assertThat(result.status().path("reason").asText()).isEqualTo("InternalError");
        assertThat(result.status().path("code").asInt()).isEqualTo(500);
        assertThat(result.status().path("message").asText())
                .endsWith("unable to start container process: exec: \"frobnicate\": executable file not found in $PATH:"
                        + " unknown");
    }

    @Test
    void aHundredMegabytesAreStreamed() {
        cluster.podExec((pod, container, command) -> new ExecAnswer(new Zeros(100_000_000), "", 0));

        ExecSession.Result result = ExecSession.run(cluster, "p", "dump");

        assertThat(result.bytes()).isEqualTo(100_000_000);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void aRequestForNoWebSocketIsRefused() {
        JsonApi.Reply reply = api.get(PODS + "/p/exec", "command=true", "stdout=true");

        assertThat(reply.code()).isEqualTo(400);
        assertThat(reply.message()).isEqualTo("Upgrade request required");
        assertThat(api.get(PODS + "/nobody/exec", "command=true", "stdout=true").message())
                .isEqualTo("pods \"nobody\" not found");
    }

    @Test
    void theApiServerRefusesWhatItCannotPassOn() {
        assertThat(refusal("nobody", "")).isEqualTo(404);
        assertThat(refusal("p", "other")).isEqualTo(400);
    }

    @Test
    void aContainerThatDoesNotRunIsNotFound() {
        cluster.inject(PodFault.imageMissing());
        api.create(PODS, json("{metadata: {name: 'q'}, spec: {containers: [{name: 'c', image: 'i:1'}]}}"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> api.read(PODS + "/q").at("/spec").has("nodeName"));

        assertThat(ExecSession.run(cluster, "q", "true")
                        .status()
                        .path("message")
                        .asText())
                .isEqualTo("Internal error occurred: unable to upgrade connection: container not found (\"c\")");
        assertThat(ExecSession.runBy("v4.channel.k8s.io", cluster, "q", "", "true")
                        .closeCode())
                .isEqualTo(500);
    }

    @Test
    void faultsHitCommandsToo() {
        cluster.podExec((pod, container, command) -> ExecAnswer.printed("0123456789"));

        try (InjectedFault fault = cluster.inject(ApiFault.forbidden().on("get", "pods/exec"))) {
            assertThat(refusal("p", "")).isEqualTo(403);
            assertThat(fault.hits()).isEqualTo(1);
        }
        cluster.inject(ApiFault.requestLost().on("get", "pods/exec"));
        // The JDK's client asks once more if there is no answer at all.
        assertThat(ExecSession.run(cluster, "p", "x").stdout()).isEqualTo("0123456789");
        cluster.inject(ApiFault.answerLost().on("get", "pods/exec"));
        ExecSession.Result cut = ExecSession.run(cluster, "p", "x");
        assertThat("01234").startsWith(cut.stdout());
        assertThat(cut.status()).isNull();
        assertThat(ExecSession.run(cluster, "p", "say", "it").stdout()).isEqualTo("0123456789");
        assertThat(cluster.requests())
                .filteredOn(request -> request.resource().equals("pods/exec"))
                .extracting(request -> request.verb() + " " + request.name() + " " + request.code() + " "
                        + request.query().get("command"))
                .containsExactly("get p 403 true", "get p 0 x", "get p 101 x", "get p 0 x", "get p 101 say it");
    }

    @Test
    void theOfficialClientExecutesCommands() throws Exception {
        // This client forgets its streams when the command has ended.
        CountDownLatch streamsOpen = new CountDownLatch(1);
        cluster.podExec((pod, container, command) -> {
            awaitUninterruptibly(streamsOpen);
            return new ExecAnswer(ExecAnswer.printed("said " + command).stdout(), "and complained", 7);
        });

        Process process =
                new Exec(cluster.apiClient()).exec("default", "p", new String[] {"say", "it"}, "c", false, false);
        InputStream stdout = process.getInputStream();
        InputStream stderr = process.getErrorStream();
        streamsOpen.countDown();

        assertThat(stdout).hasContent("said [say, it]");
        assertThat(stderr).hasContent("and complained");
        assertThat(process.waitFor()).isEqualTo(7);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anyOtherRequestGoesOnOverTheSameConnection() {
        for (int i = 0; i < 50; i++) {
            assertThat(api.get(PODS + "/p").code()).isEqualTo(200);
            assertThat(ExecSession.run(cluster, "p", "cat", "/nothing").exitCode())
                    .isEqualTo(1);
        }
    }

    private int refusal(String pod, String container) {
        return ExecSession.runBy("v5.channel.k8s.io", cluster, pod, container, "true")
                .closeCode();
    }

    /** So many bytes, which are nowhere kept. */
    private static final class Zeros extends InputStream {

        private long left;

        Zeros(long left) {
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int count = (int) Math.min(left, length);
            left -= count;
            return count == 0 ? -1 : count;
        }
    }
}
