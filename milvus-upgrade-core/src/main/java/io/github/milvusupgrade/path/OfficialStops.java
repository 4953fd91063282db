package io.github.milvusupgrade.path;

import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;
import java.util.List;

/**
 * Where the official rules make a stop. Two are demanded: 2.2 for the migration and for the roll, 2.5.16 for 2.6. The
 * others follow from going one line at a time over the newest release of each. The guides of Milvus Operator allow
 * more, from 2.2.3 to any release up to 2.5 at once; but what was fixed for the next line was fixed late in the line
 * before, the mixed versions of a roll were tried between neighbours if at all, and a review of the guide for 2.6 asked
 * for one line at a time. Whoever wants to leap puts a rule in front.
 */
final class OfficialStops {

    private static final String ONE_LINE_AT_A_TIME = "one line of releases at a time, over the newest release of each";
    private static final String REVIEW = "milvus-io/milvus-docs#3274";

    private OfficialStops() {}

    static List<UpgradeRule> all() {
        return List.of(
                stop("migrate-first", "2.1.0", "2.2.0", "2.3.0", KnownReleases.NEWEST_2_2)
                        .because(
                                "the migration tool accepts only 2.2 as its target, whatever the guides of later lines say")
                        .source("milvus-io/milvus:cmd/tools/migration/versions/version.go")
                        .build(),
                stop("helm-first", "2.2.0", "2.2.3", "2.3.0", KnownReleases.NEWEST_2_2)
                        .because(
                                "coordinators below 2.2.3 cannot stand by for each other, so the roll begins after this stop")
                        .source("milvus-io/web-content:v2.3.x/site/en/adminGuide/upgrade_milvus_cluster-operator.md")
                        .build(),
                stop("latest-2.2-first", "2.2.3", "2.2.15", "2.3.0", KnownReleases.NEWEST_2_2)
                        .because("the release notes of 2.2 ask for 2.2.15 or later before 2.3")
                        .source("milvus-io/web-content:v2.2.x/site/en/release_notes.md")
                        .build(),
                stop("over-2.3", "2.2.15", "2.3.0", "2.4.0", KnownReleases.NEWEST_2_3)
                        .because(ONE_LINE_AT_A_TIME)
                        .source(REVIEW)
                        .build(),
                stop("over-2.4", "2.3.0", "2.4.0", "2.5.0", KnownReleases.NEWEST_2_4)
                        .because(ONE_LINE_AT_A_TIME)
                        .source(REVIEW)
                        .build(),
                stop("over-2.5", "2.4.0", "2.5.0", "2.6.0", KnownReleases.NEWEST_2_5)
                        .because("2.6 can be reached from 2.5.16 and later only")
                        .source("zilliztech/milvus-helm:charts/milvus/README.md")
                        .build(),
                stop("latest-2.5-first", "2.5.0", "2.5.16", "2.6.0", KnownReleases.NEWEST_2_5)
                        .because("2.6 can be reached from 2.5.16 and later only")
                        .source("zilliztech/milvus-helm:charts/milvus/README.md", "milvus-io/milvus#43519")
                        .build(),
                stop("over-2.6", "2.5.16", "2.6.0", "3.0.0", KnownReleases.NEWEST_2_6)
                        .because(ONE_LINE_AT_A_TIME)
                        .source(REVIEW)
                        .build(),
                stop("latest-2.6-first", "2.6.0", "2.6.20", "3.0.0", KnownReleases.NEWEST_2_6)
                        .because("3.0 was validated from 2.6.20 on")
                        .source("milvus-io/web-content:v3.0.x/site/en/adminGuide/upgrade_milvus_cluster-helm.md")
                        .build());
    }

    private static UpgradeRule.Builder stop(
            String id, String from, String below, String targetsFrom, MilvusVersion stop) {
        return UpgradeRule.named(id)
                .from(VersionRange.of(from, below))
                .to(VersionRange.atLeast(targetsFrom))
                .stopAt(stop);
    }
}
