package io.github.milvusupgrade.run;

import java.time.Instant;

/** A Gantt chart for Mermaid, which GitHub and GitLab draw. */
final class Timeline {

    private final StringBuilder text =
            new StringBuilder("```mermaid\ngantt\n    dateFormat x\n    axisFormat %H:%M:%S\n");

    Timeline section(String title) {
        text.append("    section ").append(plain(title)).append('\n');
        return this;
    }

    /** The time of a step; nothing if it took none. */
    Timeline step(StepReport step) {
        if (step.duration().isZero()) {
            return this;
        }
        String tag = step.status() == StepReport.Status.FAILED ? "crit, " : "";
        return bar(step.title(), tag, step.started(), step.started().plus(step.duration()));
    }

    Timeline bar(String title, String tag, Instant from, Instant until) {
        text.append("    ")
                .append(plain(title))
                .append(" :")
                .append(tag)
                .append(from.toEpochMilli())
                .append(", ")
                .append(until.toEpochMilli())
                .append('\n');
        return this;
    }

    /** These characters mean something to Mermaid. */
    private static String plain(String title) {
        return title.replaceAll("[:;#,]", " ");
    }

    @Override
    public String toString() {
        return text + "```\n";
    }
}
