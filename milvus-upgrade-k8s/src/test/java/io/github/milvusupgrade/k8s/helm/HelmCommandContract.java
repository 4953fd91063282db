package io.github.milvusupgrade.k8s.helm;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.RealHelm;
import io.github.milvusupgrade.k8s.testing.TestBed;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The contract with a real {@code helm} program, and what only the program can do. */
abstract class HelmCommandContract extends HelmClientContract {

    private final RealHelm helm;

    /** @param major the version of Helm; skips the test if there is none of it */
    HelmCommandContract(int major, Supplier<TestBed> beds) {
        super(beds);
        helm = RealHelm.orSkip(major);
    }

    @Override
    final HelmCommand helm() {
        return HelmCommand.builder(KubeConfigSource.contents(bed().kubeconfig()))
                .binary(helm.binary().toString())
                .build();
    }

    @Override
    final void install(Path chart, Path values, Path kubeconfig) {
        helm.install(namespace(), "my-release", chart, values, kubeconfig);
    }

    @Test
    void aDryRunLooksThingsUpInTheClusterThatItIsAbout() {
        Path chart = FixtureChart.CURIOUS.archive(charts);

        RenderedRelease rendered =
                helm().render(new HelmUpgrade(namespace(), "my-release", chart, json("{}"), "upgrade to 2.6.0"));

        assertThat(rendered.objects())
                .filteredOn(object -> object.name().equals("my-release-found"))
                .singleElement()
                .satisfies(found ->
                        assertThat(found.json().at("/data/found").asText()).isEqualTo("Namespace"));
    }

    @Test
    void aRollbackReturnsToAnEarlierRevision() {
        helm().upgrade(upgrade("{image: {all: {tag: 'v2.2.16'}}, proxy: {replicas: 3}}"), MINUTE, () -> false);

        helm().rollback(namespace(), "my-release", 1, MINUTE, () -> false);

        assertThat(revisions()).containsExactly("1 superseded", "2 superseded", "3 deployed");
        assertThat(release(3).at("/config")).isEqualTo(json("{proxy: {replicas: 2}, typed: 'of the user'}"));
        assertThat(deployment().at(IMAGE).asText()).isEqualTo("milvusdb/milvus:v2.2.2");
        assertThat(deployment().at("/spec/replicas").asInt()).isEqualTo(2);
    }

    @Test
    void aRollbackNeedsReleaseAndRevision() {
        assertFails(() -> helm().rollback(namespace(), "my-release", 7, MINUTE, () -> false), Code.HELM_RELEASE_MISSING)
                .message()
                .startsWith("The rollback of " + namespace() + "/my-release to revision 7 failed: Helm knows no such"
                        + " release, or not that revision of it.");
        assertFails(() -> helm().rollback(namespace(), "another", 1, MINUTE, () -> false), Code.HELM_RELEASE_MISSING);
    }

    @Test
    void tenRevisionsAreKept() {
        for (int i = 0; i < 11; i++) {
            helm().upgrade(upgrade("{typed: 'number " + i + "'}"), MINUTE, () -> false);
        }

        assertThat(revisions()).hasSize(10).last().isEqualTo("12 deployed");
    }

    @Test
    void aCancelledUpgradeIsLeftFailedAndTheNextWorks() {
        assertFails(() -> helm().upgrade(upgrade("{hangsAt: 'pre-upgrade'}"), MINUTE, this::hangs), Code.CANCELLED);
        assertThat(revisions()).containsExactly("1 deployed", "2 failed");

        helm().upgrade(upgrade("{}"), MINUTE, () -> false);

        assertThat(revisions()).contains("3 deployed");
    }

    @Test
    void aCancelledRollbackIsLeftPendingAndTheNextWorks() {
        helm().upgrade(upgrade("{hangsAt: 'pre-rollback'}"), MINUTE, () -> false);
        helm().upgrade(upgrade("{}"), MINUTE, () -> false);

        assertFails(() -> helm().rollback(namespace(), "my-release", 2, MINUTE, this::hangs), Code.CANCELLED);
        assertThat(revisions()).last().isEqualTo("4 pending-rollback");
        assertFails(() -> helm().upgrade(upgrade("{}"), MINUTE, () -> false), Code.HELM_BUSY);

        helm().rollback(namespace(), "my-release", 3, MINUTE, () -> false);

        assertThat(revisions()).last().isEqualTo("5 deployed");
    }

    @Test
    void aRolloutOfOursIsNoObstacleIfTheValuesSayTheSame() {
        patchImage("milvusdb/milvus:v2.2.16");

        helm().upgrade(upgrade("{image: {all: {tag: 'v2.2.16'}}, proxy: {replicas: 2}}"), MINUTE, () -> false);

        assertThat(deployment().at(IMAGE).asText()).isEqualTo("milvusdb/milvus:v2.2.16");
        assertThat(revisions()).containsExactly("1 superseded", "2 deployed");
    }

    @Test
    void aRollbackTakesBackWhatAnotherFieldManagerHasSet() {
        patchImage("milvusdb/milvus:v2.2.16");
        helm().upgrade(upgrade("{image: {all: {tag: 'v2.2.16'}}, proxy: {replicas: 2}}"), MINUTE, () -> false);

        helm().rollback(namespace(), "my-release", 1, MINUTE, () -> false);

        assertThat(deployment().at(IMAGE).asText()).isEqualTo("milvusdb/milvus:v2.2.2");
        assertThat(revisions()).last().isEqualTo("3 deployed");
    }

    @Test
    void whatWasPatchedIsReplacedWhereHelmApplies() {
        assumeThat(serverApplies()).isFalse();
        patchImage("milvusdb/milvus:v2.2.16");

        helm().upgrade(upgrade("{image: {all: {tag: 'v2.2.15'}}}"), MINUTE, () -> false);

        assertThat(deployment().at(IMAGE).asText()).isEqualTo("milvusdb/milvus:v2.2.15");
    }

    @Test
    void whatWasPatchedIsKeptWhereTheServerAppliesEvenAfterAnUpgradeThatSaidTheSame() {
        assumeThat(serverApplies() && bed() instanceof TestBed.Real)
                .as("a server that keeps owners of fields")
                .isTrue();
        patchImage("milvusdb/milvus:v2.2.16");
        helm().upgrade(upgrade("{image: {all: {tag: 'v2.2.16'}}}"), MINUTE, () -> false);

        assertFails(
                        () -> helm().upgrade(upgrade("{image: {all: {tag: 'v2.2.15'}}}"), MINUTE, () -> false),
                        Code.CHANGED_BY_OTHERS)
                .message()
                .contains("conflict with \"milvus-upgrade\"");
        assertThat(deployment().at(IMAGE).asText()).isEqualTo("milvusdb/milvus:v2.2.16");
    }

    private boolean serverApplies() {
        return release(1).path("apply_method").asText().equals("ssa");
    }

    /** Whether the hook is there that never ends. */
    private boolean hangs() {
        return api().get("/api/v1/namespaces/" + namespace() + "/pods/my-release-hangs")
                        .code()
                == 200;
    }

    private void patchImage(String image) {
        api().patch(
                        JsonApi.STRATEGIC_PATCH,
                        "/apis/apps/v1/namespaces/" + namespace() + "/deployments/my-release-milvus-proxy",
                        "{spec: {template: {spec: {containers: [{name: 'proxy', image: '" + image + "'}]}}}}",
                        "fieldManager=milvus-upgrade");
    }
}
