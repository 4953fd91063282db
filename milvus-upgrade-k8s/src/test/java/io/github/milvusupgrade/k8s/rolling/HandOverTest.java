package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.rehearsal.InjectedFault;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.PodAnswer;
import io.github.milvusupgrade.k8s.rehearsal.PodFault;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.rollout.Patience;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.run.StepReport;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who has the work while old and new pods stand beside each other, and what if it cannot be handed over. */
class HandOverTest extends RollingContract {

    HandOverTest() {
        super(TestBed::rehearsal);
    }

    @Test
    void oldCoordinatorsStepDownOneAfterTheOtherBeforeTheirPodsGoAndProxiesThatNoticeSoonerNeedLessTime() {
        InstalledMilvus milvus = install(cluster());

        assertThat(handOver(milvus))
                .containsExactly(
                        "asked pod my-release-milvus-rootcoord to step down",
                        "old pods stay until everybody can have noticed: 1 s",
                        "old pods stay until everybody can have noticed: 0 s",
                        "asked pod my-release-milvus-datacoord to step down",
                        "asked pod my-release-milvus-indexcoord to step down",
                        "asked pod my-release-milvus-querycoord to step down",
                        "old pods stay until everybody can have noticed: 2 s",
                        "old pods stay until everybody can have noticed: 0 s");
    }

    @Test
    void proxiesThatCouldNotStartAnewGetTheTimeThatOthersNeed() {
        InstalledMilvus milvus = install(cluster().userYaml("proxy:\n  shardLeaderCacheInterval: 60\n"));

        assertThat(handOver(milvus))
                .containsExactly(
                        "asked pod my-release-milvus-rootcoord to step down",
                        "old pods stay until everybody can have noticed: 1 s",
                        "asked pod my-release-milvus-datacoord to step down",
                        "asked pod my-release-milvus-indexcoord to step down",
                        "asked pod my-release-milvus-querycoord to step down",
                        "old pods stay until everybody can have noticed: 3 s",
                        "old pods stay until everybody can have noticed: 0 s");
    }

    @Test
    void whatSomebodyElseWritesIntoUserYamlMeanwhileStays() {
        InstalledMilvus milvus = install(smallCluster());
        Upgrader upgrader = milvus.upgrader(gentle())
                .listener(when("user.yaml has [", () -> milvus.writeUserYaml(milvus.userYaml() + "quota: 1\n")))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(milvus.userYaml()).contains("quota: 1").doesNotContain("grpc", "shardLeaderCacheInterval");
    }

    /**
     * What is told of stepping down and noticing: 1 s after the root coordinator, 2 s if proxies started anew, else 3.
     */
    private static List<String> handOver(InstalledMilvus milvus) {
        RollingProfile gentle = Profiles.gentle();
        RollingProfile patient = gentle.withAttentiveProxies(gentle.attentiveProxies().stream()
                        .map(proxies -> new AttentiveProxies(
                                proxies.versions(),
                                Map.of(Component.ROOTCOORD, Duration.ofSeconds(1)),
                                proxies.settings(),
                                Duration.ofSeconds(2)))
                        .toList())
                .withCoordinators(gentle.coordinators().withNoticing(Duration.ofSeconds(3)));
        List<String> told = new CopyOnWriteArrayList<>();
        Upgrader upgrader = milvus.upgrader(gentle().withProfile(patient))
                .listener(event -> told.add(event.describe()))
                .build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertSucceeded(report);
        assertThat(report.warnings()).isEmpty();
        return told.stream()
                .filter(line -> line.contains(" to step down") || line.contains("can have noticed"))
                .map(line -> line.strip().replaceFirst("coord-\\w+-\\w+", "coord"))
                .toList();
    }

