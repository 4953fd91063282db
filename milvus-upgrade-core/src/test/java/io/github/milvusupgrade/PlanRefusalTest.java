package io.github.milvusupgrade;

import static io.github.milvusupgrade.RefusalAssert.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.path.NoUpgradePathException;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import org.junit.jupiter.api.Test;

class PlanRefusalTest {

    private static final MilvusVersion V2_2_16 = MilvusVersion.parse("2.2.16");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final Upgrader upgrader = cluster.upgrader().build();

    @Test
    void mixedVersionsWithoutARunThatExplainsThem() {
        cluster.deploy(Component.PROXY, "milvusdb/milvus:v2.2.3");

        assertRefused(
                () -> upgrader.plan(V2_2_16),
                Code.MIXED_VERSIONS,
                "Components of default/my-release run different versions: {2.2.4=[my-release-milvus-datanode,"
                        + " my-release-milvus-querynode, my-release-milvus-rootcoord], 2.2.3=[my-release-milvus-proxy]}."
                        + " No unfinished run explains this: bring all components to one of these versions first.");
    }

    @Test
    void mixedVersionsLeftByARunNameIt() {
        cluster.crash("2.2.16/roll/proxy");
        RunId run = upgrader.execute(upgrader.plan(V2_2_16)).run();

        assertRefused(
                () -> upgrader.plan(V2_2_16),
                Code.MIXED_VERSIONS,
                ("Components of default/my-release run different versions: {2.2.16=[my-release-milvus-datanode,"
                                + " my-release-milvus-querynode, my-release-milvus-rootcoord],"
                                + " 2.2.4=[my-release-milvus-proxy]}."
                                + " Run %s is unfinished: go on with resume(\"%s\") or go back with planRollback(\"%s\").")
                        .formatted(run, run, run));
    }

    @Test
    void aTagThatNamesNoReleaseNeedsAStatedVersion() {
        cluster.deploy(Component.PROXY, "registry.acme.example/milvus:nightly");

        assertRefused(
                () -> upgrader.plan(V2_2_16),
                Code.UNKNOWN_VERSION,
                "Cannot tell the Milvus version of default/my-release: the image registry.acme.example/milvus:nightly"
                        + " of my-release-milvus-proxy names no release. State it with Upgrader.Builder.sourceVersion.");
        assertThat(cluster.upgrader()
                        .sourceVersion(MilvusVersion.parse("2.2.4"))
                        .build()
                        .plan(V2_2_16)
                        .path()
                        .from())
                .isEqualTo(MilvusVersion.parse("2.2.4"));
    }

    @Test
    void aTagThatNamesAReleaseWinsOverTheStatedVersion() {
        assertThat(cluster.upgrader()
                        .sourceVersion(MilvusVersion.parse("2.2.9"))
                        .build()
                        .plan(V2_2_16)
                        .path()
                        .from())
                .isEqualTo(MilvusVersion.parse("2.2.4"));
    }

    @Test
    void aStatedVersionThatDisagreesWithATagIsAMixture() {
        cluster.deploy(Component.PROXY, "registry.acme.example/milvus:nightly");
        Upgrader stating =
                cluster.upgrader().sourceVersion(MilvusVersion.parse("2.2.9")).build();

        assertThatThrownBy(() -> stating.plan(V2_2_16))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.MIXED_VERSIONS));
    }

    @Test
    void anImageOfAnotherVersionThanTheTarget() {
        assertRefused(
                () -> upgrader.plan(V2_2_16, ImageReference.parse("registry.acme.example/milvus:v2.2.15")),
                Code.TARGET_IMAGE_MISMATCH,
                "The target is Milvus 2.2.16, but the image registry.acme.example/milvus:v2.2.15 is Milvus 2.2.15."
                        + " Correct one of them.");
    }

    @Test
    void anImageThatNamesNoVersionIsTheCallersBusiness() {
        assertThat(upgrader.plan(V2_2_16, ImageReference.parse("registry.acme.example/milvus:approved"))
                        .steps())
                .hasSize(4);
    }

    @Test
    void aVersionThatNoRuleLeadsTo() {
        assertThatThrownBy(() -> upgrader.plan(MilvusVersion.parse("2.4.24")))
                .isInstanceOf(NoUpgradePathException.class)
                .hasMessage("No upgrade path from Milvus 2.2.4 to 2.4.24: no rule leads there (rule none)."
                        + " Add a rule of your own with UpgradePathRules.withFirst(…).");
    }
}
