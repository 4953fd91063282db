package io.github.milvusupgrade.k8s.helm;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.RealCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The contract with a real {@code helm} program and a real Kubernetes, and what only the program can do. */
abstract class HelmCommandContract extends HelmClientContract {

    private final String variable;
    private String binary;
    private RealCluster cluster;
    private RealCluster.Namespace namespace;
    private JsonApi api;

    HelmCommandContract(String variable) {
        this.variable = variable;
    }

    @Override
    final void prepare() {
        cluster = RealCluster.orSkip();
        binary = System.getenv(variable);
        if (binary == null || binary.isBlank()) {
            String why = "no helm for integration tests : " + variable + " is not set. Set it to the path of one.";
            System.out.println("SKIPPED: " + why);
            Assumptions.abort(why);
        }
        api = new JsonApi(cluster.apiClient());
        namespace = cluster.newNamespace();
    }

    @AfterEach
    void deleteNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Override
    final JsonApi api() {
        return api;
    }

    @Override
    final String namespace() {
        return namespace.name();
    }

    @Override
    final HelmCommand helm() {
        return HelmCommand.builder(KubeConfigSource.file(cluster.kubeconfig()))
                .binary(binary)
                .build();
    }

    @Override
    final void install(Path chart, ObjectNode values) {
        try {
            Path file = Files.writeString(charts.resolve("installed-values.yaml"), values.toString());
            Process process = new ProcessBuilder(
                            binary,
                            "install",
                            "my-release",
                            chart.toString(),
                            "--namespace=" + namespace(),
                            "--kubeconfig=" + cluster.kubeconfig(),
                            "--values=" + file)
                    .inheritIO()
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
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
                .hasMessageContaining("release has no 7 version");
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
    void aHookThatHangsIsATimeoutAndTheNextUpgradeWorks() {
        assertFails(
                () -> helm().upgrade(upgrade("{hangingHook: true}"), Duration.ofSeconds(3), () -> false),
                Code.HELM_TIMED_OUT);
        assertThat(revisions()).containsExactly("1 deployed", "2 failed");

        helm().upgrade(upgrade("{}"), MINUTE, () -> false);

        assertThat(revisions()).contains("3 deployed");
    }

    @Test
    void aCancelledUpgradeIsLeftFailedAndTheNextWorks() {
        String job = "/apis/batch/v1/namespaces/" + namespace() + "/jobs/my-release-hangs";

        assertFails(
                () -> helm().upgrade(
                                upgrade("{hangingHook: true}"),
                                MINUTE,
                                () -> api().get(job).code() == 200),
                Code.CANCELLED);
        assertThat(revisions()).containsExactly("1 deployed", "2 failed");

        helm().upgrade(upgrade("{}"), MINUTE, () -> false);

        assertThat(revisions()).contains("3 deployed");
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

    private void patchImage(String image) {
        api().patch(
                        JsonApi.STRATEGIC_PATCH,
                        "/apis/apps/v1/namespaces/" + namespace() + "/deployments/my-release-milvus-proxy",
                        "{spec: {template: {spec: {containers: [{name: 'proxy', image: '" + image + "'}]}}}}",
                        "fieldManager=milvus-upgrade");
    }
}
