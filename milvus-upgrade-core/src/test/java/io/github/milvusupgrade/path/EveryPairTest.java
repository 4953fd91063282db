package io.github.milvusupgrade.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pair of the versions that were ever published in number, and some that were not: no pair falls through. */
class EveryPairTest {

    private static final List<MilvusVersion> VERSIONS = Stream.of(
                    "1.1.1 2.0.0-rc8 2.0.0-pre-ga 2.0.0 2.0.1 2.0.2 2.1.0 2.1.1 2.1.2 2.1.3 2.1.4 2.1.5",
                    "2.2.0 2.2.1 2.2.2 2.2.3 2.2.4 2.2.5 2.2.6 2.2.7 2.2.8 2.2.9 2.2.14 2.2.15 2.2.16 2.2.17",
                    "2.3.0-beta 2.3.0 2.3.1-beta1 2.3.1 2.3.2 2.3.10 2.3.21 2.3.22 2.3.23",
                    "2.4.0 2.4.1 2.4.6 2.4.12 2.4.13 2.4.14 2.4.24 2.4.25",
                    "2.5.0-beta 2.5.0 2.5.3 2.5.4 2.5.15 2.5.16 2.5.27 2.5.28",
                    "2.6.0-rc1 2.6.0 2.6.14 2.6.15 2.6.19 2.6.20 2.6.22 2.6.23 2.7.0",
                    "3.0-beta 3.0.0 3.0.1 3.0.2 3.1.0 4.0.0")
            .flatMap(line -> Stream.of(line.split(" ")))
            .map(MilvusVersion::parse)
            .toList();

    private static final List<String> LINES = List.of("2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "3.0");

    private final UpgradePathRules rules = UpgradePathRules.official();

    static List<MilvusVersion> sources() {
        return VERSIONS;
    }

    @ParameterizedTest
    @MethodSource("sources")
    void leadsSomewhereByHopsThatKeepTheRulesOrIsRefusedWithAdvice(MilvusVersion from) {
        for (MilvusVersion to : VERSIONS) {
            try {
                keepsTheRules(rules.resolve(from, to));
            } catch (NoUpgradePathException refusal) {
                assertThat(refusal.ruleId()).as(from + " -> " + to).matches("no-.+|same-version");
                assertThat(refusal.nearest().advice()).isNotBlank();
                refusal.nearest().target().ifPresent(nearest -> isOpen(from, nearest));
            } catch (AssertionError notKept) {
                throw new AssertionError(from + " -> " + to + ": " + notKept.getMessage(), notKept);
            }
        }
    }

    private void keepsTheRules(UpgradePath path) {
        for (Hop hop : path.hops()) {
            assertThat(hop.from().isPreRelease() || hop.to().isPreRelease()).isFalse();
            int lines =
                    LINES.indexOf(hop.to().line()) - LINES.indexOf(hop.from().line());
            assertThat(lines).as("lines that %s crosses", hop).isBetween(0, 1);
            boolean separatesMetadata =
                    hop.from().isBelow(v("2.2.0")) && hop.to().isAtLeast(v("2.2.0"));
            assertThat(hop.kind() == PathKind.MIGRATE).as("%s migrates", hop).isEqualTo(separatesMetadata);
            if (hop.kind() == PathKind.ROLLING) {
                assertThat(hop.from()).isGreaterThanOrEqualTo(v("2.2.3"));
            }
            if (lines == 1 && hop.to().line().equals("2.6")) {
                assertThat(hop.from()).isGreaterThanOrEqualTo(v("2.5.16"));
            }
            if (lines == 1 && hop.to().line().equals("3.0")) {
                assertThat(hop.from()).isGreaterThanOrEqualTo(v("2.6.20"));
            }
            assertThat(hop.sources()).isNotEmpty();
            assertThat(hop.graph().components().contains(Component.INDEXNODE))
                    .as("%s knows indexnodes", hop)
                    .isEqualTo(hop.to().isBelow(v("2.6.0")));
        }
    }

    private void isOpen(MilvusVersion from, MilvusVersion nearest) {
        boolean byHand = from.line().equals("2.0");
        if (!byHand) {
            assertThat(rules.resolve(from, nearest).to()).isEqualTo(nearest);
        }
    }

    @Test
    void theSameQuestionHasTheSameAnswer() {
        assertThat(rules.resolve(v("2.1.4"), v("3.0.1")))
                .isEqualTo(UpgradePathRules.official().resolve(v("2.1.4"), v("3.0.1")));
    }

    @Test
    void everyRuleDecidesSomething() {
        Set<String> silent = rules.rules().stream().map(UpgradeRule::id).collect(Collectors.toCollection(TreeSet::new));
        for (MilvusVersion from : VERSIONS) {
            for (MilvusVersion to : VERSIONS) {
                rules.rules().stream()
                        .filter(rule -> rule.appliesTo(from, to))
                        .findFirst()
                        .ifPresent(rule -> silent.remove(rule.id()));
            }
        }
        assertThat(silent).isEmpty();
    }

    private static MilvusVersion v(String text) {
        return MilvusVersion.parse(text);
    }
}
