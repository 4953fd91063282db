package io.github.milvusupgrade.examples.custom;

import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.step.UpgradeStep;

/** Releases the ingest jobs. Its undo holds them again, so that the way back is as quiet as the way there. */
final class ResumeIngest implements UpgradeStep {

    private final IngestJobs jobs;

    ResumeIngest(IngestJobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public StepId id() {
        return StepId.of("acme/resume-ingest");
    }

    @Override
    public String summary() {
        return "release the ingest jobs";
    }

    @Override
    public StepResult apply(StepContext context) {
        context.checkpoint();
        return jobs.release(PauseIngest.HOLD)
                ? StepResult.applied("ingest jobs run again")
                : StepResult.alreadyApplied("nobody held the ingest jobs");
    }

    @Override
    public Undo undo() {
        return Undo.by(
                "hold the ingest jobs",
                context -> jobs.hold(PauseIngest.HOLD)
                        ? StepResult.applied("no ingest job runs any more")
                        : StepResult.alreadyApplied("the ingest jobs were held already"));
    }
}
