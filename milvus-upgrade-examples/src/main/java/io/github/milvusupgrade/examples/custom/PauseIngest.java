package io.github.milvusupgrade.examples.custom;

import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.step.UpgradeStep;
import java.util.Map;

/** Holds the ingest jobs, so that no write is lost to a connection that the next step cuts. */
// tag::custom-step[]
final class PauseIngest implements UpgradeStep {

    static final String HOLD = "milvus-upgrade";

    private final IngestJobs jobs;

    PauseIngest(IngestJobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public StepId id() {
        return StepId.of("acme/pause-ingest");
    }

    @Override
    public String summary() {
        return "hold the ingest jobs";
    }

    @Override
    public Map<String, String> capture(StepContext context) {
        return Map.of("held", String.valueOf(jobs.holds().contains(HOLD)));
    }

    /** Idempotent: a hold that is there already is the same hold. */
    @Override
    public StepResult apply(StepContext context) {
        context.checkpoint();
        return jobs.hold(HOLD)
                ? StepResult.applied("no ingest job runs any more")
                : StepResult.alreadyApplied("the ingest jobs were held already");
    }

    @Override
    public Undo undo() {
        return Undo.by("release the ingest jobs", this::release);
    }

    private StepResult release(StepContext context) {
        if (Boolean.parseBoolean(context.captured("held"))) {
            return StepResult.alreadyApplied("the ingest jobs were held before the upgrade, and stay so");
        }
        return jobs.release(HOLD)
                ? StepResult.applied("ingest jobs run again")
                : StepResult.alreadyApplied("nobody held the ingest jobs");
    }
}
// end::custom-step[]
