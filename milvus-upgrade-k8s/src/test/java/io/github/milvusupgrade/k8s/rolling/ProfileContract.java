package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rollout.RestartMark;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.RolloutRecord;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.StepReport;
import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.GateAnswer;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a profile replaces together, and what it leaves behind: nothing. */
abstract class ProfileContract extends RollingContract {

    private static final StepId RESTART = StepId.of("2.2.16/restart/proxy");
    private static final List<String> OTHER_COORDINATORS = List.of("datacoord", "indexcoord", "querycoord");
    private static final List<String> NODES = List.of("indexnode", "datanode", "querynode");

    ProfileContract(Supplier<TestBed> beds) {
        super(beds);
    }

    @Test
    void gentlyTheRootCoordinatorHandsOverThenTheOthersTogetherThenAllNodesThenTheProxies() {
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
            assertThat(record.begun("datacoord", NEW_IMAGE)).isGreaterThan(record.gone("rootcoord", OLD_IMAGE));
            long allThere = OTHER_COORDINATORS.stream()
                    .mapToLong(coordinator -> record.begun(coordinator, NEW_IMAGE))
                    .max()
                    .orElseThrow();
            assertThat(OTHER_COORDINATORS)
                    .allSatisfy(coordinator -> assertThat(record.firstLeaving(coordinator, OLD_IMAGE))
                            .as(coordinator)
                            .isGreaterThan(allThere));
            assertThat(NODES)
                    .allSatisfy(node -> assertThat(record.begun(node, NEW_IMAGE))
                            .as(node)
                            .isGreaterThan(record.gone("querycoord", OLD_IMAGE)));
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
    void aComponentNeedsNoMoreThanTenRequestsWhileItIsRolledAndProxiesThatStartAnewTwenty(String profile) {
        InstalledMilvus milvus = install(cluster());
        KubernetesOptions options = profile.equals("gentle") ? gentle() : brisk();
        KubernetesMilvusCluster cluster =
                KubernetesMilvusCluster.connect(milvus.bed().apiClient(), milvus.namespace(), "my-release", options);
        AtomicLong begun = new AtomicLong();
        AtomicLong rolling = new AtomicLong();
        AtomicLong restarting = new AtomicLong();
        Upgrader upgrader = Upgrader.forCluster(cluster)
                .listener(event -> {
                    if (event instanceof UpgradeEvent.StepStarted) {
                        begun.set(total(cluster.requests()));
                    } else if (event instanceof UpgradeEvent.StepFinished finished) {
                        long needed = total(cluster.requests()) - begun.get();
                        String step = finished.report().step().toString();
                        rolling.addAndGet(step.contains("/roll/") ? needed : 0);
                        restarting.addAndGet(step.contains("/restart/") ? needed : 0);
                    }
                })
                .build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET)).throwIfFailed();

