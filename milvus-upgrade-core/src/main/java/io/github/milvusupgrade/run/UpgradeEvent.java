package io.github.milvusupgrade.run;

import io.github.milvusupgrade.availability.BrokenBudget;
import io.github.milvusupgrade.availability.Gap;
import io.github.milvusupgrade.plan.PreflightReport;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepId;
import java.time.Instant;

/**
 * Something that happened in a run. New kinds may be added in minor releases: keep a default branch when you switch
 * over {@link #kind()}.
 */
public sealed interface UpgradeEvent {

    /** The run it belongs to. */
    RunId run();

    /** When it happened. */
    Instant at();

    /** Which event it is, for a switch. */
    Kind kind();

    /** One line for people. */
    String describe();

    /** Which events there are. */
    enum Kind {
        RUN_STARTED,
        PREFLIGHT_FINISHED,
        STEP_STARTED,
        STEP_PROGRESSED,
        STEP_FINISHED,
        RUN_FINISHED,
        GAP_OPENED,
        GAP_CLOSED,
        BUDGET_BROKEN
    }

    /** A plan is about to be executed; {@code resumed} if the run had been begun before. */
    record RunStarted(RunId run, Instant at, UpgradePlan plan, boolean resumed) implements UpgradeEvent {
        @Override
        public Kind kind() {
            return Kind.RUN_STARTED;
        }

        @Override
        public String describe() {
            return (resumed ? "resume run " : "start run ") + run + ": "
                    + (plan.rollbackOf().isPresent()
                            ? "roll back run " + plan.rollbackOf().get() + " of "
                            : "upgrade ")
                    + plan.cluster() + " " + plan.path().from() + " -> "
                    + plan.path().to();
        }
    }

    /** All checks were examined. */
    record PreflightFinished(RunId run, Instant at, PreflightReport preflight) implements UpgradeEvent {
        @Override
        public Kind kind() {
            return Kind.PREFLIGHT_FINISHED;
        }

        @Override
        public String describe() {
            return preflight.blocked()
                    ? "preflight: blocked by " + preflight.blockers().size() + " finding(s)"
                    : "preflight: " + preflight.findings().size() + " checks, none blocks";
        }
    }

    /** A step begins; {@code number} of {@code total}, from 1. */
    record StepStarted(RunId run, Instant at, StepId step, String title, int number, int total)
            implements UpgradeEvent {
        @Override
        public Kind kind() {
            return Kind.STEP_STARTED;
        }

        @Override
        public String describe() {
            return "step " + number + "/" + total + ": " + title;
        }
    }

    /** A step says how far it is. */
    record StepProgressed(RunId run, Instant at, StepId step, String text) implements UpgradeEvent {
        @Override
        public Kind kind() {
            return Kind.STEP_PROGRESSED;
        }

        @Override
        public String describe() {
            return "  " + text;
        }
    }

    /** A step is over, well or not. */
    record StepFinished(RunId run, Instant at, StepReport report) implements UpgradeEvent {
        @Override
        public Kind kind() {
            return Kind.STEP_FINISHED;
        }

        @Override
        public String describe() {
            return "  " + report.status() + ": " + report.summary();
        }

        /** The step it is about. */
        public StepId step() {
            return report.step();
        }
    }

    /** The run is over. */
    record RunFinished(RunId run, Instant at, UpgradeReport report) implements UpgradeEvent {
        @Override
        public Kind kind() {
            return Kind.RUN_FINISHED;
        }

        @Override
        public String describe() {
            return "run " + run + ": " + report.outcome();
        }
    }

    /** A probe has had no success since then, longer than usual; {@code lastFailure} is empty if none failed yet. */
    record GapOpened(RunId run, Instant at, String probe, Instant since, String lastFailure) implements UpgradeEvent {
        @Override
        public Kind kind() {
            return Kind.GAP_OPENED;
        }

        @Override
        public String describe() {
            return "  " + probe + ": no success for " + Seconds.between(since, at)
                    + (lastFailure.isEmpty() ? "" : ": " + lastFailure);
        }
    }

    /** A probe succeeds again. */
    record GapClosed(RunId run, Instant at, String probe, Gap gap) implements UpgradeEvent {
        @Override
        public Kind kind() {
            return Kind.GAP_CLOSED;
        }

        @Override
        public String describe() {
            return "  " + probe + ": succeeds again after " + Seconds.of(gap.length());
        }
    }

    /** A probe saw less than its budget allows; the run stops at its next safe point. */
    record BudgetBroken(RunId run, Instant at, BrokenBudget broken) implements UpgradeEvent {
        @Override
        public Kind kind() {
            return Kind.BUDGET_BROKEN;
        }

        @Override
        public String describe() {
            return "  " + broken.describe();
        }
    }
}
