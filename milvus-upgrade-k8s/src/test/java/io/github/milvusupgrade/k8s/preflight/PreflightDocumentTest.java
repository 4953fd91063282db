package io.github.milvusupgrade.k8s.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.MilvusCluster;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.chart.ChartRepository;
import io.github.milvusupgrade.k8s.helm.HelmCommand;
import io.github.milvusupgrade.k8s.helm.KubeConfigSource;
import io.github.milvusupgrade.k8s.helmpath.HelmOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.path.UpgradePathRules;
import io.github.milvusupgrade.version.MilvusVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            checksOfReleases(given).forEach(check -> checks.putIfAbsent(check.id(), check.title()));
            checksOfMigrations().forEach(check -> checks.putIfAbsent(check.id(), check.title()));
        }

        assertThat(documented).containsExactlyInAnyOrderEntriesOf(checks);
    }

    /** Those that the steps of a helm hop bring along. */
    private static List<Check> checksOfReleases(Rehearsed given) {
        Path charts = Path.of(System.getProperty("java.io.tmpdir"));
        HelmOptions helm = HelmOptions.of(
                HelmCommand.builder(KubeConfigSource.contents("")).build(),
                ChartRepository.open(charts.toString()),
                charts);
        Hop hop = UpgradePathRules.official()
                .resolve(MilvusVersion.parse("2.2.2"), MilvusVersion.parse("2.2.16"))
                .hops()
                .get(0);
        ClusterSnapshot prepared = given.plan().snapshot().withFact("helm.revision.2.2.16", "1");
        return KubernetesMilvusCluster.connect(
                        given.cluster.apiClient(),
                        "default",
                        "my-release",
                        KubernetesOptions.defaults().withHelm(helm))
                .stagesFor(hop, prepared, Optional.empty())
                .stream()
                .flatMap(List::stream)
                .flatMap(step -> step.checks().stream())
                .toList();
    }

    private static List<Check> checksOfMigrations() {
        try (RehearsalCluster cluster = RehearsalCluster.start()) {
            cluster.seed(MilvusBlueprint.cluster("my-release").version("2.1.4"));
            MilvusCluster milvus = KubernetesMilvusCluster.connect(cluster.apiClient(), "default", "my-release");
            return Upgrader.forCluster(milvus).build().plan(MilvusVersion.parse("2.2.16")).steps().stream()
                    .flatMap(planned -> planned.step().checks().stream())
                    .toList();
        }
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
