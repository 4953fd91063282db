package io.github.milvusupgrade;

import io.github.milvusupgrade.availability.AvailabilityMeasurement;
import io.github.milvusupgrade.availability.AvailabilityNews;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.plan.PlannedStep;
import io.github.milvusupgrade.plan.PreflightReport;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.Outcome;
import io.github.milvusupgrade.run.StepReport;
import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeListener;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.UpgradeStep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what happens in one execution: tells the listeners, and makes the report of the same events. Guarded by its
 * own monitor, because the steps of a stage may run on several threads.
 */
final class RunRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(RunRecorder.class);

    private final RunId run;
    private final boolean begun;
    private final UpgradePlan plan;
    private final Clock clock;
    private final List<UpgradeListener> listeners;
    private final MilvusCluster cluster;
    private final Map<String, Long> requestsBefore;
    private final Instant started;
    private final Map<StepId, StepReport> steps = new LinkedHashMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private List<Finding> findings = List.of();
    private Outcome outcome = Outcome.SUCCEEDED;
    private UpgradeReport.@Nullable Failure failure;
    private @Nullable AvailabilityMeasurement availability;
    private boolean finished;

    RunRecorder(Upgrader upgrader, UpgradePlan plan, JournaledRun known, boolean resumed) {
        this.run = known.header().run();
        this.begun = !known.touched().isEmpty();
        this.plan = plan;
        this.clock = upgrader.clock();
        this.listeners = upgrader.listeners();
        this.cluster = upgrader.cluster();
        this.requestsBefore = cluster.requests();
        this.started = clock.instant();
        for (PlannedStep planned : plan.steps()) {
            StepReport.Status status =
                    known.isDone(planned.step().id()) ? StepReport.Status.DONE_BEFORE : StepReport.Status.NOT_STARTED;
            record(planned.step(), status, "", started, Duration.ZERO);
        }
        tell(new UpgradeEvent.RunStarted(run, started, plan, resumed));
    }

    RunId run() {
        return run;
    }

    synchronized Outcome outcome() {
        return outcome;
    }

    /** From now on probes look at the instance, too. */
    synchronized void measuredBy(AvailabilityMeasurement measurement) {
        availability = measurement;
    }

    /** Tell what the probes saw since this was last called. On a thread of the run, or on a worker of the probes. */
    synchronized void tellAvailability(AvailabilityMeasurement measurement) {
        if (!finished) {
            measurement.takeNews().forEach(news -> tell(event(news)));
        }
    }

    private UpgradeEvent event(AvailabilityNews news) {
        Instant now = clock.instant();
        if (news instanceof AvailabilityNews.GapOpened opened) {
            return new UpgradeEvent.GapOpened(run, now, opened.probe(), opened.since(), opened.lastFailure());
        }
        if (news instanceof AvailabilityNews.GapClosed closed) {
            return new UpgradeEvent.GapClosed(run, now, closed.probe(), closed.gap());
        }
        return new UpgradeEvent.BudgetBroken(run, now, ((AvailabilityNews.BudgetBroken) news).broken());
    }

    /** How far the run is, as a sentence. */
    synchronized String doneSoFar() {
        long done = steps.values().stream().filter(RunRecorder::isDone).count();
        return done + " of " + steps.size() + " steps are done.";
    }

    private static boolean isDone(StepReport step) {
        return switch (step.status()) {
            case APPLIED, ALREADY_APPLIED, DONE_BEFORE -> true;
            case FAILED, CANCELLED, NOT_STARTED -> false;
        };
    }

    /** What a step of the plan does. */
    synchronized String titleOf(StepId step) {
        StepReport known = steps.get(step);
        return known == null ? step.value() : known.title();
    }

    synchronized void preflightFinished(PreflightReport preflight) {
        findings = preflight.findings();
        tell(new UpgradeEvent.PreflightFinished(run, clock.instant(), preflight));
    }

    synchronized UpgradeReport blocked(PreflightReport preflight) {
        StringBuilder message = new StringBuilder("The " + title() + " of " + plan.cluster() + " is blocked by "
                + preflight.blockers().size() + " finding(s); nothing " + (begun ? "more " : "") + "was changed:");
        preflight.blockers().forEach(finding -> message.append("\n  ").append(finding));
        return couldNotBegin(Code.PREFLIGHT_BLOCKED, message.toString());
    }

    synchronized UpgradeReport couldNotBegin(Code code, String message) {
        outcome = Outcome.BLOCKED;
        failure = new UpgradeReport.Failure(code, message, Optional.empty());
        return finish();
    }

    synchronized Instant stepStarted(PlannedStep planned) {
        Instant now = clock.instant();
        int number = plan.steps().indexOf(planned) + 1;
        UpgradeStep step = planned.step();
        if (availability != null) {
            availability.stepStarted(step.id(), now);
        }
        tell(new UpgradeEvent.StepStarted(
                run, now, step.id(), step.summary(), number, plan.steps().size()));
        return now;
    }

    synchronized void stepProgressed(UpgradeStep step, String text) {
        tell(new UpgradeEvent.StepProgressed(run, clock.instant(), step.id(), text));
    }

    synchronized void stepFinished(UpgradeStep step, StepReport.Status status, String summary, Instant since) {
        Instant now = clock.instant();
        StepReport report = record(step, status, summary, since, Duration.between(since, now));
        if (availability != null) {
            availability.stepFinished(step.id(), now);
            tellAvailability(availability);
        }
        tell(new UpgradeEvent.StepFinished(run, now, report));
    }

    synchronized void stepFailed(UpgradeStep step, Code code, String message, Instant since) {
        boolean cancelled = code == Code.CANCELLED;
        stepFinished(step, cancelled ? StepReport.Status.CANCELLED : StepReport.Status.FAILED, message, since);
        if (failure == null) {
            outcome = cancelled ? Outcome.CANCELLED : Outcome.FAILED;
            String text = cancelled
                    ? "Cancelled in step \"" + step.summary() + "\"."
                    : "Step \"" + step.summary() + "\" failed: " + message;
            failure = new UpgradeReport.Failure(code, text, Optional.of(step.id()));
        } else {
            warn("Step \"" + step.summary() + "\" failed as well: " + message);
        }
    }

    /** Says that the run was stopped between two steps. */
    synchronized void stopped(Code code, String message) {
        if (failure == null) {
            outcome = code == Code.CANCELLED ? Outcome.CANCELLED : Outcome.FAILED;
            failure = new UpgradeReport.Failure(code, message, Optional.empty());
        }
    }

    synchronized void warn(String warning) {
        warnings.add(warning);
    }

    synchronized UpgradeReport finish() {
        Instant now = clock.instant();
        if (availability != null) {
            availability.close();
            tellAvailability(availability);
        }
        finished = true;
        UpgradeReport report = report(now);
        tell(new UpgradeEvent.RunFinished(run, now, report));
        return warnings.size() == report.warnings().size() ? report : report(now);
    }

    private UpgradeReport report(Instant now) {
        return new UpgradeReport(
                run,
                plan.cluster(),
                title(),
                outcome,
                started,
                Duration.between(started, now),
                findings,
                List.copyOf(steps.values()),
                Optional.ofNullable(failure),
                List.copyOf(warnings),
                requestsSince(),
                nextSteps(),
                Optional.ofNullable(availability).map(AvailabilityMeasurement::report),
                Optional.empty());
    }

    private String title() {
        String versions = plan.path().from() + " -> " + plan.path().to();
        return plan.rollbackOf()
                .map(original -> "rollback of run " + original + " (" + versions + ")")
                .orElse("upgrade " + versions);
    }

    private List<String> nextSteps() {
        return switch (outcome) {
            case SUCCEEDED ->
                plan.rollbackOf().isPresent() ? List.of() : List.of("go back: upgrader.planRollback(\"" + run + "\")");
            case BLOCKED ->
                List.of(
                        begun
                                ? "nothing more was changed: remove what blocks, then upgrader.resume(\"" + run + "\")"
                                : "nothing was changed: remove what blocks, then plan again");
            case FAILED, CANCELLED ->
                plan.rollbackOf().isPresent()
                        ? List.of("go on after a fix: upgrader.resume(\"" + run + "\")")
                        : List.of(
                                "go on after a fix: upgrader.resume(\"" + run + "\")",
                                "go back: upgrader.planRollback(\"" + run + "\")");
        };
    }

    private SortedMap<String, Long> requestsSince() {
        SortedMap<String, Long> sent = new TreeMap<>();
        cluster.requests().forEach((what, count) -> {
            long more = count - requestsBefore.getOrDefault(what, 0L);
            if (more > 0) {
                sent.put(what, more);
            }
        });
        return sent;
    }

    private StepReport record(
            UpgradeStep step, StepReport.Status status, String summary, Instant since, Duration duration) {
        StepReport report = new StepReport(step.id(), step.summary(), status, summary, since, duration);
        steps.put(step.id(), report);
        return report;
    }

    private void tell(UpgradeEvent event) {
        for (UpgradeListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (RuntimeException e) {
                LOG.warn("[{}] a listener threw at {}", run, event.kind(), e);
                warn("A listener failed at " + event.kind() + ": " + e);
            }
        }
    }
}
