package io.github.milvusupgrade.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OfficialPathsTest {

    private final UpgradePathRules rules = UpgradePathRules.official();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The three rows of the guide for 2.2.
                "2.2.3  | 2.2.16 | 2.2.3 -> 2.2.16 rolling (rule roll-2.2)",
                "2.2.0  | 2.2.16 | 2.2.0 -> 2.2.16 helm (rule helm-2.2)",
                "2.2.2  | 2.2.3  | 2.2.2 -> 2.2.3 helm (rule helm-2.2)",
                "2.1.0  | 2.2.0  | 2.1.0 -> 2.2.0 migrate (rule migrate-2.1)",
                "2.1.4  | 2.2.16 | 2.1.4 -> 2.2.16 migrate (rule migrate-2.1)",
                // Within a line.
                "2.1.0  | 2.1.4  | 2.1.0 -> 2.1.4 helm (rule helm-2.1)",
                "2.2.4  | 2.2.7  | 2.2.4 -> 2.2.7 rolling (rule roll-2.2)",
                "2.3.0  | 2.3.22 | 2.3.0 -> 2.3.22 rolling (rule roll-2.3)",
                "2.4.13 | 2.4.24 | 2.4.13 -> 2.4.24 rolling (rule roll-2.4)",
                "2.5.4  | 2.5.28 | 2.5.4 -> 2.5.28 rolling (rule roll-2.5)",
                "2.6.0  | 2.6.99 | 2.6.0 -> 2.6.99 rolling (rule roll-2.6)",
                "3.0.0  | 3.0.7  | 3.0.0 -> 3.0.7 rolling (rule roll-3.0)",
                // To the next line, with the stops that are demanded.
                "2.2.15 | 2.3.1  | 2.2.15 -> 2.3.1 rolling (rule roll-to-2.3)",
                "2.2.4  | 2.3.1  | 2.2.4 -> 2.2.16 rolling (rule roll-2.2), 2.2.16 -> 2.3.1 rolling (rule roll-to-2.3)",
                "2.2.1  | 2.3.1  | 2.2.1 -> 2.2.16 helm (rule helm-2.2), 2.2.16 -> 2.3.1 rolling (rule roll-to-2.3)",
                "2.1.4  | 2.3.22 | 2.1.4 -> 2.2.16 migrate (rule migrate-2.1), 2.2.16 -> 2.3.22 rolling (rule roll-to-2.3)",
                "2.3.2  | 2.4.1  | 2.3.2 -> 2.4.1 rolling (rule roll-to-2.4)",
                "2.4.6  | 2.5.10 | 2.4.6 -> 2.5.10 rolling (rule roll-to-2.5)",
                "2.5.16 | 2.6.0  | 2.5.16 -> 2.6.0 rolling (rule roll-to-2.6)",
                "2.5.15 | 2.6.7  | 2.5.15 -> 2.5.27 rolling (rule roll-2.5), 2.5.27 -> 2.6.7 rolling (rule roll-to-2.6)",
                "2.6.20 | 3.0.0  | 2.6.20 -> 3.0.0 rolling (rule roll-to-3.0)",
                "2.6.19 | 3.0.0  | 2.6.19 -> 2.6.22 rolling (rule roll-2.6), 2.6.22 -> 3.0.0 rolling (rule roll-to-3.0)",
                // One line at a time.
                "2.2.16 | 2.4.5  | 2.2.16 -> 2.3.22 rolling (rule roll-to-2.3), 2.3.22 -> 2.4.5 rolling (rule roll-to-2.4)",
                "2.3.5  | 2.5.4  | 2.3.5 -> 2.4.24 rolling (rule roll-to-2.4), 2.4.24 -> 2.5.4 rolling (rule roll-to-2.5)",
                "2.4.5  | 2.6.1  | 2.4.5 -> 2.5.27 rolling (rule roll-to-2.5), 2.5.27 -> 2.6.1 rolling (rule roll-to-2.6)",
                "2.5.20 | 3.0.1  | 2.5.20 -> 2.6.22 rolling (rule roll-to-2.6), 2.6.22 -> 3.0.1 rolling (rule roll-to-3.0)",
            })
    void aWayThatIsOpen(String from, String to, String hops) {
        assertThat(resolve(from, to)).hasToString(hops);
    }

    @Test
    void theLongestWayGoesOverTheNewestReleaseOfEveryLine() {
        assertThat(resolve("2.1.2", "3.0.1").hops())
                .extracting(hop -> hop.to().toString())
                .containsExactly("2.2.16", "2.3.22", "2.4.24", "2.5.27", "2.6.22", "3.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2.2.16 | 2.2.16 | the instance runs it already (rule same-version). There is nothing to upgrade.",
                "2.6.0-rc1 | 2.6.22 | what a pre-release has written, no release is known to read (rule no-pre-release-source)."
                        + " Install a release beside it and load the data again.",
                "2.3.2 | 2.2.16 | an older version is not known to read what a newer one has written (rule no-downgrade)."
                        + " To take back a run of this library use Upgrader.planRollback; otherwise restore a backup that was"
                        + " made with 2.2.16.",
                "2.5.27 | 2.6.0-rc1 | a pre-release is a dead end: nothing upgrades from it (rule no-pre-release-target)."
                        + " Go to 2.6.22 instead.",
                "2.6.22 | 3.0-beta | a pre-release is a dead end: nothing upgrades from it (rule no-pre-release-target)."
                        + " Go to 3.0.1 instead.",
                "1.1.1 | 2.2.16 | 1.x and 2.x share no format, neither of metadata nor of data (rule no-1.x)."
                        + " Install 2.2.16 beside it and copy the data, for instance with milvus-migration.",
                "2.0.2 | 2.1.4 | nothing is known that orders or takes back an upgrade from 2.0, and metadata can be migrated"
                        + " from 2.1 only (rule no-2.0). Go to 2.1.4 with a plain helm upgrade, as the guide of 2.1 says; go on"
                        + " from there.",
                "2.2.16 | 3.1.0 | this release knows the lines 2.1 to 2.6 and 3.0 (rule no-unknown-target). Go to 3.0.1 instead.",
                "2.6.22 | 4.0.0 | this release knows the lines 2.1 to 2.6 and 3.0 (rule no-unknown-target). Go to 3.0.1 instead.",
                "3.0.1 | 3.1.0 | this release knows the lines 2.1 to 2.6 and 3.0 (rule no-unknown-target)."
                        + " Stay on 3.0.1, or use a later release of the library that knows more releases.",
                "3.1.0 | 3.1.1 | this release knows the lines 2.1 to 2.6 and 3.0 (rule no-unknown-source)."
                        + " Use a later release of the library, or add a rule with UpgradePathRules.withFirst(…).",
                "2.2.4 | 2.2.17 | the line ended before that release (rule no-such-release). Go to 2.2.16 instead.",
                "2.2.16 | 2.2.17 | the line ended before that release (rule no-such-release). Go to 2.3.22 instead.",
                "2.3.1 | 2.4.13 | 2.4.13 was replaced by 2.4.13-hotfix, and the version alone does not tell them apart"
                        + " (rule no-2.4.13). Go to 2.4.24 instead.",
            })
    void aWayThatIsClosedSaysWhyAndWhichOneIsOpen(String from, String to, String reason) {
        MilvusVersion source = MilvusVersion.parse(from);
        MilvusVersion target = MilvusVersion.parse(to);

        assertThatThrownBy(() -> rules.resolve(source, target))
                .isInstanceOf(NoUpgradePathException.class)
                .hasMessage("No upgrade path from Milvus " + source + " to " + target + ": " + reason);
    }

    @Test
    void aRefusalCarriesWhatItSays() {
        NoUpgradePathException refusal =
                catchThrowableOfType(NoUpgradePathException.class, () -> resolve("2.0.2", "2.2.16"));

        assertThat(refusal.code()).isEqualTo(Code.NO_UPGRADE_PATH);
        assertThat(refusal.from()).isEqualTo(MilvusVersion.of(2, 0, 2));
        assertThat(refusal.to()).isEqualTo(MilvusVersion.of(2, 2, 16));
        assertThat(refusal.ruleId()).isEqualTo("no-2.0");
        assertThat(refusal.nearest().target()).contains(MilvusVersion.of(2, 1, 4));
    }

    @ParameterizedTest
    @CsvSource({
        "2.2.4,  2.2.16, IMAGE_ONLY",
        "2.2.0,  2.2.16, IMAGE_ONLY",
        "2.1.4,  2.2.16, RESTORE",
        "2.2.16, 2.3.22, IMAGE_ONLY",
        "2.3.22, 2.4.24, ONE_WAY",
        "2.4.24, 2.5.27, IMAGE_ONLY",
        "2.5.27, 2.6.22, ONE_WAY",
        "2.6.20, 2.6.22, IMAGE_ONLY",
        "2.6.22, 3.0.1,  ONE_WAY",
        "3.0.0,  3.0.1,  IMAGE_ONLY",
    })
    void theWayBackOfAHop(String from, String to, WayBack wayBack) {
        assertThat(resolve(from, to).hops()).extracting(Hop::wayBack).containsExactly(wayBack);
    }

    @ParameterizedTest
    @CsvSource({
        "2.1.0,  2.1.4,  ''",
        "2.1.4,  2.2.0,  P23-metastore",
        "2.2.0,  2.2.14, ''",
        "2.2.0,  2.2.15, P23-metastore",
        "2.2.4,  2.2.14, P08-queue P07-parts",
        "2.2.4,  2.2.15, P08-queue P07-parts P23-metastore",
        "2.2.15, 2.3.0,  P08-queue P07-parts P23-metastore",
        "2.3.0,  2.3.1,  P08-queue P07-parts",
        "2.3.0,  2.3.2,  P08-queue P07-parts P23-metastore",
        "2.3.22, 2.4.24, P08-queue P07-parts",
        "2.4.24, 2.5.27, P08-queue P07-parts",
        "2.5.27, 2.6.22, P08-queue P07-parts P07-mixcoord P07-streamingnode",
        "2.6.20, 2.6.22, P08-queue P07-parts P07-mixcoord P07-streamingnode",
        "2.6.22, 3.0.1,  P08-queue P07-parts P07-mixcoord P07-streamingnode",
    })
    void theConditionsOfAHop(String from, String to, String checks) {
        List<Check> conditions = resolve(from, to).hops().get(0).conditions();

        assertThat(String.join(" ", conditions.stream().map(Check::id).toList()))
                .isEqualTo(checks);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2.2.0  | 2.2.4  | Indexes can be lost on this hop; fixed in 2.2.5, so choose a later target.",
                "2.2.4  | 2.2.7  | The rootcoord of 2.2.7 can panic; fixed in 2.2.8.",
                "2.3.22 | 2.4.24 | If queryNode.mmapDirPath is set, searches can fail for more than 20 minutes: 2.4 knows mmap as"
                        + " a property of collections (milvus-io/milvus#31745).",
                "2.4.24 | 2.5.3  | Scalar inverted indexes of 2.4 are not compatible; fixed in 2.5.4 (milvus-io/milvus#39272).",
                "2.5.27 | 2.6.22 | The order is disputed. Milvus Operator puts streamingnode before mixcoord"
                        + " (zilliztech/milvus-operator:pkg/controllers/dependency_graph.go) and was seen to hang so"
                        + " (zilliztech/milvus-operator#446); coordinators go first according to milvus-io/milvus#46451.",
                "2.5.27 | 2.6.14 | Inserts into collections with dynamic fields that 2.5 made can fail; fixed in 2.6.15"
                        + " (milvus-io/milvus#48977).",
                "2.6.20 | 3.0.0  | Back up metadata and data before: the guide asks for it.",
            })
    void whatToKnowOfAHop(String from, String to, String note) {
        assertThat(resolve(from, to).hops().get(0).notes()).contains(note);
    }

    @Test
    void aNoteAboutOneTargetIsSilentForOthers() {
        assertThat(resolve("2.2.0", "2.2.16").hops().get(0).notes()).isEmpty();
        assertThat(resolve("2.5.27", "2.6.15").hops().get(0).notes())
                .noneMatch(note -> note.startsWith("Inserts into collections"));
    }

    @Test
    void aStopSaysWhyItIsMade() {
        assertThat(resolve("2.1.4", "2.3.22").hops().get(0).notes())
                .containsExactly(
                        "Stops here on the way to 2.3.22: the migration tool accepts only 2.2 as its target, whatever"
                                + " the guides of later lines say (rule migrate-first;"
                                + " milvus-io/milvus:cmd/tools/migration/versions/version.go).");
    }

    @Test
    void aPathDescribesItself() {
        assertThat(resolve("2.2.4", "2.2.16").describe()).isEqualTo("""
                        2.2.4 -> 2.2.16   1 hop
                        hop 1  2.2.4 -> 2.2.16 rolling (rule roll-2.2)
                          why        from 2.2.3 on coordinators can stand by for each other
                          order      cdc, then rootcoord and mixcoord and standalone, then datacoord, then indexcoord, then querycoord, then indexnode and streamingnode, then datanode and querynode, then proxy
                          condition  P08-queue: the message queue is not embedded in Milvus
                          condition  P07-parts: every component that runs has a place in the order
                          condition  P23-metastore: the metadata is in etcd
                          way back   the old images
                          source     milvus-io/milvus:deployments/upgrade/rollingUpdate.sh
                          source     milvus-io/web-content:v2.5.x/site/en/adminGuide/upgrade_milvus_cluster-operator.md""");
    }

    @Test
    void whatIsOpenFromAVersionIsExplainedLineByLine() {
        assertThat(rules.explain(MilvusVersion.parse("2.5.16"))).isEqualTo("""
                        From Milvus 2.5.16:
                          2.5.27  2.5.16 -> 2.5.27 rolling (rule roll-2.5)
                          2.6.22  2.5.16 -> 2.6.22 rolling (rule roll-to-2.6)
                          3.0.1   2.5.16 -> 2.6.22 rolling (rule roll-to-2.6), 2.6.22 -> 3.0.1 rolling (rule roll-to-3.0)""");
        assertThat(rules.explain(MilvusVersion.parse("2.6.0-rc1"))).isEqualTo("""
                        From Milvus 2.6.0-rc1:
                          2.6.22  refused (rule no-pre-release-source). Install a release beside it and load the data again.
                          3.0.1   refused (rule no-pre-release-source). Install a release beside it and load the data again.""");
        assertThat(rules.explain(MilvusVersion.parse("3.0.1")))
                .isEqualTo("From Milvus 3.0.1:\n  no later release is known.");
    }

    private UpgradePath resolve(String from, String to) {
        return rules.resolve(MilvusVersion.parse(from), MilvusVersion.parse(to));
    }
}
