package io.github.milvusupgrade.k8s.helmpath;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.release.ImageOverride;
import io.github.milvusupgrade.k8s.release.ShortcutOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * P19: what the upgrade changes in values and objects. Sub-charts that hold data, such as etcd, may not change along
 * unless the caller allowed it by name.
 */
record ReleaseChangeIsWanted(ReleaseHop release) implements Check {

    @Override
    public String id() {
        return "P19";
    }

    @Override
    public String title() {
        return "what the chart and the values change is wanted";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        ReleaseChange change = release.from(release.base().revision());
        ObjectsDiff objects = ObjectsDiff.of(change.before(), change.wanted());
        StringJoiner evidence = new StringJoiner("\n");
        evidence.add("chart " + change.base().chartVersion() + " -> " + release.chartVersion() + ", values by "
                + release.options().policy());
        evidence.add("values:" + indented(change.values().diff().toString()));
        evidence.add("objects:" + indented(objects.toString()));
        Set<String> held = new TreeSet<>(objects.subChartsWithData());
        held.removeAll(release.options().allowedSubCharts());
        if (!held.isEmpty()) {
            return Finding.fail(
                    id(),
                    evidence + "\nThe data of " + String.join(", ", held) + " would be touched: "
                            + String.join("; ", objects.withData()) + ".",
                    "Pin what they run in the values, or allow it with HelmOptions.allowingSubChart(name) after a backup.");
        }
        List<String> lost = lost(change);
        return lost.isEmpty()
                ? Finding.pass(id(), evidence.toString())
                : Finding.warn(
                        id(),
                        evidence + "\n" + String.join("\n", lost),
                        "Say in the values what shall hold from now on, or take the old ones back with a null.");
    }

    private static List<String> lost(ReleaseChange change) {
        List<String> lost = new ArrayList<>();
        change.values()
                .unknownKeys(change.chart().unknownSections())
                .forEach(key -> lost.add("The chart does not know the value " + key + ", and ignores it."));
        for (ShortcutOption option : change.values().lostShortcuts()) {
            lost.add("The option " + option + " was taken out of the chart with 4.0.0; it belongs into"
                    + " extraConfigFiles.user.yaml now.");
        }
        for (ImageOverride override : change.values().imageOverrides()) {
            lost.add("The values name an image for one component: " + override + ".");
        }
        return lost;
    }

    private static String indented(String lines) {
        return lines.isEmpty() ? " none" : ("\n" + lines).replace("\n", "\n  ");
    }
}
