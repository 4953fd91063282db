package io.github.milvusupgrade.k8s.probe;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The gauges of a Milvus process, as it tells them in the text format of Prometheus
 * (prometheus.io/docs/instrumenting/exposition_formats). Only what Milvus counts of itself is kept. Counters are left
 * out: what only ever grows does not say how things are now.
 */
public final class Metrics {

    private static final String OURS = "milvus_";
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)\\s*");
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*})?\\s+([-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?)(\\s+\\d+)?\\s*");

    private final Map<String, Map<String, Double>> samples;

    private Metrics(Map<String, Map<String, Double>> samples) {
        this.samples = samples;
    }

    static Metrics parse(String text) {
        Set<String> gauges = new HashSet<>();
        Map<String, Map<String, Double>> samples = new HashMap<>();
        text.lines().forEach(line -> {
            Matcher type = TYPE.matcher(line);
            if (type.matches() && type.group(2).equals("gauge")) {
                gauges.add(type.group(1));
            }
            if (!line.startsWith(OURS)) {
                return;
            }
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches() && gauges.contains(sample.group(1))) {
                String labels = sample.group(2) == null ? "" : sample.group(2);
                samples.computeIfAbsent(sample.group(1), name -> new HashMap<>())
                        .put(labels, Double.parseDouble(sample.group(3)));
            }
        });
        return new Metrics(samples);
    }

    boolean isEmpty() {
        return samples.isEmpty();
    }

    /** The sum of a gauge over all its labels; empty if there is none of that name. */
    public OptionalDouble sum(String gauge) {
        return sum(gauge, labels -> true);
    }

    /**
     * The sum of a gauge over some of its labels, which stand in braces as Milvus writes them; empty if there is none
     * of that name, zero if none of its labels is meant.
     */
    public OptionalDouble sum(String gauge, Predicate<String> labels) {
        Map<String, Double> found = samples.get(gauge);
        if (found == null) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(found.entrySet().stream()
                .filter(sample -> labels.test(sample.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .sum());
    }
}
