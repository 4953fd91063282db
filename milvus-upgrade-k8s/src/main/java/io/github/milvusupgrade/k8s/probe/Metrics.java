package io.github.milvusupgrade.k8s.probe;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The gauges and counters of a Milvus process, as it tells them in the text format of Prometheus
 * (prometheus.io/docs/instrumenting/exposition_formats). Only what Milvus counts of itself is kept. They are not the
 * same: what only ever grows does not say how things are now.
 */
public final class Metrics {

    private static final String OURS = "milvus_";
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)\\s*");
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*})?\\s+([-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?)(\\s+\\d+)?\\s*");

    private final Map<String, Map<String, Double>> gauges;
    private final Map<String, Map<String, Double>> counters;

    private Metrics(Map<String, Map<String, Double>> gauges, Map<String, Map<String, Double>> counters) {
        this.gauges = gauges;
        this.counters = counters;
    }

    /** Read what a process hands out; what is not understood is left out. */
    public static Metrics parse(String text) {
        Map<String, String> types = new HashMap<>();
        Map<String, Map<String, Double>> gauges = new HashMap<>();
        Map<String, Map<String, Double>> counters = new HashMap<>();
        text.lines().forEach(line -> {
            Matcher type = TYPE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
            }
            if (!line.startsWith(OURS)) {
                return;
            }
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                String labels = sample.group(2) == null ? "" : sample.group(2);
                double value = Double.parseDouble(sample.group(3));
                switch (types.getOrDefault(sample.group(1), "")) {
                    case "gauge" -> put(gauges, sample.group(1), labels, value);
                    case "counter" -> put(counters, sample.group(1), labels, value);
                    default -> {
                        // Histograms are not asked for, and of what has no type nobody knows what it is.
                    }
                }
            }
        });
        return new Metrics(gauges, counters);
    }

    private static void put(Map<String, Map<String, Double>> all, String name, String labels, double value) {
        all.computeIfAbsent(name, any -> new HashMap<>()).put(labels, value);
    }

    boolean isEmpty() {
        return gauges.isEmpty();
    }

    /** The sum of a gauge over all its labels; empty if there is none of that name. */
    public OptionalDouble sum(String gauge) {
        return sum(gauge, labels -> true);
    }

    /** The sums of a gauge for each value of a label, over some of its labels; empty if there is none of that name. */
    public Map<String, Double> sums(String gauge, String label, Predicate<String> labels) {
        Pattern value = Pattern.compile("\\b" + label + "=\"([^\"]*)\"");
        Map<String, Double> sums = new HashMap<>();
        gauges.getOrDefault(gauge, Map.of()).forEach((all, number) -> {
            Matcher found = value.matcher(all);
            if (labels.test(all) && found.find()) {
                sums.merge(found.group(1), number, Double::sum);
            }
        });
        return sums;
    }

    /**
     * The sum of a gauge over some of its labels, which stand in braces as Milvus writes them; empty if there is none
     * of that name, zero if none of its labels is meant.
     */
    public OptionalDouble sum(String gauge, Predicate<String> labels) {
        return sum(gauges.get(gauge), labels);
    }

    /** What a counter has counted under some of its labels; empty if there is none of that name. */
    public OptionalDouble counted(String counter, Predicate<String> labels) {
        return sum(counters.get(counter), labels);
    }

    private static OptionalDouble sum(@Nullable Map<String, Double> found, Predicate<String> labels) {
        if (found == null) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(found.entrySet().stream()
                .filter(sample -> labels.test(sample.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .sum());
    }
}
