package io.github.milvusupgrade.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.component.ComponentGraph;
import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpgradePathRulesTest {

    private static final MilvusVersion V2_3_22 = MilvusVersion.parse("2.3.22");
    private static final MilvusVersion V2_5_27 = MilvusVersion.parse("2.5.27");

    @Test
    void aRuleOfOnesOwnIsAskedFirst() {
        UpgradePathRules rules = UpgradePathRules.official()
                .withFirst(UpgradeRule.named("acme-2.3-to-2.5")
                        .from(VersionRange.of("2.3.22", "2.4.0"))
                        .to(VersionRange.of("2.5.27", "2.6.0"))
                        .because("our test cluster skips 2.4 every night")
                        .hop(PathKind.ROLLING, ComponentGraph.officialScript(), WayBack.ONE_WAY)
                        .build());

        assertThat(rules.resolve(V2_3_22, V2_5_27)).hasToString("2.3.22 -> 2.5.27 rolling (rule acme-2.3-to-2.5)");
        assertThat(UpgradePathRules.official().resolve(V2_3_22, V2_5_27).hops()).hasSize(2);
    }

    @Test
    void aRefusalOnTheWayNamesThePartAndTheWholeWay() {
        UpgradePathRules rules = UpgradePathRules.official()
                .withFirst(UpgradeRule.named("acme-no-2.4")
                        .to(VersionRange.lineOf("2.4.0"))
                        .because("our drivers do not speak to 2.4")
                        .refuse((from, to) -> NearestWay.to(V2_3_22, "Stay on 2.3."))
                        .build());

        assertThatThrownBy(() -> rules.resolve(V2_3_22, V2_5_27))
                .isInstanceOf(NoUpgradePathException.class)
                .hasMessage("No upgrade path from Milvus 2.3.22 to 2.5.27: the part from 2.3.22 to 2.4.24 is refused:"
                        + " our drivers do not speak to 2.4 (rule acme-no-2.4). Stay on 2.3.");
    }

    @Test
    void whereNoRuleAppliesNothingIsGuessed() {
        assertThatThrownBy(() -> UpgradePathRules.of(List.of()).resolve(V2_3_22, V2_5_27))
                .isInstanceOf(NoUpgradePathException.class)
                .hasMessage("No upgrade path from Milvus 2.3.22 to 2.5.27: no rule leads there (rule none)."
                        + " Add a rule of your own with UpgradePathRules.withFirst(…).");
    }

    @Test
    void aStopOutsideOfTheWayIsNoStop() {
        UpgradePathRules rules = UpgradePathRules.official()
                .withFirst(UpgradeRule.named("acme-stop")
                        .because("we always stop at 2.6.22")
                        .stopAt(MilvusVersion.parse("2.6.22"))
                        .build());

        assertThat(rules.resolve(V2_3_22, V2_5_27).hops()).hasSize(2);
    }

    @Test
    void twoRulesOfOneNameAreRefused() {
        UpgradeRule rule = UpgradePathRules.official().rules().get(0);

        assertThatThrownBy(() -> UpgradePathRules.official().withFirst(rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Two rules are called same-version. Rename one of them.");
    }

    @Test
    void aRuleMustSayWhyAndDecideOnce() {
        ComponentGraph order = ComponentGraph.officialScript();

        assertThatThrownBy(() -> UpgradeRule.named("a").build())
                .hasMessage("Rule \"a\" needs an id and a reason: call because(…).");
        assertThatThrownBy(() -> UpgradeRule.named("a").because("b").build())
                .hasMessage("Rule a decides nothing: call hop(…), stopAt(…) or refuse(…).");
        assertThatThrownBy(() -> UpgradeRule.named("a").stopAt(V2_5_27).hop(PathKind.ROLLING, order, WayBack.ONE_WAY))
                .hasMessage("Rule a already decides: it can be only one of hop, stop and refusal.");
        assertThatThrownBy(() -> UpgradeRule.named("a")
                        .because("b")
                        .stopAt(V2_5_27)
                        .note("c")
                        .build())
                .hasMessage("Rule a has conditions or notes but makes no hop to hold them.");
    }

    @Test
    void hopsChainFromSourceToTarget() {
        Hop hop = UpgradePathRules.official()
                .resolve(V2_3_22, MilvusVersion.parse("2.4.24"))
                .hops()
                .get(0);

        assertThatThrownBy(() -> new UpgradePath(V2_3_22, V2_5_27, List.of(hop)))
                .hasMessage("The hops end at 2.4.24, but the path leads from 2.3.22 to 2.5.27.");
        assertThatThrownBy(() -> new UpgradePath(V2_3_22, hop.to(), List.of(hop, hop)))
                .hasMessage("The hops do not chain: after 2.4.24 comes 2.3.22 -> 2.4.24 rolling (rule roll-to-2.4).");
        assertThatThrownBy(() -> new UpgradePath(V2_3_22, V2_3_22, List.of()))
                .hasMessage("The hops end at 2.3.22, but the path leads from 2.3.22 to 2.3.22.");
    }

    @Test
    void aHopLeadsUpwards() {
        UpgradePathRules rules = UpgradePathRules.of(List.of(UpgradeRule.named("acme-back")
                .because("we are brave")
                .hop(PathKind.ROLLING, ComponentGraph.officialScript(), WayBack.ONE_WAY)
                .build()));

        assertThatThrownBy(() -> rules.resolve(V2_5_27, V2_3_22))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A hop leads to a later version, but got 2.5.27 -> 2.3.22.");
    }

    @Test
    void adviceIsNeverBlank() {
        assertThatThrownBy(() -> NearestWay.of(" "))
                .hasMessage("A refusal says what to do instead, but its advice is blank.");
    }
}
