package io.github.milvusupgrade.k8s.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.component.ComponentGraph;
import io.github.milvusupgrade.journal.JournalHeader;
import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.path.PathKind;
import io.github.milvusupgrade.path.UpgradePathRules;
import io.github.milvusupgrade.path.UpgradeRule;
import io.github.milvusupgrade.path.WayBack;
import io.github.milvusupgrade.plan.PreflightReport;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** P06, P09, P17, P22, P28, P29: the plan itself, and what it is going to write. */
class PlanChecksTest {

    private static final String CONFIG = "/api/v1/namespaces/default/configmaps/my-release-milvus";
    private static final StepId STANDBY = StepId.of("2.2.16/enable-active-standby");

    private Rehearsed given = Rehearsed.cluster();

    @AfterEach
    void stop() {
        given.close();
    }

    @Test
    void p06NamesTheHops() {
        given.planned("2.3.22");

        assertThat(given.finding("P06"))
                .isEqualTo(
                        "PASS    P06  2 hops: 2.2.4 -> 2.2.16 rolling (rule roll-2.2), 2.2.16 -> 2.3.22 rolling (rule"
                                + " roll-to-2.3).");
    }

    @Test
    void p06FailsOnAReleaseCandidate() {
        UpgradeRule nightly = UpgradeRule.named("nightly")
                .from(VersionRange.of("2.2.0", "2.3.0"))
                .because("we test candidates")
                .hop(PathKind.ROLLING, ComponentGraph.officialScript(), WayBack.IMAGE_ONLY)
                .build();
        given.planned(given.upgrader()
                .rules(UpgradePathRules.official().withFirst(nightly))
                .build()
                .plan(MilvusVersion.parse("2.3.0-rc1")));

        assertThat(given.finding("P06"))
                .isEqualTo(
                        "FAIL    P06  The path 2.2.4 -> 2.3.0-rc1 rolling (rule nightly) touches what came before a"
                                + " release: 2.3.0-rc1. Choose a release, or waive P06 for an instance whose data may be lost.");
    }

    @Test
    void p06WarnsOfAnImageThatNamesNoRelease() {
        given.planned(given.upgrader()
                .build()
                .plan(MilvusVersion.parse("2.2.16"), ImageReference.parse("registry.local:5000/milvus:blessed")));

        assertThat(given.finding("P06"))
                .isEqualTo(
                        "WARN    P06  The image registry.local:5000/milvus:blessed names no release, so nobody can see"
                                + " that it is 2.2.16. Make sure that it is, or use a tag that says so.");
    }

    @Test
    void p09SaysWhatThePlanEnables() {
        given = replacedBy(Rehearsed.blueprint().userYaml("rootCoord:\n  enableActiveStandby: true\n"));

        assertThat(given.finding("P09"))
                .isEqualTo("PASS    P09  The plan enables active-standby (queryCoord.enableActiveStandby: (absent) ->"
                        + " true, dataCoord.enableActiveStandby: (absent) -> true, indexCoord.enableActiveStandby:"
                        + " (absent) -> true). Strategy Recreate of my-release-milvus-datacoord,"
                        + " my-release-milvus-indexcoord, my-release-milvus-querycoord, my-release-milvus-rootcoord"
                        + " becomes RollingUpdate for the time of the upgrade.");
    }

    @Test
    void p09FailsIfNobodyEnablesActiveStandby() {
        given.planned(given.plan().without(STANDBY));

        assertThat(given.finding("P09"))
                .startsWith(
                        "FAIL    P09  Active-standby is not in effect in default/my-release, and no step of the plan"
                                + " enables it (rootCoord.enableActiveStandby: (absent) -> true,")
                .endsWith("Keep the step that enables it in the plan, or enable it in the values of the chart.");
    }

    @Test
    void p09StatesTheOutageOfAStandalone() {
        given = replacedBy(
                MilvusBlueprint.standalone("my-release").version("2.2.4").messageQueue("pulsar"));

        assertThat(given.finding("P09"))
                .startsWith("WARN    P09  The plan enables active-standby (")
                .endsWith(" Strategy Recreate of my-release-milvus-standalone becomes RollingUpdate for the time of the"
                        + " upgrade. Standalone is one process: it does not answer from the end of the old one until the"
                        + " new one has taken over and loaded the collections. It mounts claim my-release-milvus: unless"
                        + " many nodes may mount it, the new pod must come to the node of the old one. Upgrade at a time"
                        + " when clients can wait, or let them retry.");
    }

