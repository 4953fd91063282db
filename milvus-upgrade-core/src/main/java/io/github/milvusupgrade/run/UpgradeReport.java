package io.github.milvusupgrade.run;

import io.github.milvusupgrade.availability.AvailabilityReport;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * What one execution did. Built by the library from the events of the run; immutable.
 *
 * @param run the name of the run, needed to resume it or to roll it back
 * @param cluster the instance
 * @param title what was to be done, such as {@code upgrade 2.2.4 -> 2.2.16}
 * @param outcome how it ended
 * @param started when it began
 * @param duration how long it took
 * @param findings what preflight found
 * @param steps every step of the plan, in order
 * @param failure why it failed, was blocked or was cancelled; empty if it succeeded
 * @param warnings what went wrong beside the run, such as a listener that threw
 * @param requests how many requests were sent to the API server, by verb and resource
 * @param nextSteps what can be done now, one line each
 * @param availability what the probes saw; empty if there were none
 * @param wayBack the run that took this one back at once because a step failed; empty if none did
 */
public record UpgradeReport(
        RunId run,
        ClusterId cluster,
        String title,
        Outcome outcome,
        Instant started,
        Duration duration,
        List<Finding> findings,
        List<StepReport> steps,
        Optional<Failure> failure,
        List<String> warnings,
        SortedMap<String, Long> requests,
        List<String> nextSteps,
        Optional<AvailabilityReport> availability,
        Optional<UpgradeReport> wayBack) {

    /**
     * Why an execution did not succeed.
     *
     * @param code for machines
     * @param message for people
     * @param step the step that failed, if one did
     */
    public record Failure(Code code, String message, Optional<StepId> step) {}

    /** Whether every step is done. */
    public boolean succeeded() {
        return outcome == Outcome.SUCCEEDED;
    }

    /**
     * Return this report if the execution succeeded.
     *
     * @throws UpgradeFailedException if it did not
     */
    public UpgradeReport throwIfFailed() {
        if (failure.isPresent()) {
            throw new UpgradeFailedException(this, failure.get());
        }
        return this;
    }

    /** The same report, after another run has tried to take this one back. */
    public UpgradeReport takenBackBy(UpgradeReport rollback) {
        List<String> next = rollback.succeeded()
                ? List.of("everything that the run had done was taken back by run " + rollback.run()
                        + ": remove the cause, then plan again")
                : rollback.nextSteps();
        return new UpgradeReport(
                run,
                cluster,
                title,
                outcome,
                started,
                duration.plus(rollback.duration()),
                findings,
                steps,
                failure,
                warnings,
                requests,
                next,
                availability,
                Optional.of(rollback));
    }

    /** The same report with one more warning. */
    public UpgradeReport withWarning(String warning) {
        return new UpgradeReport(
                run,
                cluster,
                title,
                outcome,
                started,
                duration,
                findings,
                steps,
                failure,
                Stream.concat(warnings.stream(), Stream.of(warning)).toList(),
                requests,
                nextSteps,
                availability,
                wayBack);
    }

    /** The report for a terminal: the outcome first, then why, then what to do. */
    public String describe() {
        return ReportText.plain(this);
    }

    /** The report for a pull request or a wiki page, with a timeline. */
    public String toMarkdown() {
        return ReportText.markdown(this);
    }

    /** The report for machines. */
    public String toJson() {
        return ReportJson.of(this);
    }
}
