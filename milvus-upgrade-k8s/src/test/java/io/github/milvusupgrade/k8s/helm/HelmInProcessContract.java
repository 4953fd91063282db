package io.github.milvusupgrade.k8s.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.testing.TestBed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The contract with Helm in this process, and what is different there. */
abstract class HelmInProcessContract extends HelmClientContract {

    HelmInProcessContract(Supplier<TestBed> beds) {
        super(beds);
    }

    @Override
    final HelmInProcess helm() {
        return HelmInProcess.of(KubeConfigSource.contents(bed().kubeconfig()));
    }

    @Override
    final boolean rendersWithTheCluster() {
        return false;
    }

    @Override
    final void install(Path chart, Path values, Path kubeconfig) {
        SignalGuard.during(() -> new Helm(chart)
                .install()
                .withName("my-release")
                .withNamespace(namespace())
                .withKubeConfig(kubeconfig)
                .withValuesFile(values)
                .call());
    }

    @Test
    void itCannotRollBack() {
        assertFails(() -> helm().rollback(namespace(), "my-release", 1, MINUTE, () -> false), Code.HELM_UNSUPPORTED)
                .hasMessage(
                        "The rollback of %s/my-release to revision 1 is not possible: helm-java has no rollback. Use the"
                                + " helm program, or upgrade to the chart and the values of that revision.",
                        namespace());
    }

    @Test
    void anUpgradeToTheEarlierChartAndValuesDoesWhatARollbackWould() {
        helm().upgrade(upgrade("{image: {all: {tag: 'v2.2.16'}}}"), MINUTE, () -> false);

        ObjectNode earlier = (ObjectNode) release(1).path("config");
        Path chart = FixtureChart.OLD.folder(charts);
        helm().upgrade(new HelmUpgrade(namespace(), "my-release", chart, earlier, "back to 1"), MINUTE, () -> false);

        assertThat(deployment().at(IMAGE).asText()).isEqualTo("milvusdb/milvus:v2.2.2");
        assertThat(deployment().at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(revisions()).containsExactly("1 superseded", "2 superseded", "3 deployed");
    }

    @Test
    void allRevisionsAreKept() {
        for (int i = 0; i < 11; i++) {
            helm().upgrade(upgrade("{typed: 'number " + i + "'}"), MINUTE, () -> false);
        }

        assertThat(revisions()).hasSize(12).last().isEqualTo("12 deployed");
    }

    @Test
    void anInterruptDoesNotEndACallThatWasBegunAndStays() throws InterruptedException {
        Thread caller = Thread.currentThread();
        Thread other = new Thread(() -> {
            Awaitility.await().until(() -> revisions().contains("2 pending-upgrade"));
            caller.interrupt();
        });
        other.start();

        assertFails(
                () -> helm().upgrade(upgrade("{hangsAt: 'pre-upgrade'}"), Duration.ofSeconds(3), () -> false),
                Code.HELM_TIMED_OUT);
        assertThat(Thread.interrupted()).as("interrupted").isTrue();
        other.join();
        assertThat(revisions()).containsExactly("1 deployed", "2 failed");
    }
}
