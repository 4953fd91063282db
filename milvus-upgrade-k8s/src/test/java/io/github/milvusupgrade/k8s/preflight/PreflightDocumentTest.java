package io.github.milvusupgrade.k8s.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.path.UpgradePathRules;
import io.github.milvusupgrade.version.MilvusVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PreflightDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "preflight.md");
    private static final Pattern HEADING = Pattern.compile("(?m)^### (\\S+) – (.+)$");

    @Test
    void theDocumentHasAParagraphForEveryCheckAndForNoOther() throws IOException {
        Map<String, String> documented = HEADING.matcher(Files.readString(DOCUMENT))
                .results()
                .collect(Collectors.toMap(heading -> heading.group(1), heading -> heading.group(2)));
        Map<String, String> checks = new TreeMap<>();
        checks.put("PLAN", "the instance is as it was planned for");
        conditionsOfHops().forEach((id, title) -> checks.put(id, title));
        try (Rehearsed given = Rehearsed.cluster()) {
            given.checks(false).forEach(check -> checks.put(check.id(), check.title()));
        }

        assertThat(documented).containsExactlyInAnyOrderEntriesOf(checks);
    }

    private static Map<String, String> conditionsOfHops() {
        return UpgradePathRules.official()
                .resolve(MilvusVersion.parse("2.1.4"), MilvusVersion.parse("3.0.1"))
                .hops()
                .stream()
                .flatMap(hop -> hop.conditions().stream())
                .collect(Collectors.toMap(Check::id, Check::title, (one, other) -> one));
    }
}
