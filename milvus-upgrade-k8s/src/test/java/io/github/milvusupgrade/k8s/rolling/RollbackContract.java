package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.k8s.testing.RolloutRecord;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.run.UpgradeReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The way back leads to exactly what was there before, and touches nothing that never left. */
abstract class RollbackContract extends RollingContract {

    private static final String USER_YAML = """
            # ours: do not touch
            rootCoord:
              maxPartitionNum:   4096   # as the platform wants it

            log: {level: "debug"}
            """;

    private static final List<String> COMPONENTS = List.of(
            "rootcoord", "datacoord", "indexcoord", "querycoord", "indexnode", "datanode", "querynode", "proxy");

    RollbackContract(Supplier<TestBed> beds) {
        super(beds);
    }

    @Test
    void aHalfDoneUpgradeGoesBackToExactlyWhatWas() {
        InstalledMilvus milvus = install(
                cluster().userYaml(USER_YAML).annotatePods("querycoord", "sim.cluster/fault", "v2.2.16=image-missing"));
        SortedMap<String, String> before = milvus.settings();
        Map<String, Map<String, String>> pods = pods(milvus);
        Upgrader upgrader =
                milvus.upgrader(brisk().withProfile(Profiles.official(1))).build();

        UpgradeReport failed = upgrader.execute(upgrader.plan(TARGET));
        assertThat(failureOf(failed).code()).isEqualTo(Code.IMAGE_UNAVAILABLE);
        assertThat(milvus.userYaml()).isNotEqualTo(USER_YAML);

        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(upgrader.execute(upgrader.planRollback(failed.run())));

            assertThat(record.orderOfReturnTo(OLD_IMAGE)).containsExactly("indexcoord", "datacoord", "rootcoord");
        }
        assertThat(milvus.changesSince(before)).isEmpty();
        assertThat(milvus.userYaml()).isEqualTo(USER_YAML);
        assertThat(pods(milvus))
                .as("pods that never left")
                .containsEntry("querycoord", pods.get("querycoord"))
                .containsEntry("indexnode", pods.get("indexnode"))
                .containsEntry("datanode", pods.get("datanode"))
                .containsEntry("querynode", pods.get("querynode"))
                .containsEntry("proxy", pods.get("proxy"));
        assertThat(upgrader.runs())
                .extracting(JournaledRun::status)
                .containsExactly(RunStatus.ROLLED_BACK, RunStatus.SUCCEEDED);
    }

    @Test
    void aCompleteUpgradeGoesBackInReverseOrderWithoutAPodLess() {
        InstalledMilvus milvus = install(cluster().userYaml(USER_YAML).replicas("querynode", 2));
        SortedMap<String, String> before = milvus.settings();
        Upgrader upgrader = milvus.upgrader(brisk()).build();
        UpgradeReport upgraded = upgrader.execute(upgrader.plan(TARGET));
        assertSucceeded(upgraded);

        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(upgrader.execute(upgrader.planRollback(upgraded.run())));

            assertThat(record.orderOfReturnTo(OLD_IMAGE))
                    .containsExactly(
                            "proxy",
                            "querynode",
                            "datanode",
                            "indexnode",
                            "querycoord",
                            "indexcoord",
                            "datacoord",
                            "rootcoord");
            assertThat(record.fewestAvailable())
                    .containsEntry("my-release-milvus-querynode", 2)
                    .allSatisfy((deployment, available) ->
                            assertThat(available).as(deployment).isPositive());
        }
        assertThat(milvus.changesSince(before)).isEmpty();
        assertThat(milvus.userYaml()).isEqualTo(USER_YAML);
        assertThat(milvus.replicaSetsOn(OLD_IMAGE))
                .as("the old ReplicaSets came back, no new ones were made")
                .hasSize(8)
                .allSatisfy(
                        (deployment, sets) -> assertThat(sets).as(deployment).isEqualTo(1));
    }

    @Test
    void theWayBackFromAVersionThatCrashesIsNotMistakenForACrash() {
        InstalledMilvus milvus = install(smallCluster());
        Upgrader upgrader = milvus.upgrader(brisk()).build();
        UpgradeReport upgraded = upgrader.execute(upgrader.plan(TARGET));
        assertSucceeded(upgraded);
        milvus.patch("proxy", JsonApi.MERGE_PATCH, """
                {spec: {strategy: {type: 'Recreate', rollingUpdate: null},
                 template: {metadata: {annotations: {'sim.cluster/fault': 'v2.2.16=crash'}}}}}
                """);
        milvus.awaitPod("proxy", "\"restartCount\":3");

        assertSucceeded(upgrader.execute(upgrader.planRollback(upgraded.run())));

        assertThat(milvus.imagesOf("proxy")).containsExactly(OLD_IMAGE);
    }

    @Test
    void whatOthersWroteIntoUserYamlSinceStaysThere() {
        InstalledMilvus milvus = install(smallCluster().userYaml(USER_YAML));
        Upgrader upgrader = milvus.upgrader(brisk()).build();
        UpgradeReport upgraded = upgrader.execute(upgrader.plan(TARGET));
        assertSucceeded(upgraded);
        milvus.writeUserYaml(milvus.userYaml() + "proxy:\n  timeTickInterval: 100\n");

        assertSucceeded(upgrader.execute(upgrader.planRollback(upgraded.run())));

        assertThat(milvus.userYaml()).isEqualTo(USER_YAML + "proxy:\n  timeTickInterval: 100\n");
    }

    @Test
    void aComponentWithoutPodsGoesBackToo() {
        MilvusBlueprint blueprint = smallCluster().replicas("indexnode", 0);
        InstalledMilvus milvus = install(blueprint);
        SortedMap<String, String> before = milvus.settings();
        Upgrader upgrader = milvus.upgrader(brisk()).build();
        UpgradeReport upgraded = upgrader.execute(upgrader.plan(TARGET));
        assertSucceeded(upgraded);
        assertThat(milvus.imagesOf("indexnode")).containsExactly(NEW_IMAGE);

        assertSucceeded(upgrader.execute(upgrader.planRollback(upgraded.run())));

        assertThat(milvus.changesSince(before)).isEmpty();
    }

    private static Map<String, Map<String, String>> pods(InstalledMilvus milvus) {
        Map<String, Map<String, String>> pods = new LinkedHashMap<>();
        COMPONENTS.forEach(component -> pods.put(component, milvus.podUids(component)));
        return pods;
    }
}
