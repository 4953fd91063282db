package io.github.milvusupgrade.examples.tooling;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.milvusupgrade.k8s.chart.ChartRepository;
import io.github.milvusupgrade.k8s.helm.HelmCommand;
import io.github.milvusupgrade.k8s.helm.KubeConfigSource;
import io.github.milvusupgrade.k8s.helmpath.HelmOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the Helm release of the instance is to be treated.
 *
 * @param charts where charts are: an address, a folder or a packed chart
 * @param program the {@code helm} program
 * @param values a file with values to set beside those of the release
 * @param subCharts the sub-charts with data that may be changed
 * @param throughHelm make rolling hops by Helm
 * @param align let rolling hops end with a revision of the release
 */
record HelmArguments(
        String charts,
        String program,
        Optional<Path> values,
        List<String> subCharts,
        boolean throughHelm,
        boolean align) {

    static final Set<String> FLAGS = Set.of("--through-helm", "--align-release");
    static final Set<String> OPTIONS = Set.of("--charts", "--helm", "--values", "--allow-sub-chart");

    /** What the command line says of Helm; empty if it names no charts. */
    static Optional<HelmArguments> parse(CommandLine line) {
        Optional<String> charts = line.value("--charts");
        if (charts.isEmpty()) {
            OPTIONS.stream().filter(line::has).findFirst().ifPresent(HelmArguments::demandCharts);
            FLAGS.stream().filter(line::has).findFirst().ifPresent(HelmArguments::demandCharts);
            return Optional.empty();
        }
        return Optional.of(new HelmArguments(
                charts.get(),
                line.value("--helm").orElse("helm"),
                line.value("--values").map(Path::of),
                line.values("--allow-sub-chart"),
                line.has("--through-helm"),
                line.has("--align-release")));
    }

    /** The options of the library. */
    HelmOptions options(Path kubeconfig) throws IOException {
        HelmOptions options = HelmOptions.of(
                HelmCommand.builder(KubeConfigSource.file(kubeconfig))
                        .binary(program)
                        .build(),
                ChartRepository.open(charts),
                Files.createTempDirectory("milvus-charts-"));
        for (String subChart : subCharts) {
            options = options.allowingSubChart(subChart);
        }
        if (values.isPresent()) {
            options = options.withValues(
                    new ObjectMapper(new YAMLFactory()).readValue(values.get().toFile(), ObjectNode.class));
        }
        return align ? options.alignRelease() : options;
    }

    private static void demandCharts(String name) {
        throw new UsageException(name + " is about the Helm release: add --charts LOCATION.");
    }
}
