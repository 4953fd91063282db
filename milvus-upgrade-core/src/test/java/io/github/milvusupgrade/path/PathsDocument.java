package io.github.milvusupgrade.path;

import io.github.milvusupgrade.path.RuleOutcome.ForTargets;
import io.github.milvusupgrade.path.RuleOutcome.Leads;
import io.github.milvusupgrade.path.RuleOutcome.Refuses;
import io.github.milvusupgrade.path.RuleOutcome.StopsAt;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes down the official rules for people, as Markdown. */
final class PathsDocument {

    private static final List<MilvusVersion> SOURCES = Stream.of(
                    "2.1.4", "2.2.0", "2.2.3", "2.2.16", "2.3.22", "2.4.24", "2.5.15", "2.5.27", "2.6.22")
            .map(MilvusVersion::parse)
            .toList();

    private static final Map<String, String> REFUSED = new TreeMap<>(Map.of(
            "1.1.1",
            "2.2.16",
            "2.0.2",
            "2.2.16",
            "2.2.4",
            "2.2.17",
            "2.2.16",
            "3.1.0",
            "2.3.1",
            "2.4.13",
            "2.3.2",
            "2.2.16",
            "2.5.27",
            "2.6.0-rc1",
            "2.6.0-rc1",
            "2.6.22"));

    private final UpgradePathRules rules = UpgradePathRules.official();
    private final StringJoiner lines = new StringJoiner("\n", "", "\n");

    static String write() {
        PathsDocument document = new PathsDocument();
        document.introduction();
        document.examples();
        document.refusals();
        document.refusalsForExample();
        document.stops();
        document.hops();
        return document.lines.toString();
    }

    private void introduction() {
        lines.add("""
                # Upgrade paths

                Generated from the rules of `UpgradePathRules.official()`; do not edit. To write it again:

                ```
                %s
                ```

                The rules are asked in the order of this page, and the first one that applies decides: it refuses, inserts a
                stop, or makes the hop. A range such as `2.2.3 ≤ v < 2.3` ends before the first pre-release of 2.3. A source is
                `owner/repository:path` or `owner/repository#number` on GitHub.""".formatted(PathsDocumentTest.REGENERATE));
    }

    private void examples() {
        heading("Examples", "from", "to", "hops");
        for (MilvusVersion from : SOURCES) {
            KnownReleases.newestOfEachLine().stream()
                    .filter(from::isBelow)
                    .forEach(to -> row(from, to, rules.resolve(from, to)));
        }
    }

    private void refusals() {
        heading("Refusals", "rule", "applies", "why", "sources");
        for (UpgradeRule rule : rules.rules()) {
            if (rule.outcome() instanceof Refuses) {
                row("`" + rule.id() + "`", rule.applicability(), rule.why(), String.join(", ", rule.sources()));
            }
        }
    }

    private void refusalsForExample() {
        lines.add("").add("What they say, for example:").add("");
        REFUSED.forEach((from, to) -> lines.add("- " + refusal(MilvusVersion.parse(from), MilvusVersion.parse(to))));
    }

    private String refusal(MilvusVersion from, MilvusVersion to) {
        try {
            throw new IllegalStateException("This example is not refused: " + rules.resolve(from, to));
        } catch (NoUpgradePathException refusal) {
            return refusal.getMessage();
        }
    }

    private void stops() {
        heading("Stops", "rule", "applies", "stops at", "why", "sources");
        for (UpgradeRule rule : rules.rules()) {
            if (rule.outcome() instanceof StopsAt stops) {
                row(
                        "`" + rule.id() + "`",
                        rule.applicability(),
                        stops.stop(),
                        rule.why(),
                        String.join(", ", rule.sources()));
            }
        }
    }

    private void hops() {
        lines.add("").add("## Hops");
        for (UpgradeRule rule : rules.rules()) {
            if (rule.outcome() instanceof Leads leads) {
                lines.add("").add("### `" + rule.id() + "`").add("");
                lines.add("- applies: " + rule.applicability());
                lines.add("- kind: " + leads.kind());
                lines.add("- why: " + rule.why());
                lines.add("- order: " + leads.graph());
                leads.conditions()
                        .forEach(condition -> lines.add("- condition" + targets(condition) + ": "
                                + condition.value().id() + ", "
                                + condition.value().title()));
                lines.add("- way back: " + leads.wayBack());
                leads.notes().forEach(note -> lines.add("- note" + targets(note) + ": " + note.value()));
                lines.add("- sources: " + String.join(", ", rule.sources()));
            }
        }
    }

    private static String targets(ForTargets<?> something) {
        String range = something.targets().toString();
        return range.equals("any v") ? "" : " (to " + range + ")";
    }

    private void heading(String text, String... columns) {
        lines.add("").add("## " + text).add("");
        row((Object[]) columns);
        lines.add("|" + "---|".repeat(columns.length));
    }

    private void row(Object... cells) {
        lines.add(Stream.of(cells).map(Object::toString).collect(Collectors.joining(" | ", "| ", " |")));
    }
}
