package io.github.milvusupgrade.run;

import io.github.milvusupgrade.availability.AvailabilityReport;
import io.github.milvusupgrade.availability.Gap;
import io.github.milvusupgrade.availability.Latency;
import io.github.milvusupgrade.availability.ProbeFigures;
import io.github.milvusupgrade.availability.ProbeReport;
import io.github.milvusupgrade.availability.StepAvailability;
import io.github.milvusupgrade.step.StepId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the probes saw, as people read it. */
final class AvailabilityText {

    private static final double NANOS_PER_MILLI = 1_000_000.0;

    private AvailabilityText() {}

    /** One line for each probe, and one for each broken budget. */
    static List<String> lines(UpgradeReport report, AvailabilityReport seen) {
        return seen.probes().stream()
                .map(probe -> "probe " + probe.probe() + ": " + probe.successes() + " of " + probe.attempts()
                        + " attempts succeeded" + percent(probe) + ", longest gap " + Seconds.of(probe.longestGap())
                        + where(report, probe) + ", p99 latency " + p99(probe.before()) + " before, "
                        + p99(probe.during()) + " during, " + p99(probe.after()) + " after; budget: "
                        + verdict(seen, probe))
                .toList();
    }

    static String markdown(UpgradeReport report, AvailabilityReport seen) {
        StringBuilder text = new StringBuilder("\n### Availability\n\n");
        text.append("| probe | attempts | successes | longest gap | latency before | during | after | budget |\n");
        text.append("|---|---|---|---|---|---|---|---|\n");
        for (ProbeReport probe : seen.probes()) {
            row(
                    text,
                    cell(probe.probe()),
                    String.valueOf(probe.attempts()),
                    probe.successes() + percent(probe),
                    Seconds.of(probe.longestGap()),
                    latency(probe.before()),
                    latency(probe.during()),
                    latency(probe.after()),
                    verdict(seen, probe));
        }
        text.append("\nLatency of successes: p50 / p99 / slowest.\n\n");
        text.append(timeline(report, seen));
        seen.probes().forEach(probe -> text.append(steps(report, probe)));
        return text.toString();
    }

    private static String steps(UpgradeReport report, ProbeReport probe) {
        StringBuilder text = new StringBuilder("\n#### " + probe.probe() + ", step by step\n\n");
        text.append("| step | attempts | successes | longest gap | latency before | during | after |\n");
        text.append("|---|---|---|---|---|---|---|\n");
        for (StepAvailability step : probe.steps()) {
            row(
                    text,
                    cell(title(report, step.step())),
                    String.valueOf(step.during().attempts()),
                    String.valueOf(step.during().successes()),
                    Seconds.of(step.longestGap()),
                    latency(step.before()),
                    latency(step.during()),
                    latency(step.after()));
        }
        if (!probe.failures().isEmpty()) {
            text.append('\n');
            probe.failures()
                    .forEach((what, count) -> text.append("- ")
                            .append(count)
                            .append(" × ")
                            .append(what.replace("`", "'"))
                            .append('\n'));
        }
        return text.toString();
    }

    private static String timeline(UpgradeReport report, AvailabilityReport seen) {
        Timeline timeline = new Timeline().section("steps");
        report.steps().forEach(timeline::step);
        for (ProbeReport probe : seen.probes()) {
            timeline.section(probe.probe());
            Instant since = probe.from();
            for (Gap gap : probe.gaps()) {
                served(timeline, since, gap.since());
                timeline.bar("none for " + Seconds.of(gap.length()), "crit, ", gap.since(), gap.until());
                since = gap.until();
            }
            served(timeline, since, probe.until());
        }
        return timeline.toString();
    }

    private static void served(Timeline timeline, Instant from, Instant until) {
        if (from.isBefore(until)) {
            timeline.bar("successes", "done, ", from, until);
        }
    }

    private static String verdict(AvailabilityReport seen, ProbeReport probe) {
        if (probe.budget().isNone()) {
            return "none";
        }
        String state = seen.enforced() ? probe.broken().isPresent() ? "broken" : "kept" : "not in force";
        return probe.budget().describe() + ": " + state;
    }

    private static String where(UpgradeReport report, ProbeReport probe) {
        return probe.gaps().stream()
                .filter(gap ->
                        gap.length().equals(probe.longestGap()) && !gap.steps().isEmpty())
                .findFirst()
                .map(gap -> gap.steps().stream()
                        .map(step -> "\"" + title(report, step) + "\"")
                        .collect(Collectors.joining(", ", " in ", "")))
                .orElse("");
    }

    private static String title(UpgradeReport report, StepId id) {
        return report.steps().stream()
                .filter(step -> step.step().equals(id))
                .map(StepReport::title)
                .findFirst()
                .orElse(id.value());
    }

    private static String percent(ProbeReport probe) {
        return probe.attempts() == 0
                ? ""
                : String.format(Locale.ROOT, " (%.2f %%)", 100.0 * probe.successes() / probe.attempts());
    }

    private static String p99(ProbeFigures figures) {
        return figures.latency().map(Latency::p99).map(AvailabilityText::millis).orElse("unknown");
    }

    private static String latency(ProbeFigures figures) {
        return figures.latency()
                .map(latency -> millis(latency.p50()) + " / " + millis(latency.p99()) + " / " + millis(latency.max()))
                .orElse("–");
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / NANOS_PER_MILLI);
    }

    private static void row(StringBuilder text, String... cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