    @Test
    void aCoordinatorThatEndsItselfWhenItHasTakenOverIsWaitedForBeforeTheNextOne() {
        InstalledMilvus milvus = install(cluster());
        List<String> told = new CopyOnWriteArrayList<>();
        AtomicInteger looks = new AtomicInteger();
        cluster(milvus).podEndpoint((pod, path) -> {
            if (!path.equals("/healthz") || !isNewDataCoordinator(pod)) {
                return null;
            }
            // Stands by, has ended itself, is active again, and stays so.
            int code = List.of(3, 0, 1, 1).get(Math.min(looks.getAndIncrement(), 3));
            return PodAnswer.json(
                    200, "{\"state\":\"OK\",\"detail\":[{\"name\":\"datacoord\",\"code\":" + code + "}]}");
        });
        Upgrader upgrader = milvus.upgrader(gentle())
                .listener(event -> told.add(event.describe()))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(told.stream()
                        .filter(line -> line.contains(" to step down")
                                || line.contains(" settle: ")
                                || line.contains("gate after datacoord: "))
                        .map(line -> line.strip().replaceFirst("coord-\\w+-\\w+", "coord")))
                .containsExactly(
                        "asked pod my-release-milvus-rootcoord to step down",
                        "those that take over settle: 0 s",
                        "asked pod my-release-milvus-datacoord to step down",
                        "those that take over settle: 0 s",
                        "gate after datacoord: datacoord in pod my-release-milvus-datacoord is initializing",
                        "those that take over settle: 0 s",
                        "asked pod my-release-milvus-indexcoord to step down",
                        "those that take over settle: 0 s",
                        "asked pod my-release-milvus-querycoord to step down",
                        "those that take over settle: 0 s");
    }

    private static boolean isNewDataCoordinator(JsonNode pod) {
        return pod.at("/metadata/labels/component").asText().equals("datacoord")
                && pod.toString().contains(NEW_IMAGE);
    }

    @Test
    void oldCoordinatorsThatKubernetesStartsAgainAreAskedAgainUntilEverybodyCanHaveNoticed() {
        List<String> told = new CopyOnWriteArrayList<>();
        RollManner patient = RollManner.allAtOnce().withTakeOver(TakeOver.STEPPING_DOWN, Duration.ofSeconds(2));
        Upgrader upgrader = install(cluster())
                .upgrader(gentle().withProfile(Profiles.gentle().withCoordinators(patient)))
                .listener(event -> told.add(event.describe()))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(told.stream()
                        .filter(line -> line.contains(" to stay down"))
                        .map(line -> line.strip().replaceFirst("coord-\\w+-\\w+", "coord"))
                        .distinct())
                .containsExactlyInAnyOrder(
                        "asked pod my-release-milvus-datacoord to stay down",
                        "asked pod my-release-milvus-indexcoord to stay down",
                        "asked pod my-release-milvus-querycoord to stay down",
                        "asked pod my-release-milvus-rootcoord to stay down");
    }

    @Test
    void whereProgramsMayNotBeRunInPodsCoordinatorsAreJustLetGo() {
        InstalledMilvus milvus = install(cluster());
        cluster(milvus).inject(ApiFault.forbidden().on("get", "pods/exec").always());

        UpgradeReport report = milvus.upgrade(gentle());

        assertSucceeded(report);
        assertThat(report.warnings())
                .hasSize(4)
                .allSatisfy(warning -> assertThat(warning)
                        .startsWith("Pod my-release-milvus-")
                        .contains("coord-")
                        .contains(
                                " could not be asked to step down, so it goes without: whoever calls its address may wait"
                                        + " for some seconds (Kubernetes refused get pods/exec")
                        .contains("Grant the account the verb \"get\" on pods/exec"));
    }

    @Test
    void whereServicesMayNotBeChangedProxiesAreJustLetGo() {
        InstalledMilvus milvus = install(smallCluster());
        cluster(milvus).inject(ApiFault.forbidden().on("patch", "services").always());

        UpgradeReport report = milvus.upgrade(gentle());

        assertSucceeded(report);
        assertThat(report.warnings())
                .extracting(warning -> warning.replaceFirst(" may not.*", ""))
                .containsExactly("Service my-release-milvus", "Service my-release-milvus-proxy");
        assertThat(report.warnings().get(0))
                .isEqualTo("Service my-release-milvus may not be changed (403), so it leads to old pods until those are"
                        + " gone: clients that connect in that moment may wait for some seconds");
    }