    @Test
    void p17TriesOutEveryPatch() {
        assertThat(given.finding("P17")).isEqualTo("PASS    P17  Kubernetes accepts all 13 patches of the plan.");
        assertThat(given.writes()).isEmpty();
        assertThat(given.cluster.requests())
                .filteredOn(request -> request.verb().equals("patch"))
                .hasSize(13)
                .allSatisfy(request -> assertThat(request.query()).containsEntry("dryRun", "All"));
    }

    @Test
    void p17FailsOnEachPatchThatIsRefused() {
        given.cluster.inject(ApiFault.forbidden().on("patch", "deployments").named("my-release-milvus-proxy"));

        assertThat(given.finding("P17"))
                .isEqualTo("FAIL    P17  Kubernetes would refuse 2 of the patches of the plan: deployments.apps"
                        + " default/my-release-milvus-proxy by step 2.2.16/restart/proxy: deployments.apps"
                        + " \"my-release-milvus-proxy\" is forbidden: User \"rehearsal\" cannot patch resource"
                        + " \"deployments\" in API group \"apps\" in the namespace \"default\" (403); deployments.apps"
                        + " default/my-release-milvus-proxy by step 2.2.16/roll/proxy: deployments.apps"
                        + " \"my-release-milvus-proxy\" is forbidden: User \"rehearsal\" cannot patch resource"
                        + " \"deployments\" in API group \"apps\" in the namespace \"default\" (403). Change the policy,"
                        + " webhook or object that the message names, or exempt the instance from it.");
        assertThat(given.writes()).isEmpty();
    }

    @Test
    void p17IsUndecidedIfTheServerCannotSay() {
        given.plan();
        given.cluster.inject(ApiFault.unavailable().always().on("patch", "configmaps"));

        assertThat(given.finding("P17"))
                .startsWith("UNKNOWN P17  Whether Kubernetes accepts all patches of the plan could not be tried out:"
                        + " configmaps default/my-release-milvus by step 2.2.16/enable-active-standby: the server is"
                        + " currently unable to handle the request (503); configmaps default/my-release-milvus by step"
                        + " 2.2.16/roll/rootcoord: the server is currently unable to handle the request (503); configmaps"
                        + " default/my-release-milvus by step 2.2.16/restart/proxy: the server is currently unable to"
                        + " handle the request (503); configmaps default/my-release-milvus by step"
                        + " 2.2.16/roll/coordinators: the server is currently unable to handle the request (503).");
    }

    @Test
    void p17TriesAgainWhatSomebodyChangedInBetween() {
        given.plan();
        given.cluster.inject(ApiFault.conflict().times(2).on("patch", "deployments"));

        assertThat(given.finding("P17")).startsWith("PASS ");
    }

    @Test
    void p22PassesIfTheConfigurationCanBeChanged() {
        assertThat(given.finding("P22"))
                .isEqualTo("PASS    P22  ConfigMap default/my-release-milvus is valid and can be changed.");
    }

    @Test
    void p22FailsOnAnImmutableConfigMapThatHasToChange() {
        given.patch(CONFIG, "{immutable: true}");

        assertThat(given.finding("P22"))
                .startsWith("FAIL    P22  ConfigMap default/my-release-milvus is immutable, but user.yaml has to be"
                        + " changed: [rootCoord.enableActiveStandby: (absent) -> true,")
                .endsWith("Make these settings in the values of the chart, or replace the ConfigMap by one that can be"
                        + " changed.");
    }

    @Test
    void p22AcceptsAnImmutableConfigMapThatIsRightAlready() {
        given = replacedBy(Rehearsed.blueprint().userYaml("""
                rootCoord: {enableActiveStandby: true}
                dataCoord: {enableActiveStandby: true}
                queryCoord: {enableActiveStandby: true}
                indexCoord: {enableActiveStandby: true}
                """));
        given.patch(CONFIG, "{immutable: true}");

        assertThat(given.finding("P22")).isEqualTo("PASS    P22  ConfigMap default/my-release-milvus is valid.");
        assertThat(given.finding("P17")).isEqualTo("PASS    P17  Kubernetes accepts all 8 patches of the plan.");
    }

