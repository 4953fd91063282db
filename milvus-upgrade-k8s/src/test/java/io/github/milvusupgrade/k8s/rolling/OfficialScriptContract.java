package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.testing.ClusterObjects;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.k8s.testing.RolloutRecord;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.path.NoUpgradePathException;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong with {@code milvus-io/milvus:deployments/upgrade/rollingUpdate.sh}, numbered; none of it does here.
 */
abstract class OfficialScriptContract extends RollingContract {

    OfficialScriptContract(Supplier<TestBed> beds) {
        super(beds);
    }

    @Test
    void r01AStageOfTwoComponentsWorksWithOneOfThem() {
        InstalledMilvus milvus = install(smallCluster());
        milvus.delete("datanode");
        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(milvus.upgrade(brisk()));

            assertThat(record.orderOf(NEW_IMAGE)).containsExactly("mixcoord", "indexnode", "querynode", "proxy");
        }
    }

    @Test
    void r02NoShellAndNoOtherProgramIsNeeded() {
        InstalledMilvus milvus = install(smallCluster());
        List<ProcessHandle> children = new ArrayList<>();
        Upgrader upgrader = milvus.upgrader(brisk())
                .listener(event -> ProcessHandle.current().children().forEach(children::add))
                .build();

        assertSucceeded(upgrader.execute(upgrader.plan(TARGET)));

        assertThat(children).isEmpty();
    }

    @Test
    void r03UserYamlIsFoundWhateverKeysFollowIt() {
        InstalledMilvus milvus = install(smallCluster().userYaml("log:\n  level: info\n"));
        milvus.api()
                .patch(
                        JsonApi.MERGE_PATCH,
                        milvus.configMapPath("my-release-milvus"),
                        "{data: {'zz-last.yaml': 'rootCoord: {}'}}");

        assertSucceeded(milvus.upgrade(brisk()));

        assertThat(milvus.userYaml()).startsWith("log:\n  level: info\n").contains("enableActiveStandby: true");
        assertThat(milvus.configMap("my-release-milvus")
                        .at("/data/zz-last.yaml")
                        .asText())
                .isEqualTo("rootCoord: {}");
    }

    @Test
    void r04SectionsThatAreThereAreExtendedNotRepeated() throws Exception {
        String mine = "rootCoord:\n  maxPartitionNum: 4096 # ours\nquotaAndLimits:\n  comment: |\n    the end\n";
        InstalledMilvus milvus = install(cluster().userYaml(mine));

        assertSucceeded(milvus.upgrade(brisk()));

        assertThat(milvus.userYaml()).containsOnlyOnce("rootCoord:").contains("maxPartitionNum: 4096 # ours");
        JsonNode meaning = new YAMLMapper().readTree(milvus.userYaml());
        assertThat(meaning.at("/rootCoord/maxPartitionNum").asInt()).isEqualTo(4096);
        assertThat(meaning.at("/quotaAndLimits/comment").asText()).isEqualTo("the end\n");
        for (String section : List.of("rootCoord", "queryCoord", "dataCoord", "indexCoord")) {
            assertThat(meaning.path(section).path("enableActiveStandby").asBoolean())
                    .as(section)
                    .isTrue();
        }
    }

    @Test
    void r05TheConfigMapIsTheOneThatThePodsMount() {
        InstalledMilvus milvus = install(smallCluster().fullnameOverride("acme"));
        milvus.api()
                .create(
                        "/api/v1/namespaces/" + milvus.namespace() + "/configmaps",
                        JsonApi.json("{metadata: {name: 'my-release-milvus'}, data: {'user.yaml': 'decoy: true'}}"));

        assertSucceeded(milvus.upgrade(brisk()));

        assertThat(milvus.configMap("acme").at("/data/user.yaml").asText()).contains("enableActiveStandby: true");
        assertThat(milvus.userYaml()).isEqualTo("decoy: true");
    }

    @Test
    void r06MinReadySecondsAndStrategyAreOfCoordinatorsOnlyAndAreBroughtBack() {
        InstalledMilvus milvus =
                install(MilvusBlueprint.mixcoord("coordinator-x").version("2.2.3"), "coordinator-x");
        SortedMap<String, String> before = milvus.settings();
        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(milvus.upgrade(brisk().withProfile(Profiles.official(1))));

            assertThat(record.statesOf("mixcoord")).anySatisfy(state -> {
                assertThat(state.at("/spec/minReadySeconds").asInt()).isEqualTo(1);
                assertThat(state.at("/spec/strategy/type").asText()).isEqualTo("RollingUpdate");
                assertThat(state.at("/spec/strategy/rollingUpdate/maxUnavailable")
                                .asInt())
                        .isZero();
            });
            assertThat(record.statesOf("proxy"))
                    .allSatisfy(state -> assertThat(
                                    state.at("/spec/minReadySeconds").asInt())
                            .isZero());
        }
        milvus.assertUpgradedFrom(before);
    }

    @Test
    void r07RecreateComesBackWithoutTheParametersOfARollingUpdate() {
        InstalledMilvus milvus = install(smallCluster());

        assertSucceeded(milvus.upgrade(brisk()));

        assertThat(milvus.deployment("mixcoord").at("/spec/strategy")).isEqualTo(JsonApi.json("{type: 'Recreate'}"));
    }

    @Test
    void r08APausedDeploymentIsNotWaitedForForEver() {
        InstalledMilvus milvus = install(smallCluster());
        milvus.patch("indexnode", JsonApi.MERGE_PATCH, "{spec: {paused: true}}");

        UpgradeReport report = milvus.upgrade(brisk());

        assertThat(report.succeeded()).as(report.describe()).isFalse();
        assertThat(failureOf(report).message()).containsIgnoringCase("paused").contains("my-release-milvus-indexnode");
    }

    @Test
    void r09AFailureLeavesARecordAndBothWaysOpen() {
        InstalledMilvus milvus =
                install(smallCluster().annotatePods("indexnode", "sim.cluster/fault", "v2.2.16=image-missing"));
        Upgrader upgrader = milvus.upgrader(brisk()).build();

        UpgradeReport report = upgrader.execute(upgrader.plan(TARGET));

        assertThat(failureOf(report).code()).isEqualTo(Code.IMAGE_UNAVAILABLE);
        assertThat(report.nextSteps())
                .containsExactly(
                        "go on after a fix: upgrader.resume(\"" + report.run() + "\")",
                        "go back: upgrader.planRollback(\"" + report.run() + "\")");
        assertThat(upgrader.runs().get(0).touched()).hasSize(3);
        assertThat(upgrader.planRollback(report.run()).steps()).hasSize(3);
    }

    @Test
    void r10NoComponentIsLeftOutBecauseOfItsName() {
        InstalledMilvus milvus = install(smallCluster().queryNodeGroups("0", "1"));

        assertSucceeded(milvus.upgrade(brisk()));

        assertThat(milvus.deployments()).containsKeys("my-release-milvus-querynode-0", "my-release-milvus-querynode-1");
        assertThat(milvus.images())
                .hasSize(5)
                .allSatisfy(
                        (component, images) -> assertThat(images).as(component).containsExactly(NEW_IMAGE));
    }

    @Test
    void r11AttuIsNeitherTouchedNorWaitedFor() {
        InstalledMilvus milvus = install(smallCluster().attu());
        milvus.setImage("attu", "zilliz/attu:v0.0.99");
        milvus.patch("attu", JsonApi.MERGE_PATCH, "{spec: {strategy: {type: 'Recreate', rollingUpdate: null}}}");
        milvus.awaitPod("attu", "ImagePull");
        long generation = milvus.deployment("attu").at("/metadata/generation").asLong();

        assertSucceeded(milvus.upgrade(brisk()));

        assertThat(milvus.deployment("attu").at("/metadata/generation").asLong())
                .isEqualTo(generation);
        assertThat(milvus.imagesOf("attu")).containsExactly("zilliz/attu:v0.0.99");
    }

    @Test
    void r12ASidecarInFirstPlaceKeepsItsImage() {
        InstalledMilvus milvus = install(smallCluster().sidecarFirst("mesh-proxy"));
        SortedMap<String, String> before = milvus.settings();

        assertSucceeded(milvus.upgrade(brisk()));

        assertThat(milvus.deployment("proxy")
                        .at("/spec/template/spec/containers/0/image")
                        .asText())
                .isEqualTo("sidecar/mesh-proxy:1.0");
        milvus.assertUpgradedFrom(before);
    }

    @Test
    void r13AnInstanceOfTheOperatorIsRefusedUntouched() {
        InstalledMilvus milvus = install(smallCluster().operatorManaged());
        SortedMap<String, String> before = milvus.settings();
        Upgrader upgrader = milvus.upgrader(brisk()).build();

        assertThatThrownBy(() -> upgrader.plan(TARGET))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.OPERATOR_MANAGED))
                .hasMessageContaining("is managed by Milvus Operator")
                .hasMessageEndingWith(
                        "Change spec.components.image of the Milvus resource my-release instead. Nothing was changed.");
        assertThat(milvus.changesSince(before)).isEmpty();
    }

    @Test
    void r14ThatHelmHasARecordOfTheInstanceIsKnown() {
        InstalledMilvus milvus = install(smallCluster().helmRelease());

        assertThat(milvus.upgrader(brisk()).build().inspect().fact(ClusterSnapshot.MANAGED_BY))
                .contains("Helm");
    }

    @Test
    void r15VersionAndImageMustAgreeAndLeadUpwards() {
        InstalledMilvus milvus = install(smallCluster());
        Upgrader upgrader = milvus.upgrader(brisk()).build();

        assertThatThrownBy(() -> upgrader.plan(TARGET, ImageReference.parse("milvusdb/milvus:v2.2.12")))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.TARGET_IMAGE_MISMATCH));
        assertThatThrownBy(() -> upgrader.plan(MilvusVersion.parse("2.1.4")))
                .isInstanceOf(NoUpgradePathException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rocksmq", "natsmq"})
    void r16AQueueThatOnlyOneProcessCanOpenBlocksTheUpgrade(String queue) {
        InstalledMilvus milvus =
                install(MilvusBlueprint.standalone(RELEASE).version("2.2.3").messageQueue(queue));
        SortedMap<String, String> before = milvus.settings();

        UpgradeReport report = milvus.upgrade(brisk());

        assertThat(failureOf(report).code()).isEqualTo(Code.PREFLIGHT_BLOCKED);
        assertThat(failureOf(report).message())
                .contains("The message queue of " + milvus.namespace() + "/my-release is " + queue
                        + ", which only one process can open");
        assertThat(milvus.changesSince(before)).isEmpty();
    }

    @Test
    void r17OldPodsThatTakeTheirGraceAreWaitedFor() {
        InstalledMilvus milvus = install(smallCluster().annotatePods("mixcoord", "sim.cluster/stops-after", "3s"));
        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(milvus.upgrade(brisk()));

            assertThat(record.begun("indexnode", NEW_IMAGE))
                    .as("the next component begins when the last old pod is gone")
                    .isGreaterThan(record.gone("mixcoord", OLD_IMAGE));
        }
    }

    @Test
    void r18ActiveStandbyStandsInTheConfigurationBeforeTheFirstNewCoordinatorReadsIt() {
        InstalledMilvus milvus = install(cluster());
        try (RolloutRecord record = milvus.record()) {
            assertSucceeded(milvus.upgrade(brisk()));

            JsonNode config = milvus.configMap("my-release-milvus");
            assertThat(config.at("/data/user.yaml").asText()).contains("enableActiveStandby: true");
            assertThat(ClusterObjects.revision(config)).isLessThan(record.begun("rootcoord", NEW_IMAGE));
        }
    }
}
