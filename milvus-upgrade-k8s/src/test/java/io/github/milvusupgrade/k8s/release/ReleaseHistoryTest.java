package io.github.milvusupgrade.k8s.release;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReleaseHistoryTest {

    @ParameterizedTest(name = "of {0} it is {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "deployed                                | 1",
                "deployed, superseded                    | 2",
                "failed, deployed, superseded            | 2",
                "failed, failed, deployed                | 1",
                "pending-upgrade, deployed               | 1",
                "failed                                  | 1",
                "superseded, superseded                  | 2",
                "failed, failed                          | 2",
                "uninstalled                             | none",
                "pending-install                         | none",
                "some-new-word                           | none",
            })
    void anUpgradeGoesOnFromTheRevisionThatRuns(String newestFirst, String expected) {
        assertThat(history(newestFirst.split(", ")).upgradable().map(found -> Integer.toString(found.revision())))
                .isEqualTo(expected.equals("none") ? Optional.empty() : Optional.of(expected));
    }

    @Test
    void aRevisionThatIsPendingIsExplained() {
        ObjectNode pending = ReleaseFixture.secret(4, "pending-upgrade");
        pending.withObject("/metadata/labels").put("createdAt", "1795377600");
        pending.withObject("/metadata").set("managedFields", json("""
                {a: [{manager: 'java', time: '2026-11-20T10:00:00Z'}, {manager: 'helm', time: '2026-11-22T20:00:00Z'}]}
                """).path("a"));

        PendingRelease found = history(
                        List.of(pending, ReleaseFixture.secret(3, "deployed"), ReleaseFixture.secret(2, "superseded")))
                .pending()
                .orElseThrow();

        assertThat(found.explain(Instant.ofEpochSecond(1795377600).plusSeconds(750)))
                .isEqualTo(
                        "Release milvus/my-release is pending-upgrade in revision 4 since 2026-11-22T20:00:00Z (12 min"
                                + " ago), written by helm: an operation of Helm goes on, or was killed before it could record its"
                                + " end; until then Helm refuses every other. Look for a helm process, a CI job or a GitOps"
                                + " controller that is at it, and wait for its end. If there is none, 'helm rollback my-release 3"
                                + " --namespace milvus' brings back revision 3.");
    }

    @Test
    void aFirstInstallThatIsPendingHasNothingToGoBackTo() {
        PendingRelease found = history("pending-install").pending().orElseThrow();

        assertThat(found.explain(Instant.parse("2026-11-25T12:00:01Z")))
                .isEqualTo(
                        "Release milvus/my-release is pending-install in revision 1 since 2026-11-22T12:00:00.123456789Z"
                                + " (3 days ago): an operation of Helm goes on, or was killed before it could record its end; until"
                                + " then Helm refuses every other. Look for a helm process, a CI job or a GitOps controller that is"
                                + " at it, and wait for its end. If there is none, there is nothing to roll back to: Helm has kept"
                                + " no earlier revision that was deployed. See with 'helm get manifest my-release --namespace"
                                + " milvus' what of it exists before you remove anything.");
    }

    @ParameterizedTest
    @CsvSource({"30, 30 s", "119, 119 s", "120, 2 min", "7199, 119 min", "7200, 2 h", "172800, 2 days"})
    void agesAreTold(long seconds, String age) {
        PendingRelease pending =
                history("pending-rollback", "superseded").pending().orElseThrow();
        Instant begin = pending.since().orElseThrow();

        assertThat(pending.explain(begin.plusSeconds(seconds))).contains(" (" + age + " ago)");
        assertThat(pending.explain(begin.minusSeconds(seconds))).doesNotContain("ago");
    }

    @ParameterizedTest
    @CsvSource({"deployed", "failed", "uninstalling"})
    void otherStatesArePendingForNobody(String status) {
        assertThat(history(status).pending()).isEmpty();
    }

    static Stream<Arguments> malformed() {
        byte[] zipped = ReleaseFixture.gzip("{}");
        String blanks = "{\"manifest\": \"" + " ".repeat(65 << 20) + "\"}";
        return Stream.of(
                Arguments.of("empty", "", "it has no data called \"release\""),
                Arguments.of("text", "hello world", "its data is not base64 of base64"),
                Arguments.of("once", "aGVsbG8gd29ybGQ=", "its data is not base64 of base64"),
                Arguments.of("no JSON", encoded("hunter2"), "its content is no JSON"),
                Arguments.of("a list", encoded("[1]"), "its content is no JSON object"),
                Arguments.of(
                        "cut", ReleaseFixture.encoded(Arrays.copyOf(zipped, zipped.length - 9)), "its gzip is damaged"),
                Arguments.of(
                        "a bomb",
                        ReleaseFixture.encoded(ReleaseFixture.gzip(blanks)),
                        "unpacked it has more than 64 MiB"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void malformed(String what, String data, String why) {
        ReleaseHistory history = history(List.of(ReleaseFixture.secret(3, "deployed", data)));

        assertThatThrownBy(history::newest)
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.RELEASE_UNREADABLE))
                .hasMessage("The record of Helm in Secret milvus/sh.helm.release.v1.my-release.v3 cannot be read: "
                        + why + ". See whether 'helm history' can read it, or restore the Secret from a backup.");
    }

    @Test
    void recordsThatAreNotZippedAreReadToo() {
        String data = encoded(ReleaseFixture.release(3, "deployed").toString());

        assertThat(history(List.of(ReleaseFixture.secret(3, "deployed", data)))
                        .newest()
                        .chartVersion())
                .isEqualTo("4.0.6");
    }

    @Test
    void missingAndStrangeFieldsReadAsEmpty() {
        HelmRelease release = new HelmRelease(json("{config: null, chart: {metadata: {version: null}}, info: 7}"));

        assertThat(release).hasToString("release / revision 0 (unknown), chart  ");
        assertThat(release.config()).isEmpty();
        assertThat(release.chartValues()).isEmpty();
        assertThat(release.lastDeployed()).isEmpty();
    }

    @Test
    void valuesAreCopiesAndStayOutOfTexts() {
        HelmRelease release = ReleaseFixture.helmRelease("{}", "{minio: {secretKey: 'hunter2'}}");

        release.config().removeAll();

        assertThat(release.config().at("/minio/secretKey").asText()).isEqualTo("hunter2");
        assertThat(release.toString()).doesNotContain("hunter2");
        assertThat(new ReleaseSecret(ReleaseFixture.secret(1, "deployed")))
                .hasToString("Secret milvus/sh.helm.release.v1.my-release.v1");
    }

    private static ReleaseHistory history(String... newestFirst) {
        List<ObjectNode> secrets = new ArrayList<>();
        for (int i = 0; i < newestFirst.length; i++) {
            secrets.add(ReleaseFixture.secret(newestFirst.length - i, newestFirst[i]));
        }
        return history(secrets);
    }

    private static ReleaseHistory history(List<ObjectNode> secrets) {
        return new ReleaseHistory(
                "milvus", "my-release", secrets.stream().map(ReleaseSecret::new).toList());
    }

    private static String encoded(String content) {
        return ReleaseFixture.encoded(content.getBytes(UTF_8));
    }
}
