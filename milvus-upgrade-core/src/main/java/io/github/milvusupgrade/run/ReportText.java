package io.github.milvusupgrade.run;

import io.github.milvusupgrade.cluster.Finding;
import java.util.List;
import java.util.Locale;

/** A report as people read it, on a terminal or as Markdown. */
final class ReportText {

    private static final int SHORT_TITLE = 45;

    private ReportText() {}

    static String plain(UpgradeReport report) {
        StringBuilder text = new StringBuilder(plainBody(report));
        report.wayBack().ifPresent(wayBack -> text.append("then ").append(plainBody(wayBack)));
        report.nextSteps().forEach(next -> text.append("  ").append(next).append('\n'));
        return text.toString();
    }

    private static String plainBody(UpgradeReport report) {
        StringBuilder text = new StringBuilder();
        text.append(headline(report)).append('\n');
        report.failure()
                .ifPresent(failure -> text.append(failure.code())
                        .append(' ')
                        .append(failure.message())
                        .append('\n'));
        int titles =
                report.steps().stream().mapToInt(step -> step.title().length()).reduce(SHORT_TITLE, Math::max);
        for (StepReport step : report.steps()) {
            text.append(String.format(
                                    Locale.ROOT,
                                    "  %-15s %-" + titles + "s %8s  %s",
                                    step.status(),
                                    step.title(),
                                    Seconds.of(step.duration()),
                                    firstLine(step.summary()))
                            .stripTrailing())
                    .append('\n');
        }
        report.availability()
                .ifPresent(seen -> AvailabilityText.lines(report, seen)
                        .forEach(line -> text.append("  ").append(line).append('\n')));
        notable(report).forEach(finding -> text.append("  ").append(finding).append('\n'));
        report.warnings()
                .forEach(warning -> text.append("  warning: ").append(warning).append('\n'));
        return text.toString();
    }

    static String markdown(UpgradeReport report) {
        StringBuilder text = new StringBuilder();
        text.append("# ").append(headline(report)).append("\n\n");
        text.append(failure(report));
        text.append(table(report));
        text.append('\n').append(timeline(report));
        report.availability().ifPresent(seen -> text.append(AvailabilityText.markdown(report, seen)));
        section(
                text,
                "What preflight found",
                notable(report).stream().map(Finding::toString).toList());
        section(text, "Warnings", report.warnings());
        report.wayBack().ifPresent(wayBack -> text.append(takenBack(wayBack)));
        section(text, "What to do now", report.nextSteps());
        text.append("\nAPI requests: ")
                .append(report.requests().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .append(' ')
                .append(report.requests())
                .append('\n');
        return text.toString();
    }

    private static String takenBack(UpgradeReport wayBack) {
        return "\n## Taken back: " + headline(wayBack) + "\n\n" + failure(wayBack) + table(wayBack) + '\n'
                + timeline(wayBack)
                + wayBack.availability()
                        .map(seen -> AvailabilityText.markdown(wayBack, seen))
                        .orElse("");
    }

    private static String failure(UpgradeReport report) {
        return report.failure()
                .map(failure -> "**" + failure.code() + "**\n\n```\n"
                        + failure.message().replace("```", "'''") + "\n```\n\n")
                .orElse("");
    }

    private static String table(UpgradeReport report) {
        StringBuilder text = new StringBuilder("| step | status | took | |\n|---|---|---|---|\n");
        for (StepReport step : report.steps()) {
            text.append("| ")
                    .append(cell(step.title()))
                    .append(" | ")
                    .append(step.status())
                    .append(" | ")
                    .append(Seconds.of(step.duration()))
                    .append(" | ")
                    .append(cell(firstLine(step.summary())))
                    .append(" |\n");
        }
        return text.toString();
    }

    private static String timeline(UpgradeReport report) {
        Timeline timeline = new Timeline();
        report.steps().forEach(timeline::step);
        return timeline.toString();
    }

    private static void section(StringBuilder text, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append("\n## ").append(title).append("\n\n");
            lines.forEach(line -> text.append("- ").append(line).append('\n'));
        }
    }

    private static List<Finding> notable(UpgradeReport report) {
        return report.findings().stream()
                .filter(finding -> finding.status() != Finding.Status.PASS)
                .toList();
    }

    private static String headline(UpgradeReport report) {
        return report.outcome() + ": " + report.title() + " of " + report.cluster() + ", run " + report.run() + ", "
                + Seconds.of(report.duration());
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
