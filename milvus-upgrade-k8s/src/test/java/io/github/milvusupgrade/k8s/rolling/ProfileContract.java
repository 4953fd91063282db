package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.RolloutRecord;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.StepId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a profile replaces together, and what it leaves behind: nothing. */
abstract class ProfileContract extends RollingContract {

    private static final List<String> COORDINATORS = List.of("rootcoord", "datacoord", "indexcoord", "querycoord");
    private static final List<String> NODES = List.of("indexnode", "datanode", "querynode");

    ProfileContract(Supplier<TestBed> beds) {
        super(beds);
    }

    @Test
    void gentlyEveryNewCoordinatorIsThereBeforeAnOldOneGoesThenAllNodesThenTheProxies() {
        InstalledMilvus milvus = install(cluster());
        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(milvus.upgrade(gentle()));

            assertThat(record.orderOf(NEW_IMAGE))
                    .containsExactly(
                            "rootcoord",
                            "datacoord",
                            "indexcoord",
                            "querycoord",
                            "indexnode",
                            "datanode",
                            "querynode",
                            "proxy");
            long allThere = COORDINATORS.stream()
                    .mapToLong(coordinator -> record.begun(coordinator, NEW_IMAGE))
                    .max()
                    .orElseThrow();
            assertThat(COORDINATORS)
                    .allSatisfy(coordinator -> assertThat(record.firstLeaving(coordinator, OLD_IMAGE))
                            .as(coordinator)
                            .isGreaterThan(allThere));
            assertThat(NODES)
                    .allSatisfy(node -> assertThat(record.begun(node, NEW_IMAGE))
                            .as(node)
                            .isGreaterThan(record.gone("rootcoord", OLD_IMAGE)));
            assertThat(record.begun("proxy", NEW_IMAGE)).isGreaterThan(record.complete("querynode", NEW_IMAGE));
        }
    }

    @Test
    void afterwardsNothingButImageLabelAndStandbyIsDifferent() {
        InstalledMilvus milvus = install(cluster());
        SortedMap<String, String> before = milvus.settings();
        JsonNode selector = milvus.selectorOfService();

        assertSucceeded(milvus.upgrade(gentle()));

        milvus.assertUpgradedFrom(before);
        assertThat(milvus.selectorOfService()).isEqualTo(selector);
        assertThat(milvus.userYaml()).contains("enableActiveStandby").doesNotContain("grpc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gentle", "official"})
    void aComponentNeedsNoMoreThanTenRequestsWhileItIsRolled(String profile) {
        InstalledMilvus milvus = install(cluster());
        KubernetesOptions options = profile.equals("gentle") ? gentle() : brisk();
        KubernetesMilvusCluster cluster =
                KubernetesMilvusCluster.connect(milvus.bed().apiClient(), milvus.namespace(), "my-release", options);
        AtomicLong begun = new AtomicLong();
        AtomicLong rolling = new AtomicLong();
        Upgrader upgrader = Upgrader.forCluster(cluster)
                .listener(event -> {
                    if (event instanceof UpgradeEvent.StepStarted) {
                        begun.set(total(cluster.requests()));
                    } else if (event instanceof UpgradeEvent.StepFinished finished
                            && finished.report().step().toString().contains("/roll/")) {
                        rolling.addAndGet(total(cluster.requests()) - begun.get());
                    }
                })
                .build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET)).throwIfFailed();

        assertThat(rolling.get()).as(report.requests().toString()).isLessThanOrEqualTo(10 * 8);
    }

    private static long total(Map<String, Long> requests) {
        return requests.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void settingsThatTheUserMadeAreNotReplacedForAWhile() {
        InstalledMilvus milvus = install(smallCluster().userYaml("grpc:\n  client:\n    dialTimeout: 999\n"));
        List<String> seen = new CopyOnWriteArrayList<>();
        Upgrader upgrader = milvus.upgrader(gentle())
                .listener(when("user.yaml has [", () -> seen.add(milvus.userYaml())))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(seen).singleElement().asString().contains("dialTimeout: 999").contains("maxMaxAttempts: 3");
        assertThat(milvus.userYaml()).contains("dialTimeout: 999").doesNotContain("maxMaxAttempts");
    }

    @Test
    void theServiceLeadsToNewProxiesAloneBeforeOldOnesGo() {
        InstalledMilvus milvus = install(smallCluster().replicas("proxy", 2));
        List<String> hashes = new CopyOnWriteArrayList<>();
        List<Integer> pods = new CopyOnWriteArrayList<>();
        Upgrader upgrader = milvus.upgrader(gentle())
                .listener(when("leads to new pods alone", () -> {
                    hashes.add(
                            milvus.selectorOfService().path("pod-template-hash").asText());
                    pods.add(milvus.podUids("proxy").size());
                }))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(pods).as("two old ones and two new ones").containsExactly(4);
        assertThat(milvus.podUids("proxy").keySet())
                .hasSize(2)
                .allSatisfy(pod -> assertThat(pod).contains("-" + hashes.get(0) + "-"));
        assertThat(milvus.selectorOfService().has("pod-template-hash")).isFalse();
    }

    @Test
    void aCoordinatorThatDoesNotStartTakesNothingFromClientsAndTheWayBackLeadsToWhatWas() {
        InstalledMilvus milvus =
                install(cluster().annotatePods("querycoord", "sim.cluster/fault", "v2.2.16=image-missing"));
        SortedMap<String, String> before = milvus.settings();
        String userYaml = milvus.userYaml();
        Map<String, String> rootcoord = milvus.podUids("rootcoord");
        Upgrader upgrader = milvus.upgrader(gentle()).build();

        UpgradeReport failed = upgrader.execute(upgrader.plan(TARGET));

        assertThat(failureOf(failed).code()).isEqualTo(Code.IMAGE_UNAVAILABLE);
        assertThat(milvus.podUids("rootcoord")).containsAllEntriesOf(rootcoord);
        assertSucceeded(upgrader.execute(upgrader.planRollback(failed.run())));
        assertThat(milvus.changesSince(before)).isEmpty();
        assertThat(milvus.userYaml()).isEqualTo(userYaml);
        assertThat(milvus.podUids("rootcoord")).isEqualTo(rootcoord);
    }

    @Test
    void aCompleteUpgradeGoesBackToWhatWas() {
        InstalledMilvus milvus = install(cluster());
        SortedMap<String, String> before = milvus.settings();
        JsonNode selector = milvus.selectorOfService();
        String userYaml = milvus.userYaml();
        Upgrader upgrader = milvus.upgrader(gentle()).build();
        UpgradeReport upgraded = upgrader.execute(upgrader.plan(TARGET));
        assertSucceeded(upgraded);

        assertSucceeded(upgrader.execute(upgrader.planRollback(upgraded.run())));

        assertThat(milvus.changesSince(before)).isEmpty();
        assertThat(milvus.selectorOfService()).isEqualTo(selector);
        assertThat(milvus.userYaml()).isEqualTo(userYaml);
    }

    @Test
    void fastEverythingOfAKindIsReplacedAtOnce() {
        InstalledMilvus milvus = install(cluster());
        SortedMap<String, String> before = milvus.settings();
        Upgrader upgrader = milvus.upgrader(brisk().withProfile(RollingProfile.named("fast")))
                .build();
        UpgradePlan plan = upgrader.plan(TARGET);

        assertThat(plan.steps())
                .extracting(planned -> planned.step().id())
                .containsExactly(
                        StepId.of("2.2.16/enable-active-standby"),
                        StepId.of("2.2.16/roll/coordinators"),
                        StepId.of("2.2.16/roll/nodes"),
                        StepId.of("2.2.16/roll/proxy"),
                        StepId.of("2.2.16/verify"));
        assertSucceeded(upgrader.execute(plan));
        milvus.assertUpgradedFrom(before);
    }

    @Test
    void stepsOfTheCallerComeBeforeAndAfterTheGroupThatAComponentIsIn() {
        UpgradePlan plan = install(smallCluster())
                .upgrader(gentle().withCoordinatorSettling(Duration.ofSeconds(1)))
                .build()
                .plan(TARGET);

        assertThat(plan.steps().stream()
                        .filter(planned -> planned.step().components().contains(Component.DATANODE)))
                .singleElement()
                .satisfies(planned -> assertThat(planned.step().components())
                        .containsExactlyInAnyOrder(Component.INDEXNODE, Component.DATANODE, Component.QUERYNODE));
    }
}
