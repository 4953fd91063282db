package io.github.milvusupgrade;

import io.github.milvusupgrade.availability.AvailabilityMeasurement;
import io.github.milvusupgrade.availability.BrokenBudget;
import io.github.milvusupgrade.availability.Gap;
import io.github.milvusupgrade.availability.ProbeReport;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.Cancellation;
import io.github.milvusupgrade.run.Outcome;
import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.step.UpgradeStep;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Lets the probes of an upgrader measure one execution, and stops it when a budget is broken. Budgets are not in force
 * on a way back: it is there because the instance does not serve.
 */
final class RunAvailability implements AutoCloseable {

    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final Upgrader upgrader;
    private final UpgradePlan plan;
    private final RunRecorder recorder;
    private final Instant begun;
    private final Optional<AvailabilityMeasurement> measurement;

    private RunAvailability(
            Upgrader upgrader, UpgradePlan plan, RunRecorder recorder, Optional<AvailabilityMeasurement> measurement) {
        this.upgrader = upgrader;
        this.plan = plan;
        this.recorder = recorder;
        this.begun = upgrader.clock().instant();
        this.measurement = measurement;
    }

    /** Begin to measure, if there is anything to measure with. */
    static RunAvailability begin(Upgrader upgrader, UpgradePlan plan, RunRecorder recorder) {
        boolean enforced = plan.rollbackOf().isEmpty();
        Optional<AvailabilityMeasurement> measurement = upgrader.availability()
                .filter(watch -> !watch.probes().isEmpty())
                .map(watch ->
                        AvailabilityMeasurement.start(watch, upgrader.clock(), enforced, recorder::tellAvailability));
        measurement.ifPresent(recorder::measuredBy);
        return new RunAvailability(upgrader, plan, recorder, measurement);
    }

    /**
     * Measure what is usual before anything is changed; a way back does not wait for that. A budget whose probe did not
     * succeed once cannot be watched over, so no run is begun with it.
     *
     * @throws UpgradeException with {@link Code#BUDGET_BROKEN} if the run must not begin
     */
    void before(Cancellation cancellation, boolean resumed) throws InterruptedException {
        if (measurement.isEmpty() || plan.rollbackOf().isPresent()) {
            return;
        }
        AvailabilityMeasurement measuring = measurement.get();
        pass(measuring, begun.plus(measuring.surroundings()), cancellation::isRequested);
        if (resumed || cancellation.isRequested() || measuring.surroundings().isZero()) {
            return;
        }
        measuring.judgeRatios();
        Optional<String> objection = measuring
                .broken()
                .map(BrokenBudget::describe)
                .or(() -> measuring.report().probes().stream()
                        .filter(probe -> !probe.budget().isNone() && probe.successes() == 0)
                        .findFirst()
                        .map(this::neverSucceeded));
        if (objection.isPresent()) {
            throw new UpgradeException(
                    Code.BUDGET_BROKEN,
                    "Before the first step " + objection.get()
                            + ". Nothing was changed. See whether the instance serves and the probe reaches it, then"
                            + " plan again.");
        }
    }

    /** Stop here if a budget is broken. Called by steps, on their own thread. */
    void checkpoint(UpgradeStep step) {
        measurement.ifPresent(recorder::tellAvailability);
        broken().ifPresent(broken -> {
            throw new UpgradeException(
                    Code.BUDGET_BROKEN,
                    broken.describe() + ". " + where(broken) + recorder.doneSoFar() + " This one may be half-done. "
                            + outlook(broken, step.onFailure()));
        });
    }

    /** Whether the next step may begin; if not, the run has failed. */
    boolean mayGoOn() {
        Optional<BrokenBudget> broken = broken();
        broken.ifPresent(found -> recorder.stopped(Code.BUDGET_BROKEN, told("Between two steps ", found)));
        return broken.isEmpty();
    }

    /** Measure what is usual now, while a gap that the last step left may still break a budget. */
    void after(Cancellation cancellation) {
        if (measurement.isEmpty() || recorder.outcome() != Outcome.SUCCEEDED) {
            return;
        }
        AvailabilityMeasurement measuring = measurement.get();
        measuring.stepsEnded();
        Instant until = upgrader.clock().instant().plus(measuring.surroundings());
        try {
            pass(measuring, until, () -> cancellation.isRequested() || broken().isPresent());
        } catch (InterruptedException e) {
            // Everything is done: there is nothing left to cancel but this.
            Thread.currentThread().interrupt();
        } catch (UpgradeException e) {
            recorder.warn(e.getMessage());
        }
        measuring.judgeRatios();
        broken().ifPresent(found -> recorder.stopped(Code.BUDGET_BROKEN, told("After the last step ", found)));
    }

    @Override
    public void close() {
        measurement.ifPresent(AvailabilityMeasurement::close);
    }

    private Optional<BrokenBudget> broken() {
        return measurement.flatMap(AvailabilityMeasurement::broken);
    }

    private void pass(AvailabilityMeasurement measuring, Instant until, BooleanSupplier enough)
            throws InterruptedException {
        Duration left = Duration.between(upgrader.clock().instant(), until);
        while (!left.isNegative() && !left.isZero() && !enough.getAsBoolean()) {
            measuring.pass(left.compareTo(GLANCE) < 0 ? left : GLANCE);
            recorder.tellAvailability(measuring);
            left = Duration.between(upgrader.clock().instant(), until);
        }
    }

    private String told(String when, BrokenBudget broken) {
        return when + broken.describe() + ". " + where(broken) + recorder.doneSoFar() + " "
                + outlook(broken, OnFailure.STOP);
    }

    private String where(BrokenBudget broken) {
        return broken.gap()
                .map(Gap::steps)
                .map(steps -> steps.isEmpty()
                        ? "No step was running then. "
                        : "The gap began in step \"" + recorder.titleOf(steps.get(0)) + "\". ")
                .orElse("");
    }

    private String outlook(BrokenBudget broken, OnFailure ofStep) {
        boolean back = broken.budget().onBreak() == OnFailure.TAKE_BACK
                || ofStep == OnFailure.TAKE_BACK
                || upgrader.onFailure() == OnFailure.TAKE_BACK;
        return back
                ? "The run is taken back now."
                : "Nothing more is changed. Find out why the instance does not answer, then resume, or roll back.";
    }

    private String neverSucceeded(ProbeReport probe) {
        return "probe \"" + probe.probe() + "\" failed in all of its " + probe.attempts() + " attempts"
                + (probe.failures().isEmpty()
                        ? ""
                        : ": " + String.join("; ", probe.failures().keySet()));
    }
}
