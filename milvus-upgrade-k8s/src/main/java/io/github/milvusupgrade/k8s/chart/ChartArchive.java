package io.github.milvusupgrade.k8s.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a packed or unpacked chart says of itself: its name and versions, its dependencies, its default values. Nothing
 * is rendered and nothing is written. Immutable and safe for many threads.
 */
public final class ChartArchive {

    /** A packed chart that is larger is not read; the largest of Milvus has 0.8 MB. */
    static final int MAX_PACKED_BYTES = 16 << 20;

    private static final String CHART_YAML = "Chart.yaml";
    private static final String VALUES_YAML = "values.yaml";
    /** Where charts of the first format list their dependencies. */
    private static final String REQUIREMENTS_YAML = "requirements.yaml";

    private final String from;
    private final Map<String, byte[]> files;
    private final ObjectNode metadata;
    private final ObjectNode values;
    private final List<Dependency> dependencies;
    private final Map<String, ChartArchive> subcharts;

    private ChartArchive(String from, Map<String, byte[]> files, Map<String, ChartArchive> packedSubcharts) {
        this.from = from;
        this.files = files;
        this.metadata = yaml(CHART_YAML);
        this.values = yaml(VALUES_YAML);
        this.dependencies = dependencies(metadata.has("dependencies") ? metadata : yaml(REQUIREMENTS_YAML));
        this.subcharts = byDependency(packedSubcharts);
        if (name().isEmpty() || SemVer.find(version()).isEmpty()) {
            throw unusable(from, "its " + CHART_YAML + " names no chart with a semantic version");
        }
    }

    /**
     * Another chart that a chart installs along.
     *
     * @param name the name of that chart
     * @param version its version, or a range
     * @param alias another name for it here; empty if it has none
     * @param condition the value that switches it, such as {@code etcd.enabled}; empty if it is always installed
     */
    public record Dependency(String name, String version, String alias, String condition) {

        /** The section of the values that is about it. */
        public String section() {
            return alias.isEmpty() ? name : alias;
        }
    }

