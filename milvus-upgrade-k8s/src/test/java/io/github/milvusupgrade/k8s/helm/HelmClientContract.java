package io.github.milvusupgrade.k8s.helm;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.HelmRecord;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.RealCluster;
import io.github.milvusupgrade.k8s.testing.TestBed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every way to call Helm does, on a release of the older {@link FixtureChart} that a person has installed. */
abstract class HelmClientContract {

    static final Duration MINUTE = Duration.ofMinutes(1);

    static final String IMAGE = "/spec/template/spec/containers/0/image";

    @TempDir
    Path charts;

    private final Supplier<TestBed> beds;
    private TestBed bed;

    HelmClientContract(Supplier<TestBed> beds) {
        this.beds = beds;
    }

    /** A cluster of the rehearsal, with a namespace that is not the default one. */
    static TestBed rehearsal() {
        RehearsalCluster cluster = RehearsalCluster.builder().speed(10).start();
        cluster.createNamespace("milvus");
        return new TestBed.Rehearsal(cluster, "milvus");
    }

    static TestBed real() {
        return TestBed.real(RealCluster.orSkip());
    }

    abstract HelmClient helm();

    /** Whether what is rendered depends on the cluster, as it does when it is applied. */
    boolean rendersWithTheCluster() {
        return true;
    }

    /** As a person installs a release named {@code my-release}, by the same kind of Helm. */
    abstract void install(Path chart, Path values, Path kubeconfig);

    @BeforeEach
    final void installTheOlderChart() throws IOException {
        bed = beds.get();
        install(
                FixtureChart.OLD.folder(charts),
                Files.writeString(charts.resolve("installed.yaml"), "{proxy: {replicas: 2}, typed: of the user}"),
                Files.writeString(charts.resolve("kubeconfig"), bed.kubeconfig()));
    }

    @AfterEach
    final void closeTheBed() {
        if (bed != null) {
            bed.close();
        }
    }

    final TestBed bed() {
        return bed;
    }

    final JsonApi api() {
        return bed.api();
    }

    final String namespace() {
        return bed.namespace();
    }

    @Test
    void itsVersionIsThatOfHelm() {
        assertThat(helm().version()).matches("[34]\\.\\d+(\\.\\d+)?");
    }

    @Test
    void aDryRunShowsWhatTheReleaseWouldBecomeAndChangesNothing() {
        JsonNode before = deployment();

        RenderedRelease rendered = helm().render(upgrade("{image: {all: {tag: 'v2.2.16'}}, hook: true}"));

        assertThat(rendered.revision()).isEqualTo(2);
        String in = namespace() + "/my-release";
        assertThat(rendered.objects())
                .hasToString(
                        "[ConfigMap " + in + "-milvus, Service " + in + "-milvus, Deployment " + in + "-milvus-proxy]");
        assertThat(rendered.hooks()).hasToString(rendersWithTheCluster() ? "[ConfigMap " + in + "-before]" : "[]");
        assertThat(rendered.objects().get(1).json().at("/metadata/annotations"))
                .isEqualTo(json("{'is-upgrade': '" + rendersWithTheCluster() + "'}"));
        JsonNode deployment = rendered.objects().get(2).json();
        assertThat(deployment.at(IMAGE).asText()).isEqualTo("milvusdb/milvus:v2.2.16");
        assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(revisions()).containsExactly("1 deployed");
        assertThat(deployment().path("spec")).isEqualTo(before.path("spec"));
    }

