package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes quantities ({@code 500m}, {@code 2Gi}) in thousandths, and how much of a resource a pod asks for. */
final class Quantity {

    private static final Pattern FORM = Pattern.compile("([0-9.]+)(m|k|Ki|M|Mi|G|Gi|T|Ti)?");
    private static final Map<String, Long> THOUSANDTHS = Map.of(
            "m", 1L,
            "k", 1_000_000L,
            "Ki", 1_000L << 10,
            "M", 1_000_000_000L,
            "Mi", 1_000L << 20,
            "G", 1_000_000_000_000L,
            "Gi", 1_000L << 30,
            "T", 1_000_000_000_000_000L,
            "Ti", 1_000L << 40);

    private Quantity() {}

    static long parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return 0;
        }
        long unit = form.group(2) == null ? 1000 : THOUSANDTHS.getOrDefault(form.group(2), 0L);
        return new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit)).longValue();
    }

    /** What a pod takes of a quota's resource: {@code cpu}, {@code requests.memory}, {@code limits.cpu} … */
    static long of(JsonNode pod, String resource) {
        if (resource.equals("pods") || resource.equals("count/pods")) {
            return 1000;
        }
        String section = resource.startsWith("limits.") ? "limits" : "requests";
        String name = resource.substring(resource.indexOf('.') + 1);
        long sum = 0;
        for (JsonNode container : pod.path("spec").path("containers")) {
            sum += parse(container.path("resources").path(section).path(name).asText());
        }
        return sum;
    }

    static String text(String resource, long thousandths) {
        if (thousandths % 1000 != 0) {
            return thousandths + "m";
        }
        long whole = thousandths / 1000;
        if (resource.endsWith("memory") && whole > 0 && whole % (1 << 20) == 0) {
            return whole % (1 << 30) == 0 ? (whole >> 30) + "Gi" : (whole >> 20) + "Mi";
        }
        return Long.toString(whole);
    }
}