    @Test
    void whereServicesMayNotBeListedProxiesDoNotStartAnewAndAreJustLetGo() {
        InstalledMilvus milvus = install(smallCluster());
        cluster(milvus).inject(ApiFault.forbidden().on("list", "services").always());

        UpgradeReport report = milvus.upgrade(gentle());

        assertSucceeded(report);
        assertThat(report.warnings())
                .containsExactly("Services may not be listed (403), so they lead to old pods of my-release-milvus-proxy"
                        + " until those are gone: clients that connect in that moment may wait for some seconds");
        assertThat(report.steps())
                .extracting(StepReport::summary)
                .contains("proxy stays as it is: no Service of its own is known, so old pods could not go unnoticed");
    }

    @Test
    void aServiceThatSomebodyElsePointedAtThePodsOfOneRolloutStopsTheUpgradeBeforeTheProxies() {
        InstalledMilvus milvus = install(smallCluster());
        milvus.api()
                .patch(
                        JsonApi.MERGE_PATCH,
                        "/api/v1/namespaces/" + milvus.namespace() + "/services/my-release-milvus",
                        JsonApi.json("{spec: {selector: {'pod-template-hash': 'abc'}}}")
                                .toString());

        UpgradeReport report = milvus.upgrade(gentle());

        assertThat(failureOf(report).code()).isEqualTo(Code.CHANGED_BY_OTHERS);
        assertThat(failureOf(report).message())
                .contains("Service my-release-milvus selects pods by pod-template-hash=abc, which no pod has after a"
                        + " rollout: it would lead nowhere.");
        assertThat(milvus.imagesOf("proxy")).containsExactly(OLD_IMAGE);
    }

    @Test
    void aNewCoordinatorThatDoesNotTakeOverStopsTheUpgradeWhileTheOldPodIsStillThere() {
        InstalledMilvus milvus = install(cluster());
        cluster(milvus).inject(PodFault.staysStandby().component("querycoord").tag("v2.2.16"));
        Upgrader upgrader =
                milvus.upgrader(gentle().withGateBudget(Duration.ofSeconds(2))).build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(failureOf(report).code()).isEqualTo(Code.GATE_NOT_PASSED);
        assertThat(failureOf(report).message()).contains("no querycoord is active");
        assertThat(milvus.podUids("datacoord")).hasSize(2);
        assertThat(milvus.podUids("querycoord")).hasSize(2);
        assertThat(milvus.imagesOf("querynode")).containsExactly(OLD_IMAGE);
        assertSucceeded(upgrader.execute(upgrader.planRollback(report.run())));
        assertThat(milvus.imagesOf("querycoord")).containsExactly(OLD_IMAGE);
        assertThat(milvus.podUids("querycoord")).hasSize(1);
    }

    @Test
    void anOldCoordinatorThatHungAsItSteppedDownIsReplacedOnTheWayBack() {
        InstalledMilvus milvus = installWithImpatientQueryCoordinator();
        List<String> told = new CopyOnWriteArrayList<>();
        Upgrader upgrader =
                sabotaged(milvus).listener(event -> told.add(event.describe())).build();
        UpgradeReport stopped = upgrader.execute(upgrader.plan(TARGET));
        assertThat(failureOf(stopped).message()).contains("no querycoord is active");
        Collection<String> before = milvus.podUids("querycoord").values();

        assertSucceeded(upgrader.execute(upgrader.planRollback(stopped.run())));

        assertThat(told.stream()
                        .map(line -> line.strip().replaceFirst("coord-\\w+-\\w+", "coord"))
                        .filter(line -> line.contains("nobody listens") || line.startsWith("deleted pod")))
                .containsExactly(
                        "pod my-release-milvus-querycoord is ready, but nobody listens at its port: it gets 1 s to end",
                        "deleted pod my-release-milvus-querycoord, which hung as it ended; its Deployment makes another");
        assertThat(milvus.imagesOf("querycoord")).containsExactly(OLD_IMAGE);
        assertThat(milvus.podUids("querycoord").values()).hasSize(1).doesNotContainAnyElementsOf(before);
    }

