package io.github.milvusupgrade.k8s.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.rehearsal.RecordedRequest;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.Outcome;
import io.github.milvusupgrade.run.StepReport;
import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The migration as it should go. Tests named m1 to m19 are about the faults of {@code migrate.sh}. */
class MigrationTest {

    private RehearsedMigration milvus = new RehearsedMigration();

    @AfterEach
    void close() {
        milvus.close();
    }

    private RehearsedMigration another(RehearsedMigration one) {
        milvus.close();
        milvus = one;
        return one;
    }

    @Test
    void thePlanSaysWhatWillBeDoneAndHowEtcdIsLookedInto() {
        assertThat(milvus.upgrader().build().plan(RehearsedMigration.TARGET).describe())
                .contains(
                        "2.1.4 -> 2.2.16  migrate, rule migrate-2.1",
                        "prepare the migration: a volume of 10Gi for the backup, the tool"
                                + " milvusdb/meta-migration:v2.2.0-bugfix-20230112, a look into etcd under by-dev/meta/"
                                + " (etcdctl in the pod of etcd)",
                        "stop all components: Milvus does not serve until the last of the next steps",
                        "undo: start all components on 2.1.4",
                        "convert the metadata from 2.1.4 to 2.2.16, once; after any doubt the backup is brought back",
                        "undo: bring the metadata back from the backup, and compare it key by key");
    }

    @Test
    void metadataIsMigratedAndTheNewVersionServes() {
        UpgradeReport report = milvus.run();
        assertThat(report.outcome()).as(report.describe()).isEqualTo(Outcome.SUCCEEDED);
        milvus.assertNewServesOnMigratedMetadata();
        assertThat(report.describe())
                .contains("the backup is whole: " + milvus.keys() + " entries in ")
                .contains(
                        "the backup is kept in volume claim " + milvus.claims().get(0));
    }

