package io.github.milvusupgrade;

import io.github.milvusupgrade.availability.AvailabilityReport;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.plan.PlannedStep;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.Cancellation;
import io.github.milvusupgrade.run.Outcome;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.UpgradeStep;
import java.util.Optional;

/**
 * Takes a run back at once after a step failed that must not stay half-done, or a budget was broken that says so. The
 * way back is a run like any other: if its process dies, that run is the one to be resumed.
 */
final class TakeBack {

    private final Upgrader upgrader;

    TakeBack(Upgrader upgrader) {
        this.upgrader = upgrader;
    }

    /** The report of an execution, with that of its way back if one was due. */
    UpgradeReport after(UpgradePlan plan, UpgradeReport report) {
        if (!isDue(plan, report)) {
            return report;
        }
        try {
            UpgradePlan back = upgrader.planRollback(report.run());
            return report.takenBackBy(new Execution(upgrader, back, Cancellation.create()).begin());
        } catch (UpgradeException e) {
            return report.withWarning("The run was to be taken back at once, but: " + e.code() + " " + e.getMessage());
        }
    }

    /** Whoever cancelled a run decides by himself, and who has lost the lock has nothing to decide any more. */
    private boolean isDue(UpgradePlan plan, UpgradeReport report) {
        return report.outcome() == Outcome.FAILED
                && plan.rollbackOf().isEmpty()
                && report.failure()
                        .filter(failure -> failure.code() != Code.LOCK_LOST)
                        .filter(failure -> wantsBack(plan, failure) || budgetWantsBack(report))
                        .isPresent();
    }

    private static boolean budgetWantsBack(UpgradeReport report) {
        return report.availability().filter(AvailabilityReport::wantsTakeBack).isPresent();
    }

    private boolean wantsBack(UpgradePlan plan, UpgradeReport.Failure failure) {
        return failure.step().map(step -> wish(plan, step)).orElse(upgrader.onFailure()) == OnFailure.TAKE_BACK;
    }

    private OnFailure wish(UpgradePlan plan, StepId failed) {
        Optional<OnFailure> ofStep = plan.steps().stream()
                .map(PlannedStep::step)
                .filter(step -> step.id().equals(failed))
                .map(UpgradeStep::onFailure)
                .findFirst();
        return ofStep.filter(wish -> wish == OnFailure.TAKE_BACK).orElse(upgrader.onFailure());
    }
}