    @Test
    void whereAHungCoordinatorMayNotBeDeletedTheWayBackSaysWhatToDo() {
        InstalledMilvus milvus = installWithImpatientQueryCoordinator();
        InjectedFault forbidden =
                cluster(milvus).inject(ApiFault.forbidden().on("delete", "pods").always());
        Upgrader upgrader = sabotaged(milvus).build();
        UpgradeReport stopped = upgrader.execute(upgrader.plan(TARGET));

        UpgradeReport back = upgrader.execute(upgrader.planRollback(stopped.run()));

        assertThat(failureOf(back).code()).isEqualTo(Code.GATE_NOT_PASSED);
        assertThat(failureOf(back).message())
                .containsPattern(
                        "Pod my-release-milvus-querycoord-\\S+ is needed again and serves nobody: nobody listens at"
                                + " its port, it hangs as it ends\\. It could not be deleted")
                .contains("Grant the account the verb \"delete\" on pods")
                .contains(
                        "Delete it by kubectl -n " + milvus.namespace() + " delete pod my-release-milvus-querycoord-");

        forbidden.clear();
        assertSucceeded(upgrader.resume(back.run()));
        assertThat(milvus.imagesOf("querycoord")).containsExactly(OLD_IMAGE);
    }

    /** A new query coordinator never takes over, and the old one hangs as it is asked to end. */
    private static Upgrader.Builder sabotaged(InstalledMilvus milvus) {
        cluster(milvus).inject(PodFault.staysStandby().component("querycoord").tag("v2.2.16"));
        cluster(milvus).inject(PodFault.hangsAsItEnds().component("querycoord").tag("v2.2.3"));
        return milvus.upgrader(gentle().withGateBudget(Duration.ofSeconds(2)));
    }

    private InstalledMilvus installWithImpatientQueryCoordinator() {
        InstalledMilvus milvus = install(cluster());
        milvus.patch(
                "querycoord", JsonApi.MERGE_PATCH, "{spec: {template: {spec: {terminationGracePeriodSeconds: 1}}}}");
        milvus.awaitPod("querycoord", "\"terminationGracePeriodSeconds\":1,");
        milvus.awaitSettled();
        return milvus;
    }

    @Test
    void queryNodesThatMayServeReplicasOfTheSameJoinBeforeTheFirstOldOneGoesAndThoseGoOneAfterTheOther() {
        InstalledMilvus milvus = install(cluster().replicas("querynode", 3));

        assertThat(joins(milvus, gentle(), () -> {}))
                .containsExactly(
                        "my-release-milvus-querynode: 3 new pods are ready beside 3 old",
                        "my-release-milvus-querynode: 3 new pods are ready beside 2 old",
                        "my-release-milvus-querynode: 3 new pods are ready beside 1 old");
        assertThat(milvus.imagesOf("querynode")).containsExactly(NEW_IMAGE);
    }

    @Test
    void queryNodesOfSeveralDeploymentsJoinTogetherAndTheOldOnesGoOneAfterTheOther() {
        InstalledMilvus milvus = install(cluster().queryNodeGroups("gold", "silver"));
        assertThat(joins(milvus, gentle(), () -> {}).stream().sorted())
                .containsExactly(
                        "my-release-milvus-querynode-gold: 1 new pod is ready beside 0 old",
                        "my-release-milvus-querynode-gold: 1 new pod is ready beside 1 old",
                        "my-release-milvus-querynode-silver: 1 new pod is ready beside 1 old",
                        "my-release-milvus-querynode: 1 new pod is ready beside 0 old",
                        "my-release-milvus-querynode: 1 new pod is ready beside 1 old");
        assertThat(milvus.imagesOf("querynode")).containsExactly(NEW_IMAGE);
    }

