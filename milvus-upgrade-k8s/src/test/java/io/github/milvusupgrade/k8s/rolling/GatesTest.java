package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.InjectedFault;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.PodAnswer;
import io.github.milvusupgrade.k8s.rehearsal.PodFault;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.StepReport;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.GateAnswer;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gates between the steps: what Milvus says of itself decides whether the next component is touched. */
class GatesTest extends RollingContract {

    private static final List<String> ALL = List.of(
            "rootcoord", "datacoord", "indexcoord", "querycoord", "indexnode", "datanode", "querynode", "proxy");

    GatesTest() {
        super(TestBed::rehearsal);
    }

    @Test
    void aPlanSaysWhatHasToBeSeenAfterEachComponentAndHasNoPauseForCoordinators() {
        UpgradePlan plan = install(cluster())
                .upgrader(KubernetesOptions.defaults().withProfile(RollingProfile.official()))
                .build()
                .plan(TARGET);

        assertThat(plan.describe().lines().filter(line -> line.contains("roll ") || line.contains("gate: ")))
                .extracting(line -> line.replaceFirst("  +undo.*", "").strip())
                .containsExactly(
                        "2  roll rootcoord to 2.2.16",
                        "gate: one rootcoord is active, any other stands by",
                        "3  roll datacoord to 2.2.16",
                        "gate: one datacoord is active, any other stands by",
                        "4  roll indexcoord to 2.2.16",
                        "gate: one indexcoord is active, any other stands by",
                        "5  roll querycoord to 2.2.16",
                        "gate: one querycoord is active, any other stands by",
                        "6  roll indexnode to 2.2.16",
                        "gate: every index node is healthy",
                        "7∥ roll datanode to 2.2.16",
                        "gate: every data node is healthy, the new ones have channels",
                        "8∥ roll querynode to 2.2.16",
                        "gate: every query node is healthy and registered, what was loaded is on the new ones",
                        "9  roll proxy to 2.2.16",
                        "gate: every proxy is healthy");
    }

    @Test
    void theReportSaysWhatWasSeen() {
        UpgradeReport report =
                install(cluster().replicas("rootcoord", 2).replicas("proxy", 2)).upgrade(gated());

        assertSucceeded(report);
        assertThat(report.warnings()).isEmpty();
        assertThat(summary(report, "2.2.16/roll/rootcoord"))
                .isEqualTo("rootcoord runs " + NEW_IMAGE + ", rootcoord is active in one of 2 pods");
        assertThat(summary(report, "2.2.16/roll/querynode"))
                .isEqualTo("querynode runs " + NEW_IMAGE + ", 1 of 1 healthy and registered, what was loaded is on the"
                        + " new ones");
        assertThat(summary(report, "2.2.16/roll/proxy")).isEqualTo("proxy runs " + NEW_IMAGE + ", 2 of 2 healthy");
    }

    @Test
    void lookingIsCheap() {
        InstalledMilvus milvus = install(cluster());
        Upgrader upgrader = milvus.upgrader(gated()).build();
        UpgradePlan plan = upgrader.plan(TARGET);
        upgrader.preflight(plan);
        long before = asked(milvus);

        assertSucceeded(upgrader.execute(plan));

        // Preflight asks one pod of each component. Then each component once, the query nodes before as well as after
        // the roll with their coordinator, the data nodes before and after.
        assertThat(asked(milvus) - before).isEqualTo(8 + 8 + 4 + 2);
    }

    @ParameterizedTest(name = "a {0} that stays a standby")
    @CsvSource({"rootcoord, 1", "querycoord, 4"})
    void aStandbyThatNeverBecomesActiveStopsTheUpgradeBeforeTheNextComponent(String coordinator, int touched) {
        InstalledMilvus milvus = install(cluster());
        inject(milvus, PodFault.staysStandby().component(coordinator).tag("v2.2.16"));
        Upgrader upgrader = milvus.upgrader(impatient()).build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        String pod = milvus.podUids(coordinator).keySet().iterator().next();
        assertThat(failureOf(report).code()).isEqualTo(Code.GATE_NOT_PASSED);
        assertThat(failureOf(report).message())
                .matches("Step \"roll " + coordinator + " to 2.2.16\" failed: " + coordinator
                        + " was rolled out, but the"
                        + " gate after it did not pass in \\d+ s\\. It asks that one " + coordinator
                        + " is active, any other stands by; last seen: no " + coordinator + " is active: pod " + pod
                        + " is only standing by\\. No component after it was touched\\. Look at the log of these pods,"
                        + " then resume; or roll back\\.");
        assertTouched(milvus, touched);
        assertComesBack(milvus, upgrader, report);
    }

