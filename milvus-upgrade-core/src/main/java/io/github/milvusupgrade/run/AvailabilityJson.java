package io.github.milvusupgrade.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.availability.AvailabilityBudget;
import io.github.milvusupgrade.availability.AvailabilityReport;
import io.github.milvusupgrade.availability.BrokenBudget;
import io.github.milvusupgrade.availability.Gap;
import io.github.milvusupgrade.availability.ProbeFigures;
import io.github.milvusupgrade.availability.ProbeReport;
import java.time.Duration;

/** What the probes saw as JSON: latencies in microseconds, all other durations in milliseconds. */
final class AvailabilityJson {

    private static final long NANOS_PER_MICRO = 1_000;

    private AvailabilityJson() {}

    static void write(AvailabilityReport report, ObjectNode node) {
        node.put("enforced", report.enforced());
        ArrayNode probes = node.putArray("probes");
        report.probes().forEach(probe -> write(probe, probes.addObject()));
    }

    private static void write(ProbeReport probe, ObjectNode node) {
        node.put("probe", probe.probe());
        node.put("intervalMillis", probe.schedule().interval().toMillis());
        node.put("attemptTimeoutMillis", probe.schedule().attemptTimeout().toMillis());
        write(probe.budget(), node.putObject("budget"));
        node.put("from", probe.from().toString());
        node.put("until", probe.until().toString());
        node.put("attempts", probe.attempts());
        node.put("successes", probe.successes());
        node.put("longestGapMillis", probe.longestGap().toMillis());
        write(probe.before(), node.putObject("before"));
        write(probe.during(), node.putObject("during"));
        write(probe.after(), node.putObject("after"));
        ArrayNode steps = node.putArray("steps");
        probe.steps().forEach(step -> {
            ObjectNode one = steps.addObject()
                    .put("step", step.step().value())
                    .put("longestGapMillis", step.longestGap().toMillis());
            write(step.before(), one.putObject("before"));
            write(step.during(), one.putObject("during"));
            write(step.after(), one.putObject("after"));
        });
        ArrayNode gaps = node.putArray("gaps");
        probe.gaps().forEach(gap -> write(gap, gaps.addObject()));
        node.put("gapsLeftOut", probe.gapsLeftOut());
        ObjectNode failures = node.putObject("failures");
        probe.failures().forEach(failures::put);
        probe.broken().ifPresent(broken -> write(broken, node.putObject("broken")));
    }

    private static void write(AvailabilityBudget budget, ObjectNode node) {
        budget.longestGap().map(Duration::toMillis).ifPresent(gap -> node.put("longestGapMillis", gap));
        budget.smallestRatio().ifPresent(ratio -> node.put("successRatio", ratio));
        node.put("onBreak", budget.onBreak().name());
    }

    private static void write(ProbeFigures figures, ObjectNode node) {
        node.put("attempts", figures.attempts());
        node.put("successes", figures.successes());
        figures.latency()
                .ifPresent(latency -> node.putObject("latencyMicros")
                        .put("p50", micros(latency.p50()))
                        .put("p90", micros(latency.p90()))
                        .put("p99", micros(latency.p99()))
                        .put("max", micros(latency.max())));
    }

    private static void write(Gap gap, ObjectNode node) {
        node.put("since", gap.since().toString());
        node.put("durationMillis", gap.length().toMillis());
        node.put("open", gap.open());
        node.put("failures", gap.failures());
        node.put("lastFailure", gap.lastFailure());
        ArrayNode steps = node.putArray("steps");
        gap.steps().forEach(step -> steps.add(step.value()));
    }

    private static void write(BrokenBudget broken, ObjectNode node) {
        node.put("at", broken.at().toString());
        node.put("message", broken.describe());
        broken.gap().ifPresent(gap -> write(gap, node.putObject("gap")));
    }

    private static long micros(Duration latency) {
        return latency.toNanos() / NANOS_PER_MICRO;
    }
}
