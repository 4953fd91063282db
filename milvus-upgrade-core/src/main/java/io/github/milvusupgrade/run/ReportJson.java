package io.github.milvusupgrade.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A report as JSON: times in ISO-8601, durations in milliseconds, codes and states by their stable names. */
final class ReportJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportJson() {}

    static String of(UpgradeReport report) {
        ObjectNode root = JSON.createObjectNode().put("schema", 1);
        write(report, root);
        return root.toPrettyString();
    }

    private static void write(UpgradeReport report, ObjectNode root) {
        root.put("run", report.run().value());
        root.put("namespace", report.cluster().namespace());
        root.put("instance", report.cluster().instance());
        root.put("title", report.title());
        root.put("outcome", report.outcome().name());
        root.put("started", report.started().toString());
        root.put("durationMillis", report.duration().toMillis());
        report.failure().ifPresent(failure -> {
            ObjectNode node = root.putObject("failure");
            node.put("code", failure.code().id());
            node.put("message", failure.message());
            failure.step().ifPresent(step -> node.put("step", step.value()));
        });
        ArrayNode steps = root.putArray("steps");
        for (StepReport step : report.steps()) {
            steps.addObject()
                    .put("id", step.step().value())
                    .put("title", step.title())
                    .put("status", step.status().name())
                    .put("summary", step.summary())
                    .put("started", step.started().toString())
                    .put("durationMillis", step.duration().toMillis());
        }
        root.set("findings", JSON.valueToTree(report.findings()));
        root.set("warnings", JSON.valueToTree(report.warnings()));
        root.set("requests", JSON.valueToTree(report.requests()));
        root.set("nextSteps", JSON.valueToTree(report.nextSteps()));
        report.availability().ifPresent(seen -> AvailabilityJson.write(seen, root.putObject("availability")));
        report.wayBack().ifPresent(wayBack -> write(wayBack, root.putObject("wayBack")));
    }
}
