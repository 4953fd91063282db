package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.chart.ChartRepository;
import io.github.milvusupgrade.k8s.helm.HelmClient;
import io.github.milvusupgrade.k8s.release.ValuesPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a Helm release is upgraded. Immutable; every {@code with} returns changed options. {@link #toString()} leaves the
 * values out, since passwords may be among them.
 */
public final class HelmOptions {

    private final HelmClient client;
    private final ChartRepository charts;
    private final Path folder;
    private final ValuesPolicy policy;
    private final ObjectNode values;
    private final Optional<String> chartVersion;
    private final Set<String> allowedSubCharts;
    private final boolean alignsRolling;

    private HelmOptions(
            HelmClient client,
            ChartRepository charts,
            Path folder,
            ValuesPolicy policy,
            ObjectNode values,
            Optional<String> chartVersion,
            Set<String> allowedSubCharts,
            boolean alignsRolling) {
        this.client = client;
        this.charts = charts;
        this.folder = folder;
        this.policy = policy;
        this.values = values;
        this.chartVersion = chartVersion;
        this.allowedSubCharts = Set.copyOf(allowedSubCharts);
        this.alignsRolling = alignsRolling;
    }

    /**
     * The newest chart for the target, the defaults of the new chart with what the user gave before over them, and no
     * change of a sub-chart that holds data.
     *
     * @param client calls Helm
     * @param charts where charts come from
     * @param folder where fetched charts are put; made if it is not there
     */
    public static HelmOptions of(HelmClient client, ChartRepository charts, Path folder) {
        return new HelmOptions(
                client,
                charts,
                folder,
                ValuesPolicy.RESET_THEN_REUSE,
                JsonNodeFactory.instance.objectNode(),
                Optional.empty(),
                Set.of(),
                false);
    }

    /** What becomes of the values that the user gave before. */
    public HelmOptions withValuesPolicy(ValuesPolicy changed) {
        return new HelmOptions(client, charts, folder, changed, values, chartVersion, allowedSubCharts, alignsRolling);
    }

    /** Values to set beside those, as in a values file. The image tag is set by the upgrade. */
    public HelmOptions withValues(ObjectNode overrides) {
        return new HelmOptions(
                client, charts, folder, policy, overrides.deepCopy(), chartVersion, allowedSubCharts, alignsRolling);
    }

    /** The version of the chart, instead of the newest for the target. */
    public HelmOptions withChartVersion(String version) {
        return new HelmOptions(
                client, charts, folder, policy, values, Optional.of(version), allowedSubCharts, alignsRolling);
    }

    /** A sub-chart that holds data, such as {@code etcd}, and may be changed by the upgrade all the same. */
    public HelmOptions allowingSubChart(String name) {
        Set<String> allowed = new TreeSet<>(allowedSubCharts);
        allowed.add(name);
        return new HelmOptions(client, charts, folder, policy, values, chartVersion, allowed, alignsRolling);
    }

    /**
     * Let rolling hops end with a revision, too: the same chart with the new image tag, so that the next plain
     * {@code helm upgrade} does not bring the old image back. It changes no pod. Settings that the rolling path made in
     * {@code user.yaml} are those of the chart again, which running pods do not notice.
     */
    public HelmOptions alignRelease() {
        return new HelmOptions(client, charts, folder, policy, values, chartVersion, allowedSubCharts, true);
    }

    /** The policy, and which values are given beside it; not what they are, since passwords may be among them. */
    String valuesByName() {
        List<String> names = new ArrayList<>();
        collect("", values, names);
        return policy + (names.isEmpty() ? "" : " with " + String.join(", ", names));
    }

    private static void collect(String prefix, ObjectNode section, List<String> names) {
        section.properties().forEach(entry -> {
            String name = prefix + entry.getKey();
            if (entry.getValue() instanceof ObjectNode inner && !inner.isEmpty()) {
                collect(name + ".", inner, names);
            } else {
                names.add(name);
            }
        });
    }

    boolean alignsRolling() {
        return alignsRolling;
    }

    HelmClient client() {
        return client;
    }

    ChartRepository charts() {
        return charts;
    }

    Path folder() {
        return folder;
    }

    ValuesPolicy policy() {
        return policy;
    }

    ObjectNode values() {
        return values.deepCopy();
    }

    Optional<String> chartVersion() {
        return chartVersion;
    }

    Set<String> allowedSubCharts() {
        return allowedSubCharts;
    }

    @Override
    public String toString() {
        return "charts of " + charts.location() + ", values by " + policy;
    }
}
