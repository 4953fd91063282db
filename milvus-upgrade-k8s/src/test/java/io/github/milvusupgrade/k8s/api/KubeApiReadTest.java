package io.github.milvusupgrade.k8s.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a read survives, and how it fails; numbered after the faults of API server and network. */
class KubeApiReadTest extends KubeApiFixture {

    @Test
    void fault01ThrottlingIsHonouredByTheHeader() {
        server.fails(429, "TooManyRequests", "too many requests", "Retry-After", "7")
                .answers(200, PATCHED);

        assertThat(api.get(PROXY)).isEqualTo(json(PATCHED));

        assertThat(time.sleeps()).hasSize(1);
        assertThat(time.slept()).isBetween(Duration.ofSeconds(7), Duration.ofMillis(7_250));
        assertThat(api.requests().retries()).isEqualTo(1);
    }

    @Test
    void fault01ThrottlingIsHonouredByTheDetails() {
        server.answers(
                        429,
                        "{\"kind\":\"Status\",\"code\":429,\"message\":\"slow\",\"details\":{\"retryAfterSeconds\":3}}")
                .answers(200, PATCHED);

        api.get(PROXY);

        assertThat(time.slept()).isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_250));
    }

    @Test
    void fault01ThrottlingIsNotHonouredBeyondReason() {
        server.fails(429, "TooManyRequests", "too many requests", "Retry-After", "3600")
                .answers(200, PATCHED);

        api.get(PROXY);

        assertThat(time.slept()).isBetween(Duration.ofSeconds(30), Duration.ofMillis(30_250));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503, 504})
    void fault02ServerErrorOnReadIsRetriedWithGrowingPauses(int code) {
        server.fails(code, "", "etcdserver: leader changed")
                .fails(code, "", "etcdserver: leader changed")
                .answersText(code, "text/html", "<html>bad gateway</html>")
                .answers(200, PATCHED);

        assertThat(api.get(PROXY)).isEqualTo(json(PATCHED));

        assertThat(time.sleeps()).hasSize(3);
        assertThat(time.sleeps().get(0)).isBetween(Duration.ofMillis(100), Duration.ofMillis(300));
        assertThat(time.sleeps().get(1)).isBetween(Duration.ofMillis(200), Duration.ofMillis(600));
        assertThat(time.sleeps().get(2)).isBetween(Duration.ofMillis(400), Duration.ofMillis(1_200));
    }

    @Test
    void fault02ServerErrorOnReadEndsAtTheDeadline() {
        for (int i = 0; i < 100; i++) {
            server.fails(503, "ServiceUnavailable", "apiserver is shutting down");
        }

        KubeApiException e = failureOf(() -> api.within(Duration.ofSeconds(20)).get(PROXY));

        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(e.httpStatus()).isEqualTo(503);
        assertThat(e.outcomeUnknown()).isFalse();
        assertThat(time.slept()).isLessThan(Duration.ofSeconds(20));
        assertThat(e.getMessage())
                .matches("Kubernetes could not serve get deployments\\.apps default/my-release-milvus-proxy:"
                        + " unavailable \\(503\\): apiserver is shutting down\n"
                        + "  Gave up after " + server.seen().size() + " attempts in [0-9.]+s\\.");
    }

    @Test
    void fault02OneUnavailableMinuteIsRiddenThrough() {
        server.does(exchange -> {
            time.pass(Duration.ofSeconds(60));
            exchange.close();
        });
        server.answers(200, PATCHED);

        assertThat(api.get(PROXY)).isEqualTo(json(PATCHED));
    }

    @Test
    void fault04LostConnectionOnReadIsRetried() {
        server.hangsUp().breaksOffAfter("{\"metadata\":").answers(200, PATCHED);

        assertThat(api.get(PROXY)).isEqualTo(json(PATCHED));

        assertThat(server.seen()).hasSize(3);
    }

    @Test
    void fault04CompleteAnswerWithBrokenJsonIsRetriedThreeTimesInAll() {
        server.answers(200, "{\"metadata\":{\"na")
                .answers(200, "{\"metadata\":{\"na")
                .answers(200, "[]");

        KubeApiException e = failureOf(() -> api.get(PROXY));

        assertThat(e.kind()).isEqualTo(Kind.UNREADABLE);
        assertThat(e.getMessage())
                .startsWith("No readable answer from Kubernetes at " + server.url()
                        + " to get deployments.apps default/my-release-milvus-proxy: it is no JSON object\n"
                        + "  Gave up after 3 attempts in ");
    }

    @Test
    void fault04BrokenJsonIsLocated() {
        server.answers(200, "{\"a\":1").answers(200, "{\"a\":1").answers(200, "{\"metadata\":{\"na");

        assertThat(failureOf(() -> api.get(PROXY)).serverMessage())
                .isEqualTo("its JSON is broken at character 16 of 16");
    }

    @Test
    void fault06UnknownHostIsAFaultOfConfigurationAtFirst() {
        ApiClient client = new ClientBuilder()
                .setBasePath("https://no-such-host.invalid:6443")
                .build();
        KubeApi unreachable = KubeApi.over(client, options(time));

        KubeApiException e = failureOf(() -> unreachable.get(PROXY));

        assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(e.getMessage())
                .startsWith("No answer from Kubernetes at https://no-such-host.invalid:6443"
                        + " to get deployments.apps default/my-release-milvus-proxy:"
                        + " the name service does not know the host (")
                .endsWith("\n  Check the server address and its certificate authority in the kubeconfig.");
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void fault06CertificateOfAnUnknownAuthorityIsAFaultOfConfigurationAtFirst() throws Exception {
        try (SelfSignedServer stranger = new SelfSignedServer()) {
            ApiClient client = new ClientBuilder().setBasePath(stranger.url()).build();
            KubeApi untrusting = KubeApi.over(client, options(time));

            KubeApiException e = failureOf(() -> untrusting.get(PROXY));

            assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(e.getMessage())
                    .startsWith("No answer from Kubernetes at " + stranger.url()
                            + " to get deployments.apps default/my-release-milvus-proxy: TLS failed (")
                    .endsWith("\n  Check the server address and its certificate authority in the kubeconfig.");
            assertThat(time.sleeps()).isEmpty();
        }
    }

    @Test
    void fault06NameServiceThatFailsDuringTheRunIsAnOutage() {
        AtomicBoolean lost = new AtomicBoolean();
        ApiClient client = server.client();
        client.setBasePath(client.getBasePath().replace("127.0.0.1", "api.example"));
        client.setHttpClient(client.getHttpClient()
                .newBuilder()
                .dns(host -> {
                    if (lost.getAndSet(!lost.get())) {
                        throw new UnknownHostException(host);
                    }
                    return List.of(InetAddress.getLoopbackAddress());
                })
                .addInterceptor(chain -> chain.proceed(chain.request()
                        .newBuilder()
                        .header("Connection", "close")
                        .build()))
                .build());
        KubeApi connected = KubeApi.over(client, options(time));
        server.answers(200, PATCHED).answers(200, PATCHED);

        connected.get(PROXY);
        connected.get(PROXY);

        assertThat(time.sleeps()).hasSize(1);
    }

    @Test
    void refusedConnectionIsRetriedUntilTheDeadline() throws IOException {
        int freePort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            freePort = socket.getLocalPort();
        }
        ApiClient client =
                new ClientBuilder().setBasePath("http://127.0.0.1:" + freePort).build();
        KubeApi down = KubeApi.over(client, options(time));

        KubeApiException e = failureOf(() -> down.get(PROXY));

        assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(e.serverMessage()).startsWith("no connection (Failed to connect to /127.0.0.1:" + freePort);
        assertThat(time.slept()).isBetween(Duration.ofSeconds(100), Duration.ofMinutes(2));
    }

    @Test
    void serverThatNeverAnswersIsGivenUpWithTheCall() {
        CountDownLatch testIsOver = new CountDownLatch(1);
        server.does(exchange -> {
            try {
                testIsOver.await();
            } catch (InterruptedException e) {
                exchange.close();
            }
        });

        KubeApiException e = failureOf(() -> api.within(Duration.ofMillis(100)).get(PROXY));

        assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(e.serverMessage()).isEqualTo("no answer in time (timeout)");
        testIsOver.countDown();
    }

    @Test
    void fault15ExpiredTokenIsRetriedOnceBecauseTheClientMayRefreshIt() {
        server.fails(401, "Unauthorized", "Unauthorized").answers(200, PATCHED);

        assertThat(api.get(PROXY)).isEqualTo(json(PATCHED));
    }

    @Test
    void fault15ExpiredTokenIsRetriedOnlyOnce() {
        server.fails(401, "Unauthorized", "Unauthorized").fails(401, "Unauthorized", "Unauthorized");

        KubeApiException e = failureOf(() -> api.get(PROXY));

        assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(e.getMessage())
                .matches("Kubernetes refused get deployments\\.apps default/my-release-milvus-proxy:"
                        + " unauthorized \\(401\\): Unauthorized\n"
                        + "  Renew the credentials of the ApiClient\\.\n"
                        + "  Gave up after 2 attempts in [0-9.]+s\\.");
    }

    @Test
    void fault15CredentialsThatCannotBeObtainedAreNamedWithoutQuotingThem() {
        ApiClient client = server.client();
        client.setHttpClient(client.getHttpClient()
                .newBuilder()
                .addInterceptor(chain -> {
                    throw new IllegalStateException("exec plugin printed " + ScriptedApiServer.TOKEN);
                })
                .build());

        KubeApiException e = failureOf(() -> KubeApi.over(client, options(time)).get(PROXY));

        assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(e.getMessage())
                .startsWith("Could not send get deployments.apps default/my-release-milvus-proxy:"
                        + " the ApiClient could not sign it (IllegalStateException)\n"
                        + "  Renew the credentials of the ApiClient.")
                .doesNotContain(ScriptedApiServer.TOKEN);
    }

    @Test
    void fault16ForbiddenNamesWhatToGrantAndIsNeverRetried() {
        String said = "deployments.apps \"my-release-milvus-proxy\" is forbidden: User \"ci\" cannot get resource"
                + " \"deployments\" in API group \"apps\" in the namespace \"default\"";
        server.fails(403, "Forbidden", said);

        KubeApiException e = failureOf(() -> api.get(PROXY));

        assertThat(e)
                .hasMessage("Kubernetes refused get deployments.apps default/my-release-milvus-proxy: forbidden (403): "
                        + said + "\n  Grant the account the verb \"get\" on deployments.apps in namespace default.");
        assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(e.verb()).isEqualTo(Verb.GET);
        assertThat(e.object()).isEqualTo("deployments.apps default/my-release-milvus-proxy");
        assertThat(e.reason()).isEqualTo("Forbidden");
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void fault17MissingObjectIsEmptyOrAFailure() {
        String said = "deployments.apps \"my-release-milvus-proxy\" not found";
        server.fails(404, "NotFound", said).fails(404, "NotFound", said);

        assertThat(api.find(PROXY)).isEmpty();
        assertThat(failureOf(() -> api.get(PROXY)))
                .hasMessage("Kubernetes refused get deployments.apps default/my-release-milvus-proxy: not found (404): "
                        + said);
    }

    @Test
    void notFoundByAnybodyButKubernetesIsNotTakenForAMissingObject() {
        server.answersText(404, "text/plain", "404 page not found\n")
                .fails(404, "NotFound", "the server could not find the requested resource");

        KubeApiException e = failureOf(() -> api.find(PROXY));

        assertThat(e.kind()).isEqualTo(Kind.NOT_SERVED);
        assertThat(e)
                .hasMessage("Kubernetes refused get deployments.apps default/my-release-milvus-proxy:"
                        + " not served (404): the answer holds no Kubernetes Status\n"
                        + "  Check that the address is a Kubernetes API server, and that it serves " + PROXY_PATH
                        + ".");
        assertThat(failureOf(() -> api.find(PROXY)).kind()).isEqualTo(Kind.NOT_SERVED);
    }

    @Test
    void unknownFieldsAndFormsOfNumbersAreKept() {
        String newer = "{\"spec\":{\"fieldOf2030\":{\"a\":[null,1.50,\"1.5Gi\"]},\"replicas\":3000000000}}";
        server.answers(200, newer);

        assertThat(api.get(PROXY).toString()).isEqualTo(newer.replace("1.50", "1.5"));
    }

    @Test
    void fault33InterruptDuringAPauseStopsAndKeepsTheFlag() {
        server.hangsUp();
        time.interruptSleeps();

        KubeApiException e = failureOf(() -> api.get(PROXY));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED);
        assertThat(e)
                .hasMessage("Stopped during get deployments.apps default/my-release-milvus-proxy:"
                        + " the thread was interrupted");
        assertThat(e).hasCauseInstanceOf(KubeApiException.class);
    }

    @Test
    void fault33InterruptedThreadSendsNothing() {
        Thread.currentThread().interrupt();

        KubeApiException e = failureOf(() -> api.get(PROXY));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED);
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void nothingIsSentAfterTheDeadline() {
        KubeApi bounded = api.within(Duration.ofSeconds(10));
        time.pass(Duration.ofSeconds(10));

        assertThat(failureOf(() -> bounded.get(PROXY)))
                .hasMessage("No time left for get deployments.apps default/my-release-milvus-proxy:"
                        + " its deadline has passed");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void deadlineThatPassesDuringAPauseTellsTheFailureAndNotThePause() {
        Time oversleeping = new Time() {
            @Override
            public long nanos() {
                return time.nanos();
            }

            @Override
            public void sleep(Duration duration) {
                time.pass(Duration.ofMinutes(5));
            }
        };
        server.fails(503, "ServiceUnavailable", "apiserver is shutting down");

        KubeApiException e = failureOf(
                () -> KubeApi.over(server.client(), options(oversleeping)).get(PROXY));

        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void credentialsAreInNoMessageAndNoTrace() {
        server.fails(403, "Forbidden", "no").hangsUp();

        for (int i = 0; i < 2; i++) {
            StringWriter trace = new StringWriter();
            failureOf(() -> api.get(PROXY)).printStackTrace(new PrintWriter(trace));
            assertThat(trace.toString()).contains("KubeApiException").doesNotContain(ScriptedApiServer.TOKEN);
        }
    }
}
