package io.github.milvusupgrade.k8s.release;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RecordedRequest;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReleaseReaderTest {

    private static final String SECRETS = "/api/v1/namespaces/milvus/secrets";

    private final RehearsalCluster cluster = RehearsalCluster.start();
    private final JsonApi api = new JsonApi(cluster.apiClient());
    private final ReleaseReader reader =
            new ReleaseReader(KubeApi.over(cluster.apiClient(), KubeApiOptions.defaults()), "milvus", "my-release");

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void readsWhatHelmRemembersOfAnInstance() {
        Instant before = Instant.now().minus(Duration.ofMinutes(1));
        cluster.seed(MilvusBlueprint.cluster("my-release")
                .namespace("milvus")
                .version("2.2.4")
                .chart("4.0.13")
                .userYaml("log:\n  level: debug\n")
                .helmRelease());

        HelmRelease release = reader.newest().orElseThrow();

        assertThat(release)
                .hasToString("release milvus/my-release revision 1 (deployed), chart milvus 4.0.13 (Milvus 2.2.4)");
        assertThat(release.name()).isEqualTo("my-release");
        assertThat(release.namespace()).isEqualTo("milvus");
        assertThat(release.revision()).isEqualTo(1);
        assertThat(release.status()).isEqualTo(ReleaseStatus.DEPLOYED);
        assertThat(release.chart()).isEqualTo("milvus");
        assertThat(release.chartVersion()).isEqualTo("4.0.13");
        assertThat(release.appVersion()).isEqualTo("2.2.4");
        assertThat(release.config())
                .isEqualTo(json(
                        "{cluster: {enabled: true}, extraConfigFiles: {'user.yaml': 'log:\\n  level: debug\\n'}}"));
        assertThat(release.chartValues().at("/image/all/tag").asText()).isEqualTo("v2.2.4");
        assertThat(release.manifest()).contains("my-release-milvus-proxy");
        assertThat(release.lastDeployed())
                .get(InstanceOfAssertFactories.INSTANT)
                .isAfter(before);
        assertThat(release.description()).isEqualTo("Install complete");
        assertThat(cluster.requests()).noneMatch(RecordedRequest::isWrite);
    }

    @Test
    void findsNothingWhereHelmKnowsNoSuchRelease() {
        ObjectNode other = ReleaseFixture.secret(2, "deployed");
        other.withObject("/metadata/labels").put("name", "other");
        seed(ReleaseFixture.secret(1, "deployed").put("type", "Opaque"), other);

        assertThat(reader.newest()).isEmpty();
        assertThat(reader.history()).isEmpty();
    }

    @Test
    void theReleaseToUpgradeIsTheOneThatRuns() {
        seedRevisions("superseded", "deployed", "failed");

        assertThat(reader.upgradable().revision()).isEqualTo(2);
        assertThat(reader.newest()).get().extracting(HelmRelease::revision).isEqualTo(3);
    }

    @Test
    void aReleaseThatIsNotThereCannotBeUpgraded() {
        cluster.createNamespace("milvus");

        assertNotUpgradable(
                "Helm knows no such release. Look with 'helm list --all --namespace milvus'; what Helm keeps"
                        + " outside of Secrets (HELM_DRIVER) is not seen.");
    }

    @Test
    void aReleaseThatWasUninstalledCannotBeUpgraded() {
        seedRevisions("superseded", "uninstalled");

        assertNotUpgradable("nothing of it is deployed, its revisions are 2 uninstalled, 1 superseded."
                + " See 'helm history my-release --namespace milvus' and install it first.");
    }

    @Test
    void aReleaseOfAnotherChartCannotBeUpgraded() {
        ObjectNode umbrella = ReleaseFixture.release(1, "deployed");
        umbrella.withObject("/chart/metadata").put("name", "rag-platform").put("version", "1.7.0");
        seed(ReleaseFixture.secret(1, "deployed", ReleaseFixture.encoded(ReleaseFixture.gzip(umbrella.toString()))));

        assertNotUpgradable("it was installed by chart rag-platform 1.7.0, not by chart milvus. If Milvus is a part of"
                + " it, upgrade that chart; otherwise name the release of Milvus.");
    }

    @Test
    void tellsSinceWhenARevisionIsPending() {
        seedRevisions("deployed", "pending-upgrade");

        PendingRelease pending = reader.history().orElseThrow().pending().orElseThrow();

        assertThat(pending.revision()).isEqualTo(2);
        assertThat(pending.since()).as("when the API server made the Secret").isPresent();
        assertThat(pending.wayBack()).hasValue(1);
    }

    @Test
    void ordersRevisionsByNumberAndNotByName() {
        seed(
                ReleaseFixture.secret(9, "superseded"),
                ReleaseFixture.secret(11, "deployed"),
                ReleaseFixture.secret(10, "superseded"));

        ReleaseHistory history = reader.history().orElseThrow();

        assertThat(history).hasToString("release milvus/my-release [11 deployed, 10 superseded, 9 superseded]");
        assertThat(history.newest().revision()).isEqualTo(11);
        assertThat(history.revision(9)).get().extracting(HelmRelease::revision).isEqualTo(9);
        assertThat(history.revision(8)).isEmpty();
    }

    private void seedRevisions(String... oldestFirst) {
        seed(IntStream.range(0, oldestFirst.length)
                .mapToObj(i -> ReleaseFixture.secret(i + 1, oldestFirst[i]))
                .toArray(ObjectNode[]::new));
    }

    private void seed(ObjectNode... secrets) {
        cluster.createNamespace("milvus");
        for (ObjectNode secret : secrets) {
            api.create(SECRETS, secret);
        }
    }

    private void assertNotUpgradable(String why) {
        assertThatThrownBy(reader::upgradable)
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.RELEASE_NOT_UPGRADABLE))
                .hasMessage("Release milvus/my-release cannot be upgraded: " + why);
    }
}
