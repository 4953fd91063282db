package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.k8s.testing.RolloutRecord;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.plan.PlannedStep;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import java.time.Duration;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Every shape that the chart can give an instance. */
abstract class TopologyContract extends RollingContract {

    TopologyContract(Supplier<TestBed> beds) {
        super(beds);
    }

    @Test
    void mixcoordTakesThePlaceOfTheCoordinators() {
        InstalledMilvus milvus = install(smallCluster());
        SortedMap<String, String> before = milvus.settings();
        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(milvus.upgrade(brisk().withProfile(Profiles.official(1))));

            assertThat(record.orderOf(NEW_IMAGE))
                    .containsExactly("mixcoord", "indexnode", "datanode", "querynode", "proxy");
            assertThat(record.fewestAvailable())
                    .allSatisfy((deployment, available) ->
                            assertThat(available).as(deployment).isPositive());
            assertThat(record.statesOf("mixcoord"))
                    .as("it counts as a coordinator, and has to prove itself")
                    .anySatisfy(state -> assertThat(
                                    state.at("/spec/minReadySeconds").asInt())
                            .isEqualTo(1));
        }
        milvus.assertUpgradedFrom(before);
    }

    @Test
    void standaloneIsRolledIfItsQueueIsNotEmbedded() {
        InstalledMilvus milvus =
                install(MilvusBlueprint.standalone(RELEASE).version("2.2.3").messageQueue("kafka"));
        SortedMap<String, String> before = milvus.settings();
        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(milvus.upgrade(brisk()));

            assertThat(record.fewestAvailable()).containsEntry("my-release-milvus-standalone", 1);
        }
        milvus.assertUpgradedFrom(before);
        assertThat(milvus.userYaml())
                .contains("rootCoord", "queryCoord", "dataCoord", "indexCoord", "enableActiveStandby: true");
    }

    @Test
    void theDeploymentsOfAllResourceGroupsBelongToTheStepOfTheQueryNodes() {
        InstalledMilvus milvus = install(smallCluster().queryNodeGroups("gold", "silver"));
        SortedMap<String, String> before = milvus.settings();
        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(milvus.upgrade(brisk()));

            assertThat(record.deploymentsInOrderOf(NEW_IMAGE))
                    .containsExactly(
                            "my-release-milvus-mixcoord",
                            "my-release-milvus-indexnode",
                            "my-release-milvus-datanode",
                            "my-release-milvus-querynode",
                            "my-release-milvus-querynode-gold",
                            "my-release-milvus-querynode-silver",
                            "my-release-milvus-proxy");
        }
        milvus.assertUpgradedFrom(before);
    }

    @Test
    void aResourceGroupWithAnImageOfItsOwnKeepsItsVariant() {
        InstalledMilvus milvus = install(smallCluster().queryNodeGroups("gpu"));
        milvus.setImageOf("my-release-milvus-querynode-gpu", "querynode", "registry.example:5000/milvus:v2.2.3-gpu");
        milvus.awaitSettled();

        assertSucceeded(milvus.upgrade(brisk()));

        assertThat(milvus.imagesOf("querynode"))
                .containsExactlyInAnyOrder(NEW_IMAGE, "registry.example:5000/milvus:v2.2.16-gpu");
    }

    @Test
    void anInstanceIsFoundByItsLabelsWhateverItsObjectsAreCalled() {
        InstalledMilvus milvus = install(smallCluster().nameOverride("vectors").fullnameOverride("acme"));
        SortedMap<String, String> before = milvus.settings();

        assertSucceeded(milvus.upgrade(brisk()));

        assertThat(milvus.deployments()).containsKey("acme-mixcoord");
        milvus.assertUpgradedFrom(before);
        assertThat(milvus.configMap("acme").at("/data/user.yaml").asText()).contains("enableActiveStandby: true");
    }

    @Test
    void row64AComponentWithoutPodsGetsTheImageAndIsNotWaitedFor() {
        InstalledMilvus milvus = install(smallCluster().replicas("indexnode", 0));

        UpgradeReport report = milvus.upgrade(brisk());

        assertSucceeded(report);
        assertThat(milvus.imagesOf("indexnode")).containsExactly(NEW_IMAGE);
        assertThat(milvus.deployment("indexnode").at("/spec/replicas").asInt()).isZero();
    }

    @Test
    void theVariantForGpusStaysOne() {
        InstalledMilvus milvus = install(smallCluster().tag("querynode", "v2.2.3-gpu"));

        assertSucceeded(milvus.upgrade(brisk()));

        assertThat(milvus.imagesOf("querynode")).containsExactly("milvusdb/milvus:v2.2.16-gpu");
        assertThat(milvus.imagesOf("datanode")).containsExactly(NEW_IMAGE);
    }

    @Test
    void anImageOfOnesOwnReplacesAllOthers() {
        String own = "registry.example:5000/team/milvus:v2.2.16-patched";
        InstalledMilvus milvus = install(smallCluster());
        Upgrader upgrader = milvus.upgrader(brisk()).build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET, ImageReference.parse(own))));

        assertThat(milvus.images())
                .hasSize(5)
                .allSatisfy(
                        (component, images) -> assertThat(images).as(component).isEqualTo(Set.of(own)));
    }

    @Test
    void withAnExecutorDataAndQueryNodesGoTogetherAndTheProxyStillComesLast() {
        InstalledMilvus milvus = install(smallCluster()
                .annotatePods("datanode", "sim.cluster/ready-after", "3s")
                .annotatePods("querynode", "sim.cluster/ready-after", "3s"));
        SortedMap<String, String> before = milvus.settings();
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (RolloutRecord record = milvus.record()) {
            Upgrader upgrader = milvus.upgrader(brisk()).parallel(executor).build();
            assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

            assertThat(record.begun("querynode", NEW_IMAGE)).isLessThan(record.complete("datanode", NEW_IMAGE));
            assertThat(record.begun("datanode", NEW_IMAGE)).isLessThan(record.complete("querynode", NEW_IMAGE));
            assertThat(record.begun("proxy", NEW_IMAGE))
                    .isGreaterThan(record.complete("datanode", NEW_IMAGE))
                    .isGreaterThan(record.complete("querynode", NEW_IMAGE));
        } finally {
            executor.shutdownNow();
        }
        milvus.assertUpgradedFrom(before);
    }

    @Test
    void row66TheTimeOfAStepGrowsWithItsPods() {
        InstalledMilvus milvus = install(smallCluster().replicas("querynode", 4));
        KubernetesOptions options = brisk().withTimeoutPerPod(Duration.ofMinutes(1));

        assertThat(milvus.upgrader(options).build().plan(TARGET).steps())
                .map(PlannedStep::step)
                .extracting(UpgradeStep::components, UpgradeStep::timeout)
                .contains(
                        tuple(Set.of(Component.QUERYNODE), Duration.ofMinutes(5)),
                        tuple(Set.of(Component.PROXY), Duration.ofMinutes(2)));
    }
}
