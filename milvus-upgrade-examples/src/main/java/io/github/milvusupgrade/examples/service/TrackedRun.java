package io.github.milvusupgrade.examples.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.plan.PlannedStep;
import io.github.milvusupgrade.run.Cancellation;
import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeEvent.RunFinished;
import io.github.milvusupgrade.run.UpgradeEvent.RunStarted;
import io.github.milvusupgrade.run.UpgradeEvent.StepFinished;
import io.github.milvusupgrade.run.UpgradeEvent.StepProgressed;
import io.github.milvusupgrade.run.UpgradeEvent.StepStarted;
import io.github.milvusupgrade.run.UpgradeListener;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run right now, from its events. They arrive on the thread of the run and are read on those of the
 * HTTP server, hence the monitor.
 */
final class TrackedRun implements UpgradeListener {

    private final Cancellation cancellation = Cancellation.create();
    private final CompletableFuture<RunId> id = new CompletableFuture<>();
    private final Map<StepId, Step> steps = new LinkedHashMap<>();
    private @Nullable UpgradeReport report;
    private @Nullable RuntimeException defect;

    /** A step as clients see it. */
    private record Step(String title, String status, String detail) {

        Step now(String newStatus, String newDetail) {
            return new Step(title, newStatus, newDetail);
        }
    }

    /** Its id, once the library has given it one; it fails if the run could not even be begun. */
    CompletableFuture<RunId> id() {
        return id;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    @Override
    public synchronized void onEvent(UpgradeEvent event) {
        if (event instanceof RunStarted started) {
            for (PlannedStep planned : started.plan().steps()) {
                steps.put(planned.step().id(), new Step(planned.step().summary(), "PENDING", ""));
            }
            id.complete(started.run());
        } else if (event instanceof StepStarted started) {
            change(started.step(), "RUNNING", "");
        } else if (event instanceof StepProgressed progressed) {
            change(progressed.step(), "RUNNING", progressed.text());
        } else if (event instanceof StepFinished finished) {
            change(
                    finished.step(),
                    finished.report().status().name(),
                    finished.report().summary());
        } else if (event instanceof RunFinished finished) {
            report = finished.report();
        }
    }

    /** The run ended without a report, which only a defect of the program can bring about. */
    synchronized void broke(RuntimeException e) {
        defect = e;
        id.completeExceptionally(e);
    }

    synchronized boolean isOver() {
        return report != null || defect != null;
    }

    /** For clients. */
    synchronized ObjectNode toJson() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("run", id.join().value());
        root.put("cancelRequested", cancellation.isRequested());
        if (report != null) {
            root.put("status", report.outcome().name());
            report.failure()
                    .ifPresent(failure -> root.putObject("failure")
                            .put("code", failure.code().id())
                            .put("message", failure.message()));
        } else if (defect != null) {
            root.put("status", "BROKEN");
            root.putObject("failure").put("code", "defect").put("message", defect.toString());
        } else {
            root.put("status", "RUNNING");
        }
        ArrayNode list = root.putArray("steps");
        steps.forEach((step, state) -> list.addObject()
                .put("id", step.value())
                .put("title", state.title())
                .put("status", state.status())
                .put("detail", state.detail()));
        return root;
    }

    private void change(StepId step, String status, String detail) {
        steps.compute(step, (same, known) -> Objects.requireNonNull(known).now(status, detail));
    }
}