        int toBeginToListen = 2;
        int onASlowMachine = 8; // A gate that does not pass at once asks again.
        assertThat(rolling.get())
                .as(report.requests().toString())
                .isLessThanOrEqualTo(10 * 8 + toBeginToListen + onASlowMachine);
        assertThat(restarting.get()).as(report.requests().toString()).isLessThanOrEqualTo(20);
    }

    private static String summaryOfRestart(UpgradeReport report) {
        return report.steps().stream()
                .filter(step -> step.step().equals(RESTART))
                .map(StepReport::summary)
                .collect(Collectors.joining());
    }

    private static long total(Map<String, Long> requests) {
        return requests.values().stream().mapToLong(Long::longValue).sum();
    }

    @ParameterizedTest(name = "{0} {1} -> {2}: {3}")
    @CsvSource({
        "cluster,    2.2.3,  2.2.16, enable-active-standby roll/rootcoord restart/proxy roll/coordinators roll/nodes"
                + " roll/proxy verify",
        "mixcoord,   2.2.3,  2.2.16, enable-active-standby roll/mixcoord restart/proxy roll/nodes roll/proxy verify",
        "cluster,    2.2.16, 2.3.5,  enable-active-standby restart/proxy roll/coordinators roll/nodes roll/proxy verify",
        "cluster,    2.3.1,  2.3.5,  enable-active-standby roll/coordinators roll/nodes roll/proxy verify",
        "standalone, 2.2.3,  2.2.16, enable-active-standby roll/standalone verify",
    })
    void proxiesWhosePatienceIsLongAreStartedAnew(String kind, String from, String to, String steps) {
        MilvusBlueprint blueprint = switch (kind) {
            case "cluster" -> MilvusBlueprint.cluster(RELEASE);
            case "mixcoord" -> MilvusBlueprint.mixcoord(RELEASE);
            default -> MilvusBlueprint.standalone(RELEASE).messageQueue("kafka");
        };

        UpgradePlan plan = install(blueprint.version(from))
                .upgrader(gentle().withCoordinatorSettling(Duration.ZERO))
                .build()
                .plan(MilvusVersion.parse(to));

        assertThat(plan.steps().stream()
                        .map(planned -> planned.step().id().toString().substring(to.length() + 1))
                        .collect(Collectors.joining(" ")))
                .isEqualTo(steps);
    }

    @Test
    void proxiesStartAnewWithSettingsByWhichTheyNoticeSooner() {
        InstalledMilvus milvus = install(cluster().replicas("proxy", 2));
        Set<String> before = milvus.podUids("proxy").keySet();
        List<String> userYaml = new CopyOnWriteArrayList<>();
        Map<String, Set<String>> proxies = new LinkedHashMap<>();
        Upgrader upgrader = milvus.upgrader(gentle())
                .listener(
                        when("user.yaml has [grpc.client.initialBackOff: '0.5'", () -> userYaml.add(milvus.userYaml())))
                .listener(event -> {
                    if (event instanceof UpgradeEvent.StepStarted started) {
                        proxies.put(
                                started.step().toString(),
                                milvus.podUids("proxy").keySet());
                    }
                })
                .build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET)).throwIfFailed();

        assertThat(summaryOfRestart(report)).startsWith("proxy runs " + OLD_IMAGE + " in new pods, ");
        assertThat(userYaml)
                .singleElement()
                .asString()
                .contains("shardLeaderCacheInterval: 10")
                .contains("dialTimeout: 500");
        assertThat(proxies).containsEntry("2.2.16/restart/proxy", before);
        Set<String> anew = proxies.get("2.2.16/roll/coordinators");
        assertThat(anew).hasSize(2).doesNotContainAnyElementsOf(before);
        assertThat(proxies).containsEntry("2.2.16/roll/proxy", anew);
        assertThat(milvus.userYaml()).doesNotContain("shardLeaderCacheInterval");
        assertThat(milvus.deployment("proxy")
                        .at("/spec/template/metadata/annotations")
                        .has(RestartMark.NAME))
                .isFalse();
    }

    @Test
    void gatesOfTheCallerStandAfterTheRollToTheTargetAlone() {
        AskedGate gate =
                AskedGate.after(Component.PROXY::equals, "clients are asked", GateAnswer.passed("they are content"));
        InstalledMilvus milvus = install(smallCluster());

        assertSucceeded(milvus.upgrade(gentle().withGate(gate)));

        assertThat(gate.asked()).containsExactly("proxy");
    }

    @Test
    void settingsThatTheUserMadeAreNotReplacedForAWhile() {
        InstalledMilvus milvus = install(smallCluster().userYaml("grpc:\n  client:\n    dialTimeout: 999\n"));
        List<String> seen = new CopyOnWriteArrayList<>();
        Upgrader upgrader = milvus.upgrader(gentle())
                .listener(when("user.yaml has [", () -> seen.add(milvus.userYaml())))
                .build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET)).throwIfFailed();

        assertThat(summaryOfRestart(report))
                .isEqualTo("proxy stays as it is: not all of [grpc.client.initialBackOff, grpc.client.maxBackoff,"
                        + " grpc.client.dialTimeout, proxy.shardLeaderCacheInterval] can be set for a while");
        assertThat(seen).singleElement().asString().contains("dialTimeout: 999").contains("maxMaxAttempts: 3");
        assertThat(milvus.userYaml()).contains("dialTimeout: 999").doesNotContain("maxMaxAttempts");
    }

    @Test
    void theServiceLeadsToNewProxiesAloneBeforeOldOnesGo() {
        InstalledMilvus milvus = install(smallCluster().replicas("proxy", 2));
        List<String> hashes = new CopyOnWriteArrayList<>();
        List<Integer> pods = new CopyOnWriteArrayList<>();
        Upgrader upgrader = milvus.upgrader(gentle())
                .listener(event -> {
                    if (event.describe().contains("Service my-release-milvus leads to new pods alone")) {
                        hashes.add(milvus.selectorOfService()
                                .path("pod-template-hash")
                                .asText());
                        pods.add(milvus.podUids("proxy").size());
                    }
                })
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(pods).as("two old ones and two new ones, twice").containsExactly(4, 4);
        assertThat(milvus.podUids("proxy").keySet())
                .hasSize(2)
                .allSatisfy(pod -> assertThat(pod).contains("-" + hashes.get(1) + "-"));
        assertThat(milvus.selectorOfService().has("pod-template-hash")).isFalse();
    }

    @Test
    void aCoordinatorThatDoesNotStartTakesNothingFromClientsAndTheWayBackLeadsToWhatWas() {
        InstalledMilvus milvus =
                install(cluster().annotatePods("querycoord", "sim.cluster/fault", "v2.2.16=image-missing"));
        SortedMap<String, String> before = milvus.settings();
        String userYaml = milvus.userYaml();
        Map<String, String> datacoord = milvus.podUids("datacoord");
        Upgrader upgrader = milvus.upgrader(gentle()).build();

        UpgradeReport failed = upgrader.execute(upgrader.plan(TARGET));

        assertThat(failureOf(failed).code()).isEqualTo(Code.IMAGE_UNAVAILABLE);
        assertThat(milvus.podUids("datacoord")).containsAllEntriesOf(datacoord);
        assertSucceeded(upgrader.execute(upgrader.planRollback(failed.run())));
        assertThat(milvus.changesSince(before)).isEmpty();
        assertThat(milvus.userYaml()).isEqualTo(userYaml);
        assertThat(milvus.podUids("datacoord")).isEqualTo(datacoord);
    }

    @Test
    void aCompleteUpgradeGoesBackToWhatWasByProxiesThatNoticeSooner() {
        InstalledMilvus milvus = install(cluster());
        SortedMap<String, String> before = milvus.settings();
        JsonNode selector = milvus.selectorOfService();
        String userYaml = milvus.userYaml();
        List<String> told = new CopyOnWriteArrayList<>();
        Upgrader upgrader = milvus.upgrader(gentle())
                .listener(event -> told.add(event.describe()))
                .build();
        UpgradeReport upgraded = upgrader.execute(upgrader.plan(TARGET));
        assertSucceeded(upgraded);
        told.clear();

        assertSucceeded(upgrader.execute(upgrader.planRollback(upgraded.run())));

        assertThat(told.stream().filter(text -> text.contains("user.yaml has [")))
                .singleElement()
                .asString()
                .contains("shardLeaderCacheInterval");

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