    @Test
    void aQueryNodeThatNeverLoadsStopsTheUpgradeBeforeTheProxies() {
        assertStoppedBeforeTheProxies(
                PodFault.takesNothingOver(),
                "last seen: none of 1 new pods of querynode has taken anything over from the old ones"
                        + " (milvus_querynode_collection_num is 0). No component after it was touched.");
    }

    @Test
    void aQueryNodeThatLoadsButConsumesNothingStopsTheUpgradeBeforeTheProxies() {
        assertStoppedBeforeTheProxies(
                PodFault.consumesNothing(),
                "last seen: of 1 new pods of querynode none consumes a channel of what is loaded. No component after it"
                        + " was touched.");
    }

    private void assertStoppedBeforeTheProxies(PodFault fault, String message) {
        InstalledMilvus milvus = install(cluster());
        InjectedFault injected = inject(milvus, fault.component("querynode").tag("v2.2.16"));
        Upgrader upgrader = milvus.upgrader(impatient()).build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(failureOf(report).code()).isEqualTo(Code.GATE_NOT_PASSED);
        assertThat(failureOf(report).message()).contains(message);
        assertThat(milvus.imagesOf("proxy")).containsExactly(OLD_IMAGE);
        assertThat(injected.hits()).isPositive();
        assertComesBack(milvus, upgrader, report);
    }

    @Test
    void whatTheCoordinatorGoesOnCountingHoldsNothingUp() {
        InstalledMilvus milvus = install(smallCluster());
        AtomicInteger looks = new AtomicInteger();
        coordinatorCountsLoads(milvus, () -> looks.incrementAndGet() == 1 ? 0 : 2);

        assertSucceeded(milvus.upgrade(impatient()));
        assertThat(looks.get()).isGreaterThan(1);
    }

    @Test
    void aDataNodeThatTakesNoChannelStopsTheUpgrade() {
        InstalledMilvus milvus = install(cluster());
        inject(milvus, PodFault.takesNothingOver().component("datanode").tag("v2.2.16"));

        UpgradeReport report = milvus.upgrade(impatient());

        assertThat(failureOf(report).message()).contains("(milvus_datanode_flowgraph_num is 0)");
        assertThat(milvus.imagesOf("querynode")).containsExactly(OLD_IMAGE);
    }

    @ParameterizedTest(name = "a {0} that its coordinator does not know")
    @CsvSource({"indexnode", "datanode", "querynode", "proxy"})
    void aNodeOrProxyThatNeverRegistersStopsTheUpgrade(String component) {
        InstalledMilvus milvus = install(MilvusBlueprint.mixcoord(RELEASE).version("2.2.16"));
        inject(milvus, PodFault.neverRegisters().component(component).tag("v2.3.22"));
        Upgrader upgrader = milvus.upgrader(impatient()).build();

        UpgradeReport report = upgrader.execute(upgrader.plan(MilvusVersion.parse("2.3.22")));

        assertThat(failureOf(report).code()).isEqualTo(Code.GATE_NOT_PASSED);
        assertThat(failureOf(report).message())
                .contains("last seen: the active coordinator knows 0 of 1 pods of " + component + ".");
    }

