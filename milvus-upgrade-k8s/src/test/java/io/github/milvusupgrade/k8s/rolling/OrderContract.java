package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.rollout.Patience;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.k8s.testing.RolloutRecord;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.run.UpgradeReport;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The official order, one component after the other, without a pod less than before, and nothing else changed. */
abstract class OrderContract extends RollingContract {

    private static final List<String> OFFICIAL_ORDER = List.of(
            "rootcoord", "datacoord", "indexcoord", "querycoord", "indexnode", "datanode", "querynode", "proxy");

    private static final String SETTLING = "let the new coordinators settle";
    private static final Duration LONG = Duration.ofMinutes(5);

    OrderContract(Supplier<TestBed> beds) {
        super(beds);
    }

    @Test
    void componentsAreRolledInTheOfficialOrderEachWhenTheOneBeforeIsComplete() {
        InstalledMilvus milvus = install(cluster());
        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(milvus.upgrade(brisk()));

            assertThat(record.orderOf(NEW_IMAGE)).containsExactlyElementsOf(OFFICIAL_ORDER);
            for (int i = 1; i < OFFICIAL_ORDER.size(); i++) {
                String before = OFFICIAL_ORDER.get(i - 1);
                assertThat(record.begun(OFFICIAL_ORDER.get(i), NEW_IMAGE))
                        .as(OFFICIAL_ORDER.get(i) + " begins after " + before)
                        .isGreaterThan(record.complete(before, NEW_IMAGE))
                        .isGreaterThan(before.equals("querynode") ? 0 : record.gone(before, OLD_IMAGE));
            }
        }
    }

    @Test
    void newProxiesDoNotWaitForTheEndOfOldQueryNodesButTheRunDoes() {
        InstalledMilvus milvus = install(smallCluster().annotatePods("querynode", "sim.cluster/stops-after", "8s"));
        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(milvus.upgrade(brisk()));

            assertThat(milvus.podUids("querynode")).hasSize(1);
            assertThat(record.begun("proxy", NEW_IMAGE)).isLessThan(record.gone("querynode", OLD_IMAGE));
        }
    }

    @Test
    void nodesWaitUntilTheNewCoordinatorsHaveTakenOver() {
        InstalledMilvus milvus = install(smallCluster().annotatePods("mixcoord", "sim.cluster/ready-after", "4s"));
        List<String> told = new CopyOnWriteArrayList<>();
        Upgrader upgrader = milvus.upgrader(blind().withCoordinatorSettling(Duration.ofSeconds(2)))
                .listener(event -> told.add(event.describe()))
                .listener(when(SETTLING, () -> scaleCoordinator(milvus)))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(told.stream().map(line -> line.replaceFirst("^\\s*", "")))
                .containsSubsequence(
                        "waiting for unhealthy components: my-release-milvus-mixcoord has 1 of 2 pods available",
                        "all components are healthy again",
                        "APPLIED: every component was available for 2 s");
        assertThat(milvus.imagesOf("proxy")).containsExactly(NEW_IMAGE);
    }

    @Test
    void coordinatorsThatDoNotComeToRestStopTheUpgradeBeforeTheNodes() {
        InstalledMilvus milvus = install(smallCluster());
        Upgrader upgrader = milvus.upgrader(blind().withCoordinatorSettling(Duration.ofSeconds(2))
                        .withPatience(new Patience(LONG, LONG, 2, Duration.ofSeconds(1), LONG, LONG, LONG)))
                .listener(when(SETTLING, () -> milvus.createQuota("full", 1)))
                .listener(when(SETTLING, () -> scaleCoordinator(milvus)))
                .build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(failureOf(report).code()).isEqualTo(Code.UNHEALTHY);
        assertThat(failureOf(report).message())
                .contains("Before the components that depend on coordinators may be touched, all components of "
                        + milvus.namespace() + "/my-release must be healthy for 2 s without a break, but in 3 s:"
                        + " my-release-milvus-mixcoord has 1 of 2 pods available. Nothing of this step was changed. Bring"
                        + " them back, then resume; or roll back.");
        assertThat(milvus.imagesOf("proxy")).containsExactly(OLD_IMAGE);
    }

    private static void scaleCoordinator(InstalledMilvus milvus) {
        milvus.patch("mixcoord", JsonApi.MERGE_PATCH, "{spec: {replicas: 2}}");
    }

    @Test
    void aRunCountsAsDoneWhenEveryComponentIsHealthyEvenIfItsTurnIsLongOver() {
        InstalledMilvus milvus = install(smallCluster().annotatePods("mixcoord", "sim.cluster/ready-after", "6s"));
        Upgrader upgrader = milvus.upgrader(brisk())
                .listener(when(
                        "verify that", () -> milvus.patch("mixcoord", JsonApi.MERGE_PATCH, "{spec: {replicas: 2}}")))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(milvus.deployment("mixcoord").at("/status/availableReplicas").asInt())
                .isEqualTo(2);
    }

    @Test
    void noComponentEverHasFewerAvailablePodsThanBefore() {
        InstalledMilvus milvus =
                install(cluster().replicas("querynode", 2).replicas("proxy", 2).replicas("rootcoord", 2));
        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(milvus.upgrade(brisk()));

            assertThat(record.fewestAvailable())
                    .hasSize(8)
                    .containsEntry("my-release-milvus-rootcoord", 2)
                    .containsEntry("my-release-milvus-querynode", 2)
                    .containsEntry("my-release-milvus-proxy", 2)
                    .allSatisfy((deployment, available) ->
                            assertThat(available).as(deployment).isPositive());
        }
    }

    @Test
    void nothingButImageAndVersionLabelIsDifferentAfterwards() {
        InstalledMilvus milvus = install(cluster());
        SortedMap<String, String> before = milvus.settings();

        assertSucceeded(milvus.upgrade(brisk().withProfile(Profiles.official(1))));

        milvus.assertUpgradedFrom(before);
    }
}