    @Test
    void anUpgradeMakesANewRevisionOfExactlyTheseValues() {
        HelmUpgrade upgrade = upgrade("{image: {all: {tag: 'v2.2.16'}}, proxy: {replicas: 3}}");

        helm().upgrade(upgrade, MINUTE, () -> false);

        assertThat(revisions()).containsExactly("1 superseded", "2 deployed");
        assertThat(release(2).at("/config")).isEqualTo(upgrade.values());
        assertThat(release(2).at("/info/description").asText()).isEqualTo("upgrade to 2.2.16");
        assertThat(release(2).at("/chart/metadata/version").asText()).isEqualTo("4.0.34");
        assertThat(deployment().at(IMAGE).asText()).isEqualTo("milvusdb/milvus:v2.2.16");
        assertThat(deployment().at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(configMap().at("/data/typed").asText()).isEqualTo("string none");
    }

    @Test
    void anUpgradeLooksThingsUpInTheClusterThatItChanges() {
        Path chart = FixtureChart.CURIOUS.archive(charts);

        helm().upgrade(
                        new HelmUpgrade(namespace(), "my-release", chart, json("{}"), "upgrade to 2.6.0"),
                        MINUTE,
                        () -> false);

        assertThat(api().read("/api/v1/namespaces/" + namespace() + "/configmaps/my-release-found")
                        .at("/data/found")
                        .asText())
                .isEqualTo("Namespace");
    }

    @Test
    void textsStayWhatTheyAre() {
        String odd = "~ \u00fc \u2603 \ud83d\ude00 \u0085\u2028\ufeff\\u0041 {{ x }} #\t\"'";
        ObjectNode values =
                json("{typed: '2.20', '1.10': {'on': 'yes', list: ['0644', 'null', '1e3', '12:30', true]}}");
        values.put("userYaml", "log:\n  level: debug\n").put("odd", odd);

        helm().upgrade(upgradeTo(values), MINUTE, () -> false);

        assertThat(release(2).at("/config")).isEqualTo(values);
        assertThat(configMap().at("/data/typed").asText()).isEqualTo("string 2.20");
        assertThat(configMap().at("/data/user.yaml").asText()).startsWith("log:\n  level: debug");
    }

    @Test
    void aNullTakesADefaultOfTheChartAway() {
        helm().upgrade(upgrade("{typed: null}"), MINUTE, () -> false);

        assertThat(configMap().at("/data/typed").asText()).startsWith("invalid");
    }

    @Test
    void anUpgradeDoesNotWaitForPods() {
        helm().upgrade(upgrade("{image: {all: {tag: 'v9.9.99'}}}"), Duration.ofSeconds(20), () -> false);

        assertThat(revisions()).containsExactly("1 superseded", "2 deployed");
        assertThat(deployment().at(IMAGE).asText()).isEqualTo("milvusdb/milvus:v9.9.99");
    }

    @Test
    void aHookRuns() {
        helm().upgrade(upgrade("{hook: true}"), MINUTE, () -> false);

        assertThat(api().get("/api/v1/namespaces/" + namespace() + "/configmaps/my-release-before")
                        .code())
                .isEqualTo(200);
    }

    @Test
    void whatCannotBeRenderedChangesNothing() {
        HelmUpgrade upgrade = upgrade("{broken: 'the chart says no'}");

        assertFails(() -> helm().render(upgrade), Code.HELM_FAILED)
                .message()
                .startsWith("The dry run of the " + upgrade + " failed: Helm could not do it. Put right what it names."
                        + " Helm said: ")
                .contains("the chart says no");
        assertFails(() -> helm().upgrade(upgrade, MINUTE, () -> false), Code.HELM_FAILED)
                .message()
                .startsWith("The " + upgrade + " failed: ")
                .contains("the chart says no");
        assertThat(revisions()).containsExactly("1 deployed");
    }

    @Test
    void aSecretThatHelmQuotesIsMasked() {
        HelmUpgrade upgrade = upgrade("{broken: 'kept-secret is too short', minio: {secretKey: 'kept-secret'}}");

        assertFails(() -> helm().render(upgrade), Code.HELM_FAILED)
                .message()
                .contains("*** is too short")
                .doesNotContain("kept-secret");
        assertFails(() -> helm().upgrade(upgrade, MINUTE, () -> false), Code.HELM_FAILED)
                .message()
                .contains("*** is too short")
                .doesNotContain("kept-secret");
    }

    @Test
    void aHookThatHangsIsATimeoutAndTheNextUpgradeWorks() {
        assertFails(
                () -> helm().upgrade(upgrade("{hangsAt: 'pre-upgrade'}"), Duration.ofSeconds(3), () -> false),
                Code.HELM_TIMED_OUT);
        assertThat(revisions()).containsExactly("1 deployed", "2 failed");

        helm().upgrade(upgrade("{}"), MINUTE, () -> false);

        assertThat(revisions()).contains("3 deployed");
    }

    @Test
    void whatTheServerRefusesLeavesAFailedRevision() {
        assertFails(() -> helm().upgrade(upgrade("{proxy: {replicas: -1}}"), MINUTE, () -> false), Code.HELM_FAILED)
                .message()
                .contains("my-release-milvus-proxy", "must be greater than or equal to 0");
        assertThat(revisions()).contains("2 failed");

        helm().upgrade(upgrade("{proxy: {replicas: 1}}"), MINUTE, () -> false);

        assertThat(revisions()).contains("3 deployed");
    }

    @Test
    void anUnknownReleaseIsMissing() {
        HelmUpgrade upgrade =
                new HelmUpgrade(namespace(), "another", FixtureChart.NEW.archive(charts), json("{}"), "upgrade");

        assertFails(() -> helm().render(upgrade), Code.HELM_RELEASE_MISSING);
        assertFails(() -> helm().upgrade(upgrade, MINUTE, () -> false), Code.HELM_RELEASE_MISSING);
    }

    @Test
    void aMissingChartIsNamed() {
        HelmUpgrade upgrade =
                new HelmUpgrade(namespace(), "my-release", charts.resolve("nothing.tgz"), json("{}"), "upgrade");

        assertFails(() -> helm().render(upgrade), Code.HELM_FAILED).message().contains("nothing.tgz");
        assertThat(revisions()).containsExactly("1 deployed");
    }

    @Test
    void aReleaseThatSomebodyElseChangesIsBusy() {
        setPending();

        assertFails(() -> helm().render(upgrade("{}")), Code.HELM_BUSY);
        assertFails(() -> helm().upgrade(upgrade("{}"), MINUTE, () -> false), Code.HELM_BUSY);
        assertThat(revisions()).containsExactly("1 pending-upgrade");
    }

    @Test
    void whatIsCancelledBeforeIsNotBegun() {
        assertFails(() -> helm().upgrade(upgrade("{}"), MINUTE, () -> true), Code.CANCELLED);
        assertThat(revisions()).containsExactly("1 deployed");
    }

    final HelmUpgrade upgrade(String values) {
        return upgradeTo(json(values));
    }

    private HelmUpgrade upgradeTo(ObjectNode values) {
        return new HelmUpgrade(
                namespace(), "my-release", FixtureChart.NEW.archive(charts), values, "upgrade to 2.2.16");
    }

    final JsonNode deployment() {
        return api().read("/apis/apps/v1/namespaces/" + namespace() + "/deployments/my-release-milvus-proxy");
    }

    private JsonNode configMap() {
        return api().read("/api/v1/namespaces/" + namespace() + "/configmaps/my-release-milvus");
    }

    /** The revisions that Helm keeps, each as {@code number status}, in their order. */
    final List<String> revisions() {
        return api().items("/api/v1/namespaces/" + namespace() + "/secrets", "labelSelector=owner=helm").stream()
                .map(secret -> secret.at("/metadata/labels"))
                .sorted((one, other) ->
                        one.path("version").asInt() - other.path("version").asInt())
                .map(labels -> labels.path("version").asText() + " "
                        + labels.path("status").asText())
                .toList();
    }

    final JsonNode release(int revision) {
        return HelmRecord.decode(
                api().read(secret(revision)).at("/data/release").asText());
    }

    /** As a Helm leaves it that is at work, or was killed at it. */
    private void setPending() {
        ObjectNode release = (ObjectNode) release(1);
        ((ObjectNode) release.path("info")).put("status", "pending-upgrade");
        String data = HelmRecord.encode(release);
        api().patch(
                        JsonApi.MERGE_PATCH,
                        secret(1),
                        "{metadata: {labels: {status: 'pending-upgrade'}}, data: {release: '" + data + "'}}");
    }

    private String secret(int revision) {
        return "/api/v1/namespaces/" + namespace() + "/secrets/sh.helm.release.v1.my-release.v" + revision;
    }

    static AbstractThrowableAssert<?, UpgradeException> assertFails(ThrowingCallable call, Code code) {
        UpgradeException failure = catchThrowableOfType(UpgradeException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
        return assertThat(failure);
    }
}