    /**
     * Reads a chart.
     *
     * @param path a {@code .tgz}, or the folder that {@code Chart.yaml} lies in
     * @throws UpgradeException {@link Code#CHART_UNAVAILABLE} if it cannot be read, {@link Code#CHART_UNUSABLE} if it
     *     is no chart, too large, or holds a path that leads out of it
     */
    public static ChartArchive read(Path path) {
        try {
            if (Files.isDirectory(path)) {
                return ofFiles(path.toString(), ChartFolder.files(path), new Budget(), 0);
            }
            if (Files.size(path) > MAX_PACKED_BYTES) {
                throw unusable(path.toString(), "it has more than " + (MAX_PACKED_BYTES >> 20) + " MiB");
            }
            return parse(path.toString(), Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UpgradeException(
                    Code.CHART_UNAVAILABLE, "The chart " + path + " cannot be read: " + e + ". Check the path.", e);
        }
    }

    /** @param from where it came from, for messages */
    static ChartArchive parse(String from, byte[] packed) {
        return parse(from, packed, new Budget(), 0);
    }

    private static ChartArchive parse(String from, byte[] packed, Budget budget, int depth) {
        try {
            Map<String, byte[]> files = new TreeMap<>();
            TarGzip.unpack(packed, budget).forEach((path, content) -> {
                int slash = path.indexOf('/');
                if (slash > 0) {
                    files.put(path.substring(slash + 1), content);
                }
            });
            return ofFiles(from, files, budget, depth);
        } catch (TarGzip.MalformedException e) {
            throw unusable(from, e.why());
        }
    }

    /** Sub-charts of sub-charts are nobody's concern: their values come to light in those of the sub-chart. */
    private static ChartArchive ofFiles(String from, Map<String, byte[]> files, Budget budget, int depth) {
        if (!files.containsKey(CHART_YAML)) {
            throw unusable(from, "there is no " + CHART_YAML + " in it");
        }
        Map<String, ChartArchive> subcharts = new TreeMap<>();
        if (depth == 0) {
            files.forEach((path, content) -> {
                if (path.matches("charts/[^/]+\\.tgz")) {
                    subcharts.put(path, parse(from + "/" + path, content, budget, 1));
                } else if (path.matches("charts/[^/]+/" + CHART_YAML)) {
                    String folder = path.substring(0, path.length() - CHART_YAML.length());
                    subcharts.put(folder, ofFiles(from + "/" + folder, below(folder, files), budget, 1));
                }
            });
        }
        return new ChartArchive(from, files, subcharts);
    }

    private static Map<String, byte[]> below(String folder, Map<String, byte[]> files) {
        Map<String, byte[]> below = new TreeMap<>();
        files.forEach((path, content) -> {
            if (path.startsWith(folder)) {
                below.put(path.substring(folder.length()), content);
            }
        });
        return below;
    }

    /** The name of the chart, such as {@code milvus}. */
    public String name() {
        return metadata.path("name").asText("");
    }

    /** The version of the chart, such as {@code 4.0.34}. */
    public String version() {
        return metadata.path("version").asText("");
    }

    /** What it says that it installs; empty if it says nothing. */
    public String appVersion() {
        return metadata.path("appVersion").asText("");
    }

    /** The charts that it installs along, in its order. */
    public List<Dependency> dependencies() {
        return dependencies;
    }

    /** What its own {@code values.yaml} says; a copy. */
    public ObjectNode values() {
        return values.deepCopy();
    }

    /**
     * What the chart and the sub-charts packed into it say together: below the section of a sub-chart its own defaults,
     * where this chart does not say otherwise. A copy.
     */
    public ObjectNode allValues() {
        ObjectNode below = JsonNodeFactory.instance.objectNode();
        subcharts.forEach((section, subchart) -> below.set(section, subchart.values()));
        return ValueTables.coalesce(values, below);
    }

    /**
     * The sections of its values that are about sub-charts which are not packed into it: their defaults are unknown.
     */
    public Set<String> unknownSections() {
        return dependencies.stream()
                .map(Dependency::section)
                .filter(section -> !subcharts.containsKey(section))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The chart in the form in which Helm keeps it in the record of a release, to find out how large that becomes:
     * templates and files as base64, sub-charts not at all (helm/helm:pkg/chart/chart.go).
     */
    public ObjectNode stored() {
        ObjectNode chart = JsonNodeFactory.instance.objectNode();
        chart.set("metadata", metadata.deepCopy());
        ArrayNode templates = chart.putArray("templates");
        ArrayNode others = JsonNodeFactory.instance.arrayNode();
        files.forEach((path, content) -> {
            if (path.startsWith("templates/")) {
                templates.addObject().put("name", path).put("data", content);
            } else if (!path.startsWith("charts/") && !path.equals(CHART_YAML) && !path.equals(VALUES_YAML)) {
                others.addObject().put("name", path).put("data", content);
            }
        });
        chart.set("values", allValues());
        chart.set("files", others);
        return chart;
    }

    /** The name, the versions and where it came from. */
    @Override
    public String toString() {
        return "chart " + name() + " " + version() + (appVersion().isEmpty() ? "" : " (Milvus " + appVersion() + ")")
                + " from " + from;
    }

    private ObjectNode yaml(String file) {
        byte @Nullable [] content = files.get(file);
        return content == null
                ? JsonNodeFactory.instance.objectNode()
                : HelmYaml.parse(Code.CHART_UNUSABLE, file + " of the chart " + from, new String(content, UTF_8));
    }

    private static List<Dependency> dependencies(ObjectNode listing) {
        List<Dependency> dependencies = new ArrayList<>();
        for (JsonNode entry : listing.path("dependencies")) {
            dependencies.add(new Dependency(
                    entry.path("name").asText(""),
                    entry.path("version").asText(""),
                    entry.path("alias").asText(""),
                    entry.path("condition").asText("")));
        }
        return Collections.unmodifiableList(dependencies);
    }

    private Map<String, ChartArchive> byDependency(Map<String, ChartArchive> packed) {
        Map<String, ChartArchive> found = new TreeMap<>();
        for (Dependency dependency : dependencies) {
            subchartOf(dependency, packed).ifPresent(subchart -> found.put(dependency.section(), subchart));
        }
        return found;
    }

    /** Two dependencies may be versions of one chart, as Pulsar 2 and 3 are; a version range fits the only one. */
    private static Optional<ChartArchive> subchartOf(Dependency dependency, Map<String, ChartArchive> packed) {
        List<ChartArchive> sameName = packed.values().stream()
                .filter(chart -> chart.name().equals(dependency.name()))
                .toList();
        return sameName.size() == 1
                ? Optional.of(sameName.get(0))
                : sameName.stream()
                        .filter(chart -> chart.version().equals(dependency.version()))
                        .findFirst();
    }

    private static UpgradeException unusable(String from, String why) {
        return new UpgradeException(
                Code.CHART_UNUSABLE,
                "The chart " + from + " cannot be used: " + why + ". Fetch it again, or take it from another place.");
    }
}