    @Test
    void p22FailsIfTheConfigMapIsGone() {
        given.plan();
        given.api.delete(CONFIG);

        assertThat(given.finding("P22"))
                .isEqualTo("FAIL    P22  The configuration of default/my-release cannot be read: there is no ConfigMap"
                        + " default/my-release-milvus. Mount user.yaml from a ConfigMap, as charts since 3.3.2 do, so that"
                        + " coordinators can be made active-standby.");
    }

    @Test
    void p28PassesIfTheOldImagesLeadBack() {
        assertThat(given.finding("P28"))
                .isEqualTo("PASS    P28  Every hop has a way back: the old images lead from 2.2.16 to 2.2.4.");
    }

    @Test
    void p28MustBeAcknowledgedWhereNoWayLeadsBack() {
        given.planned("2.4.24");

        assertThat(given.finding("P28"))
                .isEqualTo("FAIL    P28  No way leads back from 2.3.22 -> 2.4.24 (rule roll-to-2.4): the new version"
                        + " writes what the old one may not read. Take a backup of your own, then acknowledge with"
                        + " waive(\"P28\", <reason>).");

        PreflightReport acknowledged = given.upgrader()
                .waive("P28", "backup of 14:00 is verified")
                .build()
                .preflight(given.plan());
        assertThat(acknowledged.blocked()).isFalse();
        assertThat(acknowledged.findings())
                .filteredOn(finding -> finding.check().equals("P28"))
                .extracting(Finding::status)
                .containsExactly(Finding.Status.WAIVED);
    }

    @Test
    void p29PassesIfNobodyIsAtWork() {
        assertThat(given.finding("P29"))
                .isEqualTo("PASS    P29  Nobody holds the lock of default/my-release, and no run of it is unfinished.");
    }

    @Test
    void p29WarnsOfAHolder() {
        given.create("/apis/coordination.k8s.io/v1/namespaces/default/leases", """
                metadata: {name: milvus-upgrade-my-release}
                spec: {holderIdentity: run r1 of process 7, acquireTime: '2026-11-22T10:00:00.000000Z'}
                """);

        for (boolean begun : new boolean[] {false, true}) {
            assertThat(given.finding("P29", begun))
                    .isEqualTo("WARN    P29  The lock of default/my-release is held by run r1 of process 7 since"
                            + " 2026-11-22T10:00:00.000000Z. If that process is dead, its lock is taken over once it has"
                            + " expired; if it is alive, the upgrade will not begin.");
        }
    }

    @Test
    void p29FailsOnAnUnfinishedRunUnlessThatIsWhatGoesOn() {
        given.cluster.inject(ApiFault.internalError().always().on("watch", "pods"));
        given.cluster.inject(ApiFault.forbidden().on("list", "pods"));
        String run = given.upgrader()
                .waive("P05", "not asked")
                .waive("P10", "not asked")
                .waive("P11", "not asked")
                .waive("P02", "pods are forbidden in this test")
                .waive("P13", "not asked")
                .waive("P14", "not asked")
                .waive("P15", "not asked")
                .waive("P30", "not asked")
                .build()
                .execute(given.plan())
                .run()
                .value();

        assertThat(given.finding("P29"))
                .matches("FAIL    P29  Run " + run + " of \\S+ is unfinished \\(FAILED\\)\\. Go on with resume\\(\""
                        + run
                        + "\"\\), go back with planRollback\\(\"" + run + "\"\\), or give it up with abandon\\(\"" + run
                        + "\"\\)\\.");
        assertThat(given.finding("P29", true)).isEqualTo("PASS    P29  Nobody holds the lock of default/my-release.");
    }

    @Test
    void p29OnlyWarnsOfARunThatHasChangedNothing() {
        UpgradePlan plan = given.plan();
        JournalHeader header = new JournalHeader(
                RunId.of("r1"), plan.cluster(), "2026-11-22T10:00:00Z", plan.toJson(), null, List.of());
        given.journal().begin(header);

        assertThat(given.finding("P29"))
                .isEqualTo(
                        "WARN    P29  Run r1 of 2026-11-22T10:00:00Z is unfinished (RUNNING), but has changed nothing"
                                + " yet. Go on with resume(\"r1\"), go back with planRollback(\"r1\"), or give it up with"
                                + " abandon(\"r1\").");
    }

    private Rehearsed replacedBy(MilvusBlueprint blueprint) {
        given.close();
        return Rehearsed.of(blueprint);
    }
}
