package io.github.milvusupgrade.k8s.helmpath;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.helmpath.ReleaseChange.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a change of a release does to its objects: kinds, names and images, never their content.
 *
 * @param lines one for each object that is added, removed or changed
 * @param withData the kinds and names of those that hold data and would be removed or rolled
 * @param subChartsWithData the charts that those belong to
 */
record ObjectsDiff(List<String> lines, List<String> withData, Set<String> subChartsWithData) {

    private static final Set<String> HOLD_DATA = Set.of("StatefulSet", "PersistentVolumeClaim");

    ObjectsDiff {
        lines = List.copyOf(lines);
        withData = List.copyOf(withData);
        subChartsWithData = Set.copyOf(subChartsWithData);
    }

    static ObjectsDiff of(Map<ObjectKey, ObjectNode> before, Map<ObjectKey, ObjectNode> wanted) {
        List<String> lines = new ArrayList<>();
        List<String> withData = new ArrayList<>();
        Set<String> charts = new TreeSet<>();
        Set<ObjectKey> keys = new TreeSet<>(before.keySet());
        keys.addAll(wanted.keySet());
        for (ObjectKey key : keys) {
            ObjectNode old = before.get(key);
            ObjectNode after = wanted.get(key);
            if (old == null || after == null || !old.equals(after)) {
                lines.add(line(key, old, after));
                if (old != null && touchesData(key, old, after)) {
                    withData.add(key.toString());
                    charts.add(chartOf(old));
                }
            }
        }
        return new ObjectsDiff(lines, withData, charts);
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }

    private static String line(ObjectKey key, @Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (before == null) {
            return "+ " + key;
        }
        if (after == null) {
            return "- " + key;
        }
        Map<String, String> was = images(before);
        List<String> images = new ArrayList<>();
        images(after).forEach((container, image) -> {
            String old = was.getOrDefault(container, "nothing");
            if (!old.equals(image)) {
                images.add(container + " " + old + " -> " + image);
            }
        });
        return "~ " + key + (images.isEmpty() ? "" : " (" + String.join(", ", images) + ")");
    }

    /** Only its labels may change without a new pod. */
    private static boolean touchesData(ObjectKey key, ObjectNode before, @Nullable ObjectNode after) {
        return HOLD_DATA.contains(key.kind())
                && (after == null || !before.path("spec").equals(after.path("spec")));
    }

    /** The name that its chart gave it: {@code helm.sh/chart: etcd-6.3.3}, or {@code chart: minio-8.0.17}. */
    private static String chartOf(ObjectNode object) {
        JsonNode labels = object.at("/metadata/labels");
        return Stream.of("helm.sh/chart", "chart")
                .map(label -> labels.path(label).asText(""))
                .filter(chart -> !chart.isEmpty())
                .map(chart -> chart.replaceFirst("-v?[0-9].*$", ""))
                .findFirst()
                .orElse("unknown");
    }

    private static Map<String, String> images(ObjectNode object) {
        Map<String, String> images = new TreeMap<>();
        for (String containers : List.of("initContainers", "containers")) {
            object.at("/spec/template/spec/" + containers)
                    .forEach(container -> images.put(
                            container.path("name").asText(),
                            container.path("image").asText()));
        }
        return images;
    }
}
