package io.github.milvusupgrade.path;

import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;
import java.util.List;

/**
 * What the official rules refuse, with the nearest way that is open. Sources are judged before targets, so that nobody
 * is sent to another target that is closed to the source as well.
 */
final class OfficialRefusals {

    private OfficialRefusals() {}

    static List<UpgradeRule> all() {
        return List.of(
                UpgradeRule.named("same-version")
                        .where("both are the same", MilvusVersion::equals)
                        .because("the instance runs it already")
                        .refuse((from, to) -> NearestWay.of("There is nothing to upgrade."))
                        .build(),
                UpgradeRule.named("no-pre-release-source")
                        .where("the source is a pre-release", (from, to) -> from.isPreRelease())
                        .because("what a pre-release has written, no release is known to read")
                        .source(
                                "milvus-io/web-content:v2.6.x/site/en/adminGuide/upgrade_milvus_cluster-helm.md",
                                "zilliztech/milvus-helm:charts/milvus/README.md",
                                "milvus-io/milvus#43538")
                        .refuse((from, to) -> NearestWay.of("Install a release beside it and load the data again."))
                        .build(),
                UpgradeRule.named("no-downgrade")
                        .where("the target is below the source", (from, to) -> to.isBelow(from))
                        .because("an older version is not known to read what a newer one has written")
                        .source("milvus-io/milvus#28008", "milvus-io/milvus#33242", "milvus-io/milvus#46456")
                        .refuse((from, to) -> NearestWay.of("To take back a run of this library use"
                                + " Upgrader.planRollback; otherwise restore a backup that was made with " + to + "."))
                        .build(),
                UpgradeRule.named("no-1.x")
                        .from(VersionRange.below("2.0.0"))
                        .because("1.x and 2.x share no format, neither of metadata nor of data")
                        .source("zilliztech/milvus-migration:README.md")
                        .refuse((from, to) -> NearestWay.of(
                                "Install " + to + " beside it and copy the data, for instance with milvus-migration."))
                        .build(),
                UpgradeRule.named("no-2.0")
                        .from(VersionRange.lineOf("2.0.0"))
                        .because(
                                "nothing is known that orders or takes back an upgrade from 2.0, and metadata can be migrated"
                                        + " from 2.1 only")
                        .source(
                                "milvus-io/web-content:v2.1.x/site/en/adminGuide/upgrade.md",
                                "milvus-io/milvus:cmd/tools/migration/versions/version.go")
                        .refuse((from, to) -> NearestWay.to(
                                KnownReleases.NEWEST_2_1,
                                "Go to " + KnownReleases.NEWEST_2_1
                                        + " with a plain helm upgrade, as the guide of 2.1 says; go on from there."))
                        .build(),
                UpgradeRule.named("no-unknown-source")
                        .where("no rule knows the line of the source", (from, to) -> isUnknownLine(from))
                        .because("this release knows the lines 2.1 to 2.6 and 3.0")
                        .refuse(
                                (from, to) -> NearestWay.of(
                                        "Use a later release of the library, or add a rule with UpgradePathRules.withFirst(…)."))
                        .build(),
                UpgradeRule.named("no-pre-release-target")
                        .where("the target is a pre-release", (from, to) -> to.isPreRelease())
                        .because("a pre-release is a dead end: nothing upgrades from it")
                        .source("zilliztech/milvus-helm:charts/milvus/README.md")
                        .refuse(OfficialRefusals::nearestRelease)
                        .build(),
                UpgradeRule.named("no-unknown-target")
                        .where("no rule knows the line of the target", (from, to) -> isUnknownLine(to))
                        .because("this release knows the lines 2.1 to 2.6 and 3.0")
                        .refuse(OfficialRefusals::nearestRelease)
                        .build(),
                UpgradeRule.named("no-such-release")
                        .where(
                                "the target is later than the last release of a line that has ended",
                                (from, to) -> KnownReleases.isAfterTheEndOfItsLine(to))
                        .because("the line ended before that release")
                        .source("milvus-io/web-content:version.json")
                        .refuse(OfficialRefusals::nearestRelease)
                        .build(),
                UpgradeRule.named("no-2.4.13")
                        .to(VersionRange.exactly("2.4.13"))
                        .because("2.4.13 was replaced by 2.4.13-hotfix, and the version alone does not tell them apart")
                        .source("milvus-io/milvus#36948")
                        .refuse(OfficialRefusals::nearestRelease)
                        .build());
    }

    private static boolean isUnknownLine(MilvusVersion version) {
        return KnownReleases.newestOnLineOf(version).isEmpty();
    }

    private static NearestWay nearestRelease(MilvusVersion from, MilvusVersion to) {
        return KnownReleases.nearest(from, to)
                .map(release -> NearestWay.to(release, "Go to " + release + " instead."))
                .orElseGet(() -> NearestWay.of(
                        "Stay on " + from + ", or use a later release of the library that knows more releases."));
    }
}