    @Test
    void m1EveryPodIsGoneBeforeTheToolIsLetNearTheMetadata() {
        another(new RehearsedMigration(
                blueprint -> blueprint.annotatePods("proxy", "sim.cluster/stops-after", "100s")));
        Map<String, Integer> podsAt = new HashMap<>();
        Upgrader upgrader = milvus.upgrader()
                .listener(event -> {
                    if (event instanceof UpgradeEvent.StepStarted started) {
                        podsAt.put(started.step().value(), milvus.milvusPods().size());
                    }
                })
                .build();
        assertThat(milvus.run(upgrader).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(podsAt)
                .containsEntry("2.2.16/migrate/await-sessions", 0)
                .containsEntry("2.2.16/migrate/back-up", 0)
                .containsEntry("2.2.16/migrate/convert", 0);
    }

    @Test
    void m2AndM8ARunIsTakenBackFromItsOwnBackupAndMigratingAgainConvertsAgain() {
        Upgrader upgrader = milvus.upgrader().build();
        UpgradeReport first = milvus.run(upgrader);
        assertThat(first.outcome()).isEqualTo(Outcome.SUCCEEDED);
        SortedMap<String, String> converted = milvus.metadata();

        UpgradeReport back = upgrader.execute(upgrader.planRollback(first.run()));
        assertThat(back.outcome()).as(back.describe()).isEqualTo(Outcome.SUCCEEDED);
        milvus.assertOldServesOnItsExactMetadata();

        UpgradeReport again = milvus.run(upgrader);
        assertThat(again.outcome()).as(again.describe()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(milvus.metadata()).isEqualTo(converted);
        milvus.assertNewServesOnMigratedMetadata();
    }

    @Test
    void m9ALaterMigrationMakesABackupOfItsOwn() {
        Upgrader upgrader = milvus.upgrader().build();
        UpgradeReport first = milvus.run(upgrader);
        upgrader.execute(upgrader.planRollback(first.run())).throwIfFailed();
        milvus.cluster.etcd().put("by-dev/meta/root-coord/written-since", "by a user");
        SortedMap<String, String> since = milvus.metadata();

        UpgradeReport second = milvus.run(upgrader);
        upgrader.execute(upgrader.planRollback(second.run())).throwIfFailed();

        assertThat(milvus.metadata()).isEqualTo(since);
        assertThat(milvus.claims()).hasSize(2);
    }

    @Test
    void m3WhatIsAskedForIsJudgedBeforeAnythingIsStopped() {
        Upgrader upgrader = milvus.upgrader().build();
        for (String target : List.of("2.1.3", "2.0.2", "2.2.0-rc1")) {
            assertThat(catchThrowable(() -> upgrader.plan(MilvusVersion.parse(target))))
                    .as(target)
                    .isNotNull();
        }
        milvus.assertUntouched();
    }

    @Test
    void m5AndM6ReplicasAreKeptEvenIfThereAreNoneAndAreTheSameAfterEveryRun() {
        another(new RehearsedMigration(
                blueprint -> blueprint.replicas("querynode", 3).replicas("indexnode", 0)));
        Upgrader upgrader = milvus.upgrader().build();
        UpgradeReport report = milvus.run(upgrader);
        assertThat(report.outcome()).as(report.describe()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(replicas()).containsEntry("querynode", 3).containsEntry("indexnode", 0);
        upgrader.execute(upgrader.planRollback(report.run())).throwIfFailed();
        assertThat(replicas()).containsEntry("querynode", 3).containsEntry("indexnode", 0);
    }

    @Test
    void m11AndM12VersionsAreThoseOfThePlanInImagesAndLabelsForthAndBack() {
        Upgrader upgrader = milvus.upgrader().build();
        Map<String, String> before = versionLabels();
        UpgradeReport report = milvus.run(upgrader);
        assertThat(versionLabels().values()).containsOnly("2.2.16");
        upgrader.execute(upgrader.planRollback(report.run())).throwIfFailed();
        assertThat(versionLabels()).isEqualTo(before);
        milvus.assertOldServesOnItsExactMetadata();
    }

    @Test
    void m13ASidecarIsNoObstacleAndNoContainerIsAdded() {
        another(new RehearsedMigration(blueprint -> blueprint.sidecarFirst("mesh")));
        assertThat(milvus.run().outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(milvus.deployments())
                .allSatisfy(deployment -> assertThat(deployment.containers()).hasSize(2));
    }

    @Test
    void m14TheRootPathIsThatOfTheInstance() {
        another(new RehearsedMigration(blueprint -> blueprint.rootPath("prod")));
        assertThat(milvus.upgrader().build().plan(RehearsedMigration.TARGET).describe())
                .contains("a look into etcd under prod/meta/");
        UpgradeReport report = milvus.run();
        assertThat(report.outcome()).as(report.describe()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void m15SeveralServicesOfEtcdAreToldApartByTheCallerBeforeAnythingIsStopped() {
        milvus.withConfig("endpoints:", "members:");
        ObjectNode second = (ObjectNode) milvus.api
                .get(Resource.SERVICES.in(RehearsedMigration.NAMESPACE, "my-release-etcd"))
                .deepCopy();
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.put("name", "my-release-etcd-two");
        metadata.set("labels", second.path("metadata").path("labels"));
        second.set("metadata", metadata);
        ((ObjectNode) second.path("spec")).remove(List.of("clusterIP", "clusterIPs"));
        milvus.api.create(
                Resource.SERVICES.in(RehearsedMigration.NAMESPACE, "my-release-etcd-two"), second, sent -> true);
        assertThat(catchThrowable(() -> milvus.upgrader().build().plan(RehearsedMigration.TARGET)))
                .hasMessageContaining(
                        "several Services could be it: my-release-etcd:2379, my-release-etcd-two:2379. Say it with"
                                + " MigrateOptions.withEtcdEndpoints. Nothing was changed.");
    }

    @Test
    void m17AnAutoscalerThatWouldStartPodsBlocks() {
        ObjectNode scaler = JsonNodeFactory.instance.objectNode();
        scaler.put("apiVersion", "autoscaling/v2").put("kind", "HorizontalPodAutoscaler");
        scaler.putObject("metadata").put("name", "nodes");
        ObjectNode spec = scaler.putObject("spec").put("minReplicas", 1).put("maxReplicas", 5);
        spec.putObject("scaleTargetRef")
                .put("apiVersion", "apps/v1")
                .put("kind", "Deployment")
                .put("name", "my-release-milvus-querynode");
        milvus.api.create(
                Resource.HORIZONTAL_POD_AUTOSCALERS.in(RehearsedMigration.NAMESPACE, "nodes"), scaler, sent -> true);
        UpgradeReport report = milvus.run();
        assertThat(report.outcome()).isEqualTo(Outcome.BLOCKED);
        assertThat(report.describe()).contains("and would start pods while the metadata is converted");
        milvus.assertUntouched();
    }

    @Test
    void m18ComponentsAreStartedInTheOrderOfTheHop() {
        assertThat(milvus.run().outcome()).isEqualTo(Outcome.SUCCEEDED);
        List<String> patched = milvus.cluster.requests().stream()
                .filter(request ->
                        request.verb().equals("patch") && request.resource().equals("deployments"))
                .filter(request -> !request.query().containsKey("dryRun"))
                .map(RecordedRequest::name)
                .map(name -> name.replaceFirst("my-release-milvus-", ""))
                .toList();
        List<String> order = List.of(
                "rootcoord", "datacoord", "indexcoord", "querycoord", "indexnode", "datanode", "querynode", "proxy");
        List<String> reversed = new ArrayList<>(order);
        Collections.reverse(reversed);
        assertThat(patched.subList(0, 8)).as("stopped").isEqualTo(reversed);
        assertThat(patched.subList(8, 16)).as("started").isEqualTo(order);
    }

    @Test
    void m19SessionsAreWaitedForAsLongAsTheyAreThereAndNoLonger() {
        List<String> told = new ArrayList<>();
        Upgrader upgrader = milvus.upgrader()
                .listener(event -> {
                    if (event instanceof UpgradeEvent.StepStarted started
                            && started.step().value().endsWith("/await-sessions")) {
                        milvus.cluster
                                .etcd()
                                .openSession("by-dev/meta/session/querynode-77", "{}", Duration.ofSeconds(120))
                                .abandon();
                    } else if (event instanceof UpgradeEvent.StepProgressed progress) {
                        told.add(progress.text());
                    }
                })
                .build();
        UpgradeReport report = milvus.run(upgrader);
        assertThat(report.outcome()).as(report.describe()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(told)
                .anySatisfy(text -> assertThat(text)
                        .startsWith("waiting for sessions in etcd to end, ")
                        .endsWith("querynode-77"));
        StepReport waited = report.steps().stream()
                .filter(step -> step.step().value().endsWith("/await-sessions"))
                .findFirst()
                .orElseThrow();
        // 120 s of the cluster are 1.2 s of ours.
        assertThat(waited.duration()).isBetween(Duration.ofMillis(800), Duration.ofSeconds(4));
    }

    @Test
    void whereEtcdMayNotBeAskedThePlanSaysSoAndTheClockDecides() {
        milvus.with(options -> options.withBlindWait(Duration.ofSeconds(1)));
        UpgradePlan plan = milvus.upgrader().build().plan(RehearsedMigration.TARGET);
        assertThat(plan.describe())
                .contains(
                        "wait 1 s for sessions to end, without looking into etcd",
                        "verify the backup: whole, not empty; not compared with etcd");
        UpgradeReport report = milvus.run();
        assertThat(report.outcome()).as(report.describe()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.describe()).contains("Nobody looks into etcd");
        assertThat(milvus.cluster.requests())
                .noneMatch(
                        request -> request.query().getOrDefault("command", "").contains("etcdctl"));
        milvus.assertNewServesOnMigratedMetadata();
    }

    @Test
    void removingPodsLeavesNothingButTheBackupFromWhichTheWayBackStillLeads() {
        milvus.with(MigrateOptions::removingPods);
        Upgrader upgrader = milvus.upgrader().build();
        UpgradeReport report = milvus.run(upgrader);
        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(milvus.toolPods()).isEmpty();
        assertThat(milvus.claims()).hasSize(1);

        upgrader.execute(upgrader.planRollback(report.run())).throwIfFailed();
        milvus.assertOldServesOnItsExactMetadata();
    }

    @Test
    void from21To23GoesOver22ByItself() {
        Upgrader upgrader = milvus.upgrader().build();
        UpgradePlan plan = upgrader.plan(MilvusVersion.parse("2.3.5"));
        assertThat(plan.describe()).containsSubsequence("2.1.4 -> 2.2.16  migrate", "2.2.16 -> 2.3.5  rolling");
        assertThat(plan.path().hops()).hasSize(2);
    }

    private Map<String, Integer> replicas() {
        Map<String, Integer> replicas = new HashMap<>();
        milvus.deployments()
                .forEach(deployment ->
                        replicas.put(deployment.name().replaceFirst("my-release-milvus-", ""), deployment.replicas()));
        return replicas;
    }

    private Map<String, String> versionLabels() {
        Map<String, String> labels = new HashMap<>();
        milvus.deployments()
                .forEach(deployment -> labels.put(
                        deployment.name(), String.valueOf(deployment.labels().get("app.kubernetes.io/version"))));
        return labels;
    }
}