    @Test
    void oldNodesStayUntilNewDataNodesWriteFromTheChannelsOfWhatIsLoaded() {
        InstalledMilvus milvus = install(cluster());
        InjectedFault late = cluster(milvus)
                .inject(PodFault.takesNothingOver().component("datanode").tag("v2.2.16"));
        List<Integer> there = new CopyOnWriteArrayList<>();
        List<String> told = new CopyOnWriteArrayList<>();
        Upgrader upgrader = milvus.upgrader(gentle())
                .listener(event -> told.add(event.describe().strip()))
                .listener(when("no new pod of datanode writes from a channel of collection 1", () -> {
                    there.add(milvus.podUids("datanode").size());
                    there.add(milvus.podUids("querynode").size());
                    late.clear();
                }))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(there).containsExactly(2, 2);
        assertThat(told)
                .containsSubsequence(
                        "my-release-milvus-datanode: 1 new pod is ready beside 1 old",
                        "my-release-milvus-querynode: 1 new pod is ready beside 1 old",
                        "gate after datanode: no new pod of datanode writes from a channel of collection 1",
                        "my-release-milvus-datanode: 1 of 1 pods are new and available");
    }

    @Test
    void oldDataNodesGoInTheEndAndTheReportSaysWhatThatMeans() {
        InstalledMilvus milvus = install(cluster());
        cluster(milvus).inject(PodFault.takesNothingOver().component("datanode").tag("v2.2.16"));

        UpgradeReport report = milvus.upgrade(gentle().withGateBudget(Duration.ofSeconds(2)));

        assertThat(failureOf(report).message()).contains("(milvus_datanode_flowgraph_num is 0)");
        assertThat(report.warnings())
                .contains("Old pods of datanode were let go after 1 s, although no new pod of datanode writes from a"
                        + " channel of collection 1: what is loaded after that is not searched until one does.");
    }

    @Test
    void nodesThatANewDataCoordinatorKnowsNeedNotJoinFirstIfOneServes() {
        InstalledMilvus milvus = install(MilvusBlueprint.cluster(RELEASE).version("2.2.16"));

        assertThat(joins(milvus, gentle(), MilvusVersion.parse("2.3.22"), () -> {}))
                .isEmpty();
    }

    @Test
    void whereThereIsNoRoomForAllQueryNodesToJoinItGoesOnWithFewer() {
        InstalledMilvus milvus = install(
                cluster().replicas("querynode", 2).replicas("datanode", 0).replicas("indexnode", 0));
        int pods = milvus.api()
                .read("/api/v1/namespaces/" + milvus.namespace() + "/pods")
                .path("items")
                .size();
        KubernetesOptions options =
                gentle().withPatience(new Patience(NEVER, NEVER, 2, NEVER, Duration.ofMillis(500), NEVER, NEVER));

        assertThat(joins(milvus, options, () -> milvus.createQuota("full", pods + 1)))
                .containsExactly(
                        "my-release-milvus-querynode: there is no room for more, so it goes on with 1 of 2 pods are new, 3 ready, 2 available, 2 old",
                        "my-release-milvus-querynode: 2 new pods are ready beside 1 old");
        assertThat(milvus.imagesOf("querynode")).containsExactly(NEW_IMAGE);
    }

    /** What is told of new query nodes beside old ones; something may be done as these are to be rolled. */
    private static List<String> joins(InstalledMilvus milvus, KubernetesOptions options, Runnable meanwhile) {
        return joins(milvus, options, TARGET, meanwhile);
    }

    private static List<String> joins(
            InstalledMilvus milvus, KubernetesOptions options, MilvusVersion target, Runnable meanwhile) {
        List<String> told = new CopyOnWriteArrayList<>();
        Upgrader upgrader = milvus.upgrader(options)
                .listener(event -> told.add(event.describe()))
                .listener(when("roll indexnode, datanode and querynode", meanwhile))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(target)));

        return told.stream()
                .map(String::strip)
                .filter(line -> line.startsWith("my-release-milvus-querynode"))
                .filter(line -> line.contains("ready beside") || line.contains("no room"))
                .toList();
    }

    private static RehearsalCluster cluster(InstalledMilvus milvus) {
        return ((TestBed.Rehearsal) milvus.bed()).cluster();
    }
}