    @Test
    void aRunIsResumedAtTheGateAndGoesOnOnceItPasses() {
        InstalledMilvus milvus = install(smallCluster());
        InjectedFault fault =
                inject(milvus, PodFault.staysStandby().component("mixcoord").tag("v2.2.16"));
        Upgrader upgrader = milvus.upgrader(impatient()).build();
        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));
        assertThat(failureOf(report).message()).contains("no datacoord is active", "no rootcoord is active");

        fault.clear();
        UpgradeReport resumed = upgrader.resume(report.run());

        assertSucceeded(resumed);
        assertThat(summary(resumed, "2.2.16/roll/mixcoord"))
                .endsWith("runs " + NEW_IMAGE + ", datacoord, indexcoord, querycoord, rootcoord are active");
        assertThat(milvus.replicaSetsOn(NEW_IMAGE).values()).containsOnly(1);
    }

    @Test
    void aHandOverIsAwaitedStateByState() {
        InstalledMilvus milvus = install(cluster());
        AtomicInteger looks = new AtomicInteger();
        script(milvus, "rootcoord", "v2.2.16", () -> {
            int look = looks.incrementAndGet();
            return health("rootcoord", look < 2 ? 3 : look < 3 ? 0 : 1);
        });
        List<String> told = new CopyOnWriteArrayList<>();
        Upgrader upgrader = milvus.upgrader(gated())
                .listener(event -> told.add(event.describe()))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(told.stream().filter(line -> line.contains("gate after rootcoord")))
                .hasSize(2)
                .first()
                .asString()
                .contains("no rootcoord is active: pod my-release-milvus-rootcoord-", " is only standing by");
        assertThat(told).anyMatch(line -> line.contains("rootcoord in pod ") && line.contains(" is initializing"));
    }

    @Test
    void twoActiveCoordinatorsAreOneTooMany() {
        InstalledMilvus milvus = install(cluster().replicas("rootcoord", 2));
        script(milvus, "rootcoord", "v2.2.16", () -> health("rootcoord", 1));

        UpgradeReport report = milvus.upgrade(impatient());

        assertThat(failureOf(report).message())
                .contains("last seen: 2 pods say that they are the active rootcoord: my-release-milvus-rootcoord-");
        assertThat(milvus.imagesOf("datacoord")).containsExactly(OLD_IMAGE);
    }

    @Test
    void anAbnormalProxyIsNamed() {
        InstalledMilvus milvus = install(smallCluster());
        script(milvus, "proxy", "v2.2.16", () -> health("proxy", 2));

        UpgradeReport report = milvus.upgrade(impatient());

        assertThat(failureOf(report).message()).contains("last seen: proxy in pod my-release-milvus-proxy-");
        assertThat(failureOf(report).message()).contains(" is abnormal.");
    }

    @Test
    void whereQueryNodesDoNotSayWhatTheyServeTasksThatLoadAreWaitedForButOnlyThoseThatWereNotThereBefore() {
        InstalledMilvus milvus = install(smallCluster().version("2.2.3"));
        AtomicInteger looks = new AtomicInteger(Integer.MIN_VALUE);
        coordinatorCountsLoads(milvus, () -> {
            int look = looks.incrementAndGet();
            return look <= 1 ? 2 : Math.max(2, 6 - look);
        });
        List<String> told = new CopyOnWriteArrayList<>();
        Upgrader upgrader = milvus.upgrader(gated())
                .listener(event -> told.add(event.describe()))
                .build();
        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));
        assertSucceeded(report);
        looks.set(1);

        assertSucceeded(upgrader.execute(upgrader.planRollback(report.run())));

        assertThat(told.stream().filter(line -> line.contains("tasks are left")))
                .hasSize(2)
                .first()
                .asString()
                .contains("gate after querynode: 4 tasks are left that load what is searched");
    }

    private static void coordinatorCountsLoads(InstalledMilvus milvus, IntSupplier loads) {
        rehearsal(milvus).podEndpoint((pod, path) -> {
            if (!path.equals("/metrics") || !component(pod).equals("mixcoord")) {
                return null;
            }
            return PodAnswer.text(200, """
                    # TYPE milvus_querycoord_querynode_num gauge
                    milvus_querycoord_querynode_num 1
                    # TYPE milvus_querycoord_task_num gauge
                    milvus_querycoord_task_num{querycoord_task_type="segment_grow"} %d
                    milvus_querycoord_task_num{querycoord_task_type="segment_reduce"} 9
                    """.formatted(loads.getAsInt()));
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Milvus 2.1       | OK                       | it answers OK without the states of its roles",
                "a sign-in page   | <html>token=s3cret       | its answer is no JSON",
                "a state to come  | {\"detail\":[{\"name\":\"proxy\",\"code\":9}]} | it tells a state that this release does"
                        + " not know",
            })
    void anAnswerThatIsNotUnderstoodMakesThePlanBlind(String who, String answer, String why) {
        InstalledMilvus milvus = install(smallCluster());
        rehearsal(milvus).podEndpoint((pod, path) -> PodAnswer.text(200, answer));

        UpgradePlan plan = milvus.upgrader(KubernetesOptions.defaults()).build().plan(TARGET);

        assertThat(plan.describe()).contains("gate: blind: " + why).doesNotContain("s3cret");
        assertThat(plan.toJson()).doesNotContain("s3cret");
    }

    @Test
    void podsThatStopAnsweringDuringTheRunMakeItBlindFromThereOn() {
        InstalledMilvus milvus = install(smallCluster());
        script(milvus, "proxy", "v2.2.16", () -> PodAnswer.text(200, "<html>token=s3cret"));

        UpgradeReport report = milvus.upgrade(brisk());

        assertSucceeded(report);
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .matches("Blind after proxy: whether it serves was not seen, nothing was waited for instead: pod"
                        + " my-release-milvus-proxy-\\S+: its answer is no JSON \\(HTTP 200\\)");
        assertThat(summary(report, "2.2.16/roll/proxy")).isEqualTo("proxy runs " + NEW_IMAGE + ", blind");
        assertThat(report.toJson()).doesNotContain("s3cret");
    }

    @Test
    void gatesOfAPlanArePassedBlindOnceNobodyIsToBeAsked() {
        InstalledMilvus milvus = install(smallCluster());
        inject(milvus, PodFault.staysStandby().component("mixcoord").tag("v2.2.16"));
        UpgradeReport report = milvus.upgrade(impatient());

        UpgradeReport resumed =
                milvus.upgrader(impatient().withProbe(false)).build().resume(report.run());

        assertSucceeded(resumed);
        assertThat(resumed.warnings())
                .hasSize(5)
                .allMatch(warning -> warning.endsWith(": KubernetesOptions.withProbe(false)"));
    }

    @Test
    void aDeploymentWithoutReplicasHasNothingToSee() {
        assertSucceeded(install(smallCluster().replicas("indexnode", 0)).upgrade(impatient()));
    }

    @Test
    void aGateOfTheCallerIsAskedAfterItsComponentAndStandsInThePlan() {
        InstalledMilvus milvus = install(smallCluster());
        AskedGate smoke = smokeTest(GateAnswer.passed("42 hits"));
        Upgrader upgrader = milvus.upgrader(gated().withGate(smoke)).build();
        UpgradePlan plan = upgrader.plan(TARGET);

        UpgradeReport report = upgrader.execute(plan);

        assertSucceeded(report);
        assertThat(plan.describe()).contains("      gate: a search of collection orders finds something\n");
        assertThat(summary(report, "2.2.16/roll/proxy")).endsWith("1 of 1 healthy; 42 hits");
        assertThat(smoke.asked()).containsExactly("proxy");
    }

    @Test
    void aGateOfTheCallerStopsTheUpgradeAndIsPartOfWhatWasPlanned() {
        InstalledMilvus milvus = install(smallCluster());
        AskedGate smoke = smokeTest(GateAnswer.notYet("no hit"));
        UpgradeReport report = milvus.upgrade(impatient().withGate(smoke));

        assertThat(failureOf(report).message())
                .contains("It asks that a search of collection orders finds something; last seen: no hit.");
        assertThat(milvus.upgrader(impatient()).build().runs()).hasSize(1);
        assertThat(catchThrowableOfType(
                                UpgradeException.class,
                                () -> milvus.upgrader(impatient()).build().resume(report.run()))
                        .code())
                .isEqualTo(Code.PLAN_CHANGED);
    }

    /** The run is taken back, and whoever looks sees the old pods serve. */
    private static void assertComesBack(InstalledMilvus milvus, Upgrader upgrader, UpgradeReport report) {
        UpgradeReport back = upgrader.execute(upgrader.planRollback(report.run()));

        assertSucceeded(back);
        assertThat(back.warnings()).isEmpty();
        assertTouched(milvus, 0);
        assertThat(back.steps())
                .filteredOn(step -> step.step().value().contains("/roll/"))
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.summary()).containsAnyOf(" is active", " healthy"));
    }

    private static void assertTouched(InstalledMilvus milvus, int count) {
        for (String component : ALL) {
            assertThat(milvus.imagesOf(component))
                    .as(component)
                    .containsExactly(ALL.indexOf(component) < count ? NEW_IMAGE : OLD_IMAGE);
        }
    }

    private static String summary(UpgradeReport report, String step) {
        return report.steps().stream()
                .filter(found -> found.step().value().equals(step))
                .map(StepReport::summary)
                .findFirst()
                .orElseThrow();
    }

    private static KubernetesOptions gated() {
        return brisk();
    }

    private static KubernetesOptions impatient() {
        return brisk().withGateBudget(Duration.ofSeconds(2));
    }

    private static RehearsalCluster rehearsal(InstalledMilvus milvus) {
        return ((TestBed.Rehearsal) milvus.bed()).cluster();
    }

    private static InjectedFault inject(InstalledMilvus milvus, PodFault fault) {
        return rehearsal(milvus).inject(fault);
    }

    private static long asked(InstalledMilvus milvus) {
        return rehearsal(milvus).requests().stream()
                .filter(request -> request.resource().equals("pods/proxy"))
                .count();
    }

    private static void script(InstalledMilvus milvus, String component, String tag, Supplier<PodAnswer> answer) {
        rehearsal(milvus)
                .podEndpoint((pod, path) -> path.equals("/healthz")
                                && component(pod).equals(component)
                                && pod.toString().contains(":" + tag + "\"")
                        ? answer.get()
                        : null);
    }

    private static String component(JsonNode pod) {
        return pod.at("/metadata/labels/component").asText();
    }

    private static PodAnswer health(String role, int code) {
        return PodAnswer.json(
                code == 1 || code == 3 ? 200 : 500,
                "{\"state\":\"…\",\"detail\":[{\"name\":\"" + role + "\",\"code\":" + code + "}]}");
    }

    private static AskedGate smokeTest(GateAnswer answer) {
        return AskedGate.after(Component.PROXY::equals, "a search of collection orders finds something", answer);
    }
}
