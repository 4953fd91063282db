package io.github.milvusupgrade;

import io.github.milvusupgrade.component.ComponentGraph;
import io.github.milvusupgrade.path.PathKind;
import io.github.milvusupgrade.path.UpgradePathRules;
import io.github.milvusupgrade.path.UpgradeRule;
import io.github.milvusupgrade.path.WayBack;
import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;
import java.util.List;

/** A few rules that stay as they are while the official ones follow Milvus: 2.2 rolls, and to 2.3 by way of 2.2.16. */
final class TestRules {

    private TestRules() {}

    static UpgradePathRules all() {
        return UpgradePathRules.of(List.of(
                UpgradeRule.named("via-2.2.16")
                        .from(VersionRange.lineOf("2.2.0"))
                        .to(VersionRange.lineOf("2.3.0"))
                        .because("older ones do not roll to 2.3")
                        .stopAt(MilvusVersion.parse("2.2.16"))
                        .build(),
                rolling("roll-2.2", VersionRange.lineOf("2.2.0"), VersionRange.lineOf("2.2.0")),
                rolling("roll-to-2.3", VersionRange.exactly("2.2.16"), VersionRange.lineOf("2.3.0"))));
    }

    private static UpgradeRule rolling(String id, VersionRange from, VersionRange to) {
        return UpgradeRule.named(id)
                .from(from)
                .to(to)
                .because("tests say so")
                .hop(PathKind.ROLLING, ComponentGraph.officialScript(), WayBack.IMAGE_ONLY)
                .build();
    }
}
