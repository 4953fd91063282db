package io.github.milvusupgrade.k8s.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Time;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRepositoryTest {

    /** {@code Basic} and the base64 of {@code ann:hunter2}. */
    private static final String ANN = "Basic YW5uOmh1bnRlcjI=";

    private static final byte[] CHART = ChartFixture.milvus("4.0.34", "2.2.14").packed();

    private final ChartServer server = new ChartServer();
    private final List<Duration> pauses = new ArrayList<>();
    private boolean pausesAreInterrupted;

    /** Sleeps in no time, and remembers how long. */
    private final Time time = new Time() {
        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            if (pausesAreInterrupted) {
                throw new InterruptedException();
            }
            pauses.add(duration);
        }
    };

    @TempDir
    private Path temporary;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void listsAndFetches() throws IOException {
        server.on("/charts/index.yaml", index("milvus-4.0.34.tgz", ChartFixture.sha256(CHART)))
                .on("/charts/milvus-4.0.34.tgz", CHART);
        ChartRepository repository = ChartRepository.open(server.url() + "/charts");

        List<ChartVersion> versions = repository.versions("milvus");
        Path fetched = repository.fetch(versions.get(0), temporary.resolve("made/for/it"));

        assertThat(versions).hasToString("[chart milvus 4.0.34 (Milvus 2.2.14)]");
        assertThat(fetched)
                .isEqualTo(temporary.resolve("made/for/it/milvus-4.0.34.tgz"))
                .hasBinaryContent(CHART);
        assertThat(repository.versions("attu")).isEmpty();
    }

    @Test
    void whatIsThereAlreadyIsReplaced() throws IOException {
        server.on("/milvus-4.0.34.tgz", CHART);
        Path target = Files.writeString(temporary.resolve("milvus-4.0.34.tgz"), "half of a char");

        open().fetch(listed("milvus-4.0.34.tgz", null), temporary);

        assertThat(target).hasBinaryContent(CHART);
    }

    @Test
    void credentialsGoToTheRepositoryAndToNobodyElse() throws IOException {
        try (ChartServer releases = new ChartServer()) {
            releases.on("/4.0.34.tgz", CHART);
            server.on("/index.yaml", index(server.url() + "/download.tgz", ""))
                    .redirect("/download.tgz", releases.url() + "/4.0.34.tgz");
            ChartRepository repository =
                    ChartRepository.open(server.url(), Optional.of(new BasicAuth("ann", "hunter2")));

            repository.fetch(repository.versions("milvus").get(0), temporary);

            assertThat(server.requests()).containsExactly("/index.yaml " + ANN, "/download.tgz " + ANN);
            assertThat(releases.requests()).containsExactly("/4.0.34.tgz");
        }
    }

    @Test
    void credentialsInTheAddressAreTakenOutOfIt() {
        server.status("/index.yaml", 401);
        ChartRepository repository =
                ChartRepository.open(server.url().replace("http://", "http://ann:hunter2@") + "?token=t0p");

        assertThat(repository.location()).isEqualTo(server.url() + "/");
        assertThat(repository).hasToString(server.url() + "/");
        assertThat(new BasicAuth("ann", "hunter2")).hasToString("ann:***");
        assertThatThrownBy(() -> repository.versions("milvus"))
                .hasMessage(
                        server.url() + "/index.yaml cannot be fetched: the server answered 401, it does not take the"
                                + " credentials. Pass a name and password that may read it.");
        assertThat(server.requests()).containsExactly("/index.yaml?token=t0p " + ANN);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | the server answered 401, it wants credentials. Pass a name and password that may read it.",
                "403 | the server answered 403, it wants credentials. Pass a name and password that may read it.",
                "404 | the server answered 404. Check the address.",
                "503 | the server answered 503. Try again later, or use another repository.",
            })
    void saysWhatTheServerAnswered(int status, String why) {
        server.status("/index.yaml", status);

        assertUnavailable(open(), server.url() + "/index.yaml cannot be fetched: " + why);
    }

    @ParameterizedTest(name = "{0} is asked for {1} times")
    @CsvSource({"503, 3", "429, 3", "500, 3", "501, 1", "404, 1", "401, 1"})
    void aFailureThatMayPassIsNotTheLastWord(int status, int times) {
        server.status("/index.yaml", status);

        assertThatThrownBy(() -> open().versions("milvus"))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNAVAILABLE));

        assertThat(server.requests()).hasSize(times);
        assertThat(pauses).isEqualTo(times == 1 ? List.of() : List.of(Duration.ofSeconds(1), Duration.ofSeconds(2)));
    }

    @Test
    void aServerThatRecoversIsListenedTo() {
        AtomicInteger asked = new AtomicInteger();
        byte[] index = index("milvus-4.0.34.tgz", "").getBytes(UTF_8);
        server.on("/index.yaml", exchange -> {
            boolean recovered = asked.incrementAndGet() == 3;
            exchange.sendResponseHeaders(recovered ? 200 : 502, recovered ? index.length : -1);
            if (recovered) {
                exchange.getResponseBody().write(index);
            }
        });

        assertThat(open().versions("milvus")).hasToString("[chart milvus 4.0.34 (Milvus 2.2.14)]");
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void anInterruptEndsAPause() {
        server.status("/index.yaml", 503);
        pausesAreInterrupted = true;

        assertThatThrownBy(() -> open().versions("milvus"))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CANCELLED))
                .hasMessage("Fetching " + server.url() + "/index.yaml was interrupted. Nothing was kept.");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anAnswerThatDoesNotEndInTimeIsGivenUp() {
        server.stalling("/index.yaml");

        assertUnavailable(
                HttpRepository.open(server.uri("/"), Optional.empty(), Duration.ofMillis(300), time),
                server.url() + "/index.yaml cannot be fetched: no complete answer came within 0.3 s."
                        + " Check the address, the network and the proxy settings.");
        assertThat(pauses).as("it has taken its time already").isEmpty();
    }

    @Test
    void anAnswerThatBreaksOffIsRefused() throws IOException {
        server.truncated("/milvus-4.0.34.tgz", CHART);

        assertThatThrownBy(() -> open().fetch(listed("milvus-4.0.34.tgz", null), temporary))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNAVAILABLE))
                .hasMessageStartingWith(server.url() + "/milvus-4.0.34.tgz cannot be fetched: the answer broke off: ");
        assertNothingKept();
    }

    @Test
    void anIndexWithoutEndIsHungUpOn() {
        server.endless("/index.yaml");

        assertThatThrownBy(() -> open().versions("milvus"))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNUSABLE))
                .hasMessage("The index of charts at " + server.url() + "/index.yaml cannot be used: it has more than 32"
                        + " MiB. Check that the address is that of a Helm repository.");
    }

    @Test
    void aChartWithoutEndIsHungUpOn() throws IOException {
        server.endless("/milvus-4.0.34.tgz");

        assertUnusable(
                listed("milvus-4.0.34.tgz", null),
                "it has more than 16 MiB. Check that the address is that of a chart.");
    }

    @Test
    void aChartWithAnotherDigestIsRefused() throws IOException {
        server.on("/milvus-4.0.34.tgz", CHART);

        assertUnusable(
                listed("milvus-4.0.34.tgz", "sha256:00ff"),
                "its digest is " + ChartFixture.sha256(CHART) + ", and the index promises 00ff. It was changed on its"
                        + " way, or the index is old: do not use it before you know which.");
    }

    @Test
    void anotherChartUnderItsNameIsRefused() throws IOException {
        server.on("/milvus-4.0.34.tgz", ChartFixture.milvus("4.0.31", "2.2.13").packed());

        assertUnusable(
                listed("milvus-4.0.34.tgz", null), "it is chart milvus 4.0.31. Correct the index of the repository.");
    }

    @Test
    void aPageInsteadOfAChartIsRefused() throws IOException {
        server.on("/milvus-4.0.34.tgz", "<html>Sign in</html>");

        assertThatThrownBy(() -> open().fetch(listed("milvus-4.0.34.tgz", null), temporary))
                .hasMessage("The chart " + server.url() + "/milvus-4.0.34.tgz cannot be used: it is not packed by gzip,"
                        + " or damaged. Fetch it again, or take it from another place.");
        assertNothingKept();
    }

    @Test
    void redirectsInCirclesEnd() {
        server.redirect("/index.yaml", "/index.yaml");

        assertUnavailable(
                open(),
                server.url() + "/index.yaml cannot be fetched: it redirects more than 5 times."
                        + " Name the final address.");
    }

    @Test
    void redirectsToFilesAreNotFollowed() {
        server.redirect("/index.yaml", "file:///etc/passwd");

        assertUnavailable(
                open(),
                server.url() + "/index.yaml cannot be fetched: it redirects to nowhere that is safe."
                        + " Name the final address.");
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        URI gone = server.uri("/charts/");
        server.close();

        assertUnavailable(
                HttpRepository.open(gone, Optional.empty(), ChartRepository.REQUEST_TIME, time),
                gone + "index.yaml cannot be fetched: no connection can be made."
                        + " Check the address, the network and the proxy settings.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://charts.test/milvus.tgz", "http:// /", ""})
    void anIndexMayNotPointAtFiles(String url) {
        assertThatThrownBy(() -> open().fetch(listed(url, null), temporary))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNUSABLE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://ann:hunter2@ho st/ | The address of the chart repository cannot be used: it is no URL with a"
                        + " host. Write it like https://zilliztech.github.io/milvus-helm/.",
                "oci://registry.test/milvus | The chart repository oci://registry.test/milvus cannot be used: charts in an"
                        + " OCI registry are not read. Pull it with helm and pass the .tgz.",
                "/no/such/folder | The chart repository /no/such/folder cannot be used: there is no such file or folder."
                        + " Check the path.",
            })
    void anAddressThatIsNoneIsRefusedWithoutItsPassword(String location, String why) {
        assertThatThrownBy(() -> ChartRepository.open(location))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNAVAILABLE))
                .hasMessage(why);
    }

    @Test
    void anInterruptEndsTheWaiting() {
        server.stalling("/index.yaml");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> open().versions("milvus"))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CANCELLED));
        assertThat(Thread.interrupted()).isTrue();
    }

    private ChartRepository open() {
        return HttpRepository.open(server.uri("/"), Optional.empty(), ChartRepository.REQUEST_TIME, time);
    }

    private static String index(String url, String digest) {
        return """
                apiVersion: v1
                entries:
                  milvus:
                  - {name: milvus, version: 4.0.34, appVersion: 2.2.14, digest: "%s", urls: ["%s"]}
                """.formatted(digest, url);
    }

    private static ChartVersion listed(String url, String digest) {
        return new ChartVersion(
                "milvus",
                "4.0.34",
                "2.2.14",
                url.isEmpty() ? List.of() : List.of(url),
                Optional.ofNullable(digest),
                Optional.empty());
    }

    private static void assertUnavailable(ChartRepository repository, String message) {
        assertThatThrownBy(() -> repository.versions("milvus"))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNAVAILABLE))
                .hasMessage(message);
    }

    private void assertUnusable(ChartVersion version, String why) throws IOException {
        assertThatThrownBy(() -> open().fetch(version, temporary))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNUSABLE))
                .hasMessage("chart milvus 4.0.34 (Milvus 2.2.14) from " + server.url()
                        + "/milvus-4.0.34.tgz cannot be used: " + why);
        assertNothingKept();
    }

    private void assertNothingKept() throws IOException {
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }
}
