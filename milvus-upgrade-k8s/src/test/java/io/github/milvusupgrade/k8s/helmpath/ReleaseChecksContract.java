package io.github.milvusupgrade.k8s.helmpath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.helm.HelmUpgrade;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is found out about a release before it is touched, and what is left alone: the same by every Helm. */
abstract class ReleaseChecksContract extends HelmPathContract {

    ReleaseChecksContract(Supplier<TestBed> beds) {
        super(beds);
    }

    @Test
    void whatSomebodyElseAddedToAnObjectStays() {
        installed("{}");
        milvus().patch(
                        "proxy",
                        JsonApi.MERGE_PATCH,
                        "{metadata: {annotations: {team: 'search'}}, spec: {replicas: 3}}");
        milvus().awaitSettled();

        assertSucceeded(milvus().upgrade(options()));

        assertThat(milvus().deployment("proxy").at("/metadata/annotations/team").asText())
                .isEqualTo("search");
    }

    @Test
    void theChangeIsShownBeforehandWithoutSecrets() {
        installed(USER_VALUES);
        Upgrader upgrader = milvus().upgrader(options()).build();

        Finding change = finding(upgrader, "P19");

        assertThat(change.status()).isEqualTo(Finding.Status.PASS);
        assertThat(change.message())
                .startsWith("chart 4.0.6 -> 4.0.34, values by ")
                .contains(
                        "image.all.tag",
                        "~ Deployment my-release-milvus-proxy (proxy milvusdb/milvus:v2.2.2 -> milvusdb/milvus:v2.2.16)",
                        "~ ConfigMap my-release-milvus")
                .doesNotContain("hunter2");
        assertAllRun(OLD_IMAGE);
    }

    @Test
    void theApiServerIsAskedBeforehandWhatItThinksOfTheChange() {
        installed("{}");
        Upgrader upgrader = milvus().upgrader(options()).build();

        assertThat(finding(upgrader, "P16").message()).contains(NEW_IMAGE);
        assertThat(finding(upgrader, "P17").status()).isEqualTo(Finding.Status.PASS);
        assertThat(finding(upgrader, "P17").message()).contains("8");
    }

    @Test
    void row85ASubChartThatHoldsDataIsChangedOnlyIfItIsAllowedByName() {
        installed("{etcd: {enabled: true}}");
        Upgrader upgrader = milvus().upgrader(options()).build();

        Finding blocked = finding(upgrader, "P19");

        assertThat(blocked.status()).isEqualTo(Finding.Status.FAIL);
        assertThat(blocked.message()).endsWith("The data of etcd would be touched: StatefulSet my-release-etcd.");
        Upgrader allowed = milvus().upgrader(
                        KubernetesOptions.defaults().withHelm(helmOptions().allowingSubChart("etcd")))
                .build();
        assertThat(finding(allowed, "P19").status()).isEqualTo(Finding.Status.PASS);
    }

    @Test
    void row84AnImageThatWasSetPastHelmIsShownAndBroughtToTheTarget() {
        installed("{}");
        milvus().setImage("proxy", "milvusdb/milvus:2.2.2-20230301");
        milvus().awaitSettled();
        Upgrader upgrader = milvus().upgrader(options())
                .sourceVersion(MilvusVersion.parse("2.2.2"))
                .build();

        assertThat(finding(upgrader, "P21").toString())
                .contains("my-release-milvus-proxy runs milvusdb/milvus:2.2.2-20230301, the release says " + OLD_IMAGE);
    }

    @Test
    void row77AReleaseThatIsPendingByOthersIsExplainedAndLeft() {
        installed("{}");
        pend(2);
        Upgrader upgrader = milvus().upgrader(options()).build();

        Finding pending = finding(upgrader, "P18");

        assertThat(pending.status()).isEqualTo(Finding.Status.FAIL);
        assertThat(pending.message())
                .startsWith("Release " + bed().namespace() + "/my-release is pending-upgrade in revision 2")
                .endsWith("'helm rollback my-release 1 --namespace " + bed().namespace() + "' brings back revision 1.");
        assertThat(history().revisions()).hasSize(2);
        KubernetesMilvusCluster cluster =
                KubernetesMilvusCluster.connect(bed().apiClient(), bed().namespace(), RELEASE, options());
        assertThatThrownBy(() -> cluster.endPendingRelease(Duration.ofHours(1)))
                .isInstanceOfSatisfying(
                        UpgradeException.class, busy -> assertThat(busy.code()).isEqualTo(Code.HELM_BUSY))
                .hasMessageEndingWith(" It has not been there for 3600 s: nothing was changed.");
        assertThat(states()).containsExactly("2 pending-upgrade", "1 deployed");

        assertThat(cluster.endPendingRelease(Duration.ZERO)).isPresent();

        assertThat(states()).containsExactly("2 failed", "1 deployed");
        assertThat(cluster.endPendingRelease(Duration.ZERO)).isEmpty();
        assertSucceeded(milvus().upgrade(options()));
    }

    @Test
    void aPlanKnowsItsChartAndItsRevision() {
        installed("{}");
        UpgradePlan plan = milvus().upgrader(options()).build().plan(InstalledMilvus.TARGET);

        assertThat(plan.snapshot().facts())
                .containsEntry("helm.chart.2.2.16", "4.0.34")
                .containsEntry("helm.revision.2.2.16", "1");
        assertThat(plan.steps().stream().map(planned -> planned.step().summary()))
                .startsWith(
                        "note revision 1 of Helm release my-release",
                        "bring rootcoord to what chart 4.0.34 makes of it for 2.2.16")
                .endsWith(
                        "let Helm make the revision with chart 4.0.34, which changes no Milvus pod any more",
                        "verify that every pod of every component runs 2.2.16");
    }

    @Test
    void aReleaseThatChangedSinceThePlanIsLeftAlone() {
        installed("{}");
        Upgrader upgrader = milvus().upgrader(options()).build();
        UpgradePlan plan = upgrader.plan(InstalledMilvus.TARGET);
        Path chart = MilvusCharts.chart(folder.resolve("charts"), MilvusCharts.OLD);
        helm().upgrade(
                        new HelmUpgrade(bed().namespace(), RELEASE, chart, JsonApi.json("{}"), "by somebody"),
                        MINUTE,
                        () -> false);

        UpgradeReport report = upgrader.execute(plan);

        assertThat(report.failure().orElseThrow().message())
                .contains("Helm release " + bed().namespace() + "/my-release is at revision 2, the plan was made from"
                        + " revision 1: somebody changed it in between. Nothing of this step was changed. Take back what"
                        + " the run has changed before, then make a new plan.");
        assertAllRun(OLD_IMAGE);
    }

    @Test
    void otherValuesThanThoseOfThePlanAreRefused() {
        installed("{}");
        UpgradePlan plan = milvus().upgrader(options()).build().plan(InstalledMilvus.TARGET);
        Upgrader other = milvus().upgrader(KubernetesOptions.defaults()
                        .withHelm(helmOptions().withValues(JsonApi.json("{etcd: {auth: {password: 'hunter2'}}}"))))
                .build();

        assertThatThrownBy(() -> other.restore(plan.toJson()))
                .isInstanceOf(UpgradeException.class)
                .hasMessage("The plan for " + bed().namespace() + "/my-release to 2.2.16 was made with values by"
                        + " RESET_THEN_REUSE, but this upgrader has values by RESET_THEN_REUSE with etcd.auth.password."
                        + " Use those that made the plan, or make and approve a new one.");
    }
}
