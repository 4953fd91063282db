package io.github.milvusupgrade.k8s.release;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RecordedRequest;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
        cluster.createNamespace("milvus");
        api.create(SECRETS, ReleaseFixture.secret(1, "deployed").put("type", "Opaque"));
        ObjectNode other = ReleaseFixture.secret(2, "deployed");
        other.withObject("/metadata/labels").put("name", "other");
        api.create(SECRETS, other);

        assertThat(reader.newest()).isEmpty();
        assertThat(reader.history()).isEmpty();
    }

    @Test
    void ordersRevisionsByNumberAndNotByName() {
        cluster.createNamespace("milvus");
        for (int revision : List.of(9, 11, 10)) {
            api.create(SECRETS, ReleaseFixture.secret(revision, revision == 11 ? "deployed" : "superseded"));
        }

        ReleaseHistory history = reader.history().orElseThrow();

        assertThat(history).hasToString("release milvus/my-release [11 deployed, 10 superseded, 9 superseded]");
        assertThat(history.newest().revision()).isEqualTo(11);
        assertThat(history.revision(9)).get().extracting(HelmRelease::revision).isEqualTo(9);
        assertThat(history.revision(8)).isEmpty();
    }
}
