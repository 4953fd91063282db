package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.examples.tooling.Arguments.Abandon;
import io.github.milvusupgrade.examples.tooling.Arguments.Resume;
import io.github.milvusupgrade.examples.tooling.Arguments.RollBack;
import io.github.milvusupgrade.examples.tooling.Arguments.Upgrade;
import io.github.milvusupgrade.journal.JournalHeader;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.plan.PreflightReport;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.Cancellation;
import io.github.milvusupgrade.run.Outcome;
import io.github.milvusupgrade.run.StepReport;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.RunId;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** One call of the command, connected to its instance: show, ask, do, report. */
final class Session {

    private static final int SHORT_DIGEST = 12;

    private final Arguments arguments;
    private final Site site;
    private final Upgrader upgrader;
    private final PrintStream out;
    private final Terminal terminal;
    private final Reports reports;

    Session(Arguments arguments, Site site, Upgrader upgrader, PrintStream out, Terminal terminal) {
        this.arguments = arguments;
        this.site = site;
        this.upgrader = upgrader;
        this.out = out;
        this.terminal = terminal;
        this.reports = Reports.in(arguments.reports());
    }

    ExitCode act() {
        if (arguments.action() instanceof Upgrade upgrade) {
            return upgrade(upgrade);
        }
        if (arguments.action() instanceof Resume resume) {
            return resume(resume.run());
        }
        if (arguments.action() instanceof RollBack rollBack) {
            return rollBack(rollBack.run());
        }
        return arguments.action() instanceof Abandon abandon ? abandon(abandon.run()) : listRuns();
    }

    private ExitCode upgrade(Upgrade upgrade) {
        UpgradePlan plan = upgrade.image()
                .map(image -> upgrader.plan(upgrade.target(), image))
                .orElseGet(() -> upgrader.plan(upgrade.target()));
        out.println(plan.describe());
        PreflightReport preflight = upgrader.preflight(plan);
        out.println(preflight.describe() + "\n");
        if (preflight.blocked()) {
            out.println("Blocked by " + preflight.blockers().size() + " finding(s); nothing was changed.");
            return ExitCode.REFUSED;
        }
        return ifApproved("Execute plan " + shortDigest(plan), plan, cancel -> upgrader.execute(plan, cancel));
    }

    private ExitCode resume(RunId run) {
        UpgradePlan plan = upgrader.restore(journaled(run).header().plan());
        out.println(plan.describe());
        return ifApproved("Resume run " + run, plan, cancel -> upgrader.resume(run, cancel));
    }

    private ExitCode rollBack(RunId run) {
        UpgradePlan plan = upgrader.planRollback(run);
        out.println(plan.describe());
        return ifApproved("Execute plan " + shortDigest(plan), plan, cancel -> upgrader.execute(plan, cancel));
    }

    private ExitCode abandon(RunId run) {
        return ifAgreed("Abandon run " + run + ", leaving the instance as it is", () -> {
            upgrader.abandon(run);
            out.println("Run " + run + " is abandoned: what it left behind is yours to take care of.");
            return ExitCode.OK;
        });
    }

    private ExitCode listRuns() {
        List<JournaledRun> runs = upgrader.runs();
        if (runs.isEmpty()) {
            out.println("No run of " + site.milvus().id() + " is remembered.");
        }
        for (JournaledRun run : runs) {
            JournalHeader header = run.header();
            out.printf(
                    "%s  %s  %-11s %s%n",
                    header.run(),
                    header.begunAt(),
                    run.status(),
                    header.rollbackOf() == null ? "upgrade" : "rollback of " + header.rollbackOf());
        }
        return ExitCode.OK;
    }

    private ExitCode ifApproved(String question, UpgradePlan plan, Function<Cancellation, UpgradeReport> execution) {
        return ifAgreed(question, () -> {
            UpgradeReport report = execute(plan, execution);
            if (report.outcome() == Outcome.FAILED && site.isEmbedded()) {
                showWayBack(report.run());
            }
            return ExitCode.of(report.outcome());
        });
    }

    private void showWayBack(RunId run) {
        out.println("\nThe embedded cluster ends with this process, so the way back is shown at once.\n");
        UpgradePlan back = upgrader.planRollback(run);
        out.println(back.describe());
        execute(back, cancel -> upgrader.execute(back, cancel));
    }

    private ExitCode ifAgreed(String question, Supplier<ExitCode> deed) {
        if (arguments.dryRun()) {
            out.println("Dry run: nothing was changed.");
            return ExitCode.OK;
        }
        if (!arguments.yes() && !saysYes(question + "? [y/N] ")) {
            out.println("Not done; nothing was changed.");
            return ExitCode.FAILED;
        }
        return deed.get();
    }

    private boolean saysYes(String question) {
        String answer = terminal.ask(question)
                .orElseThrow(() -> new UsageException("Nobody is there to answer \"" + question.trim()
                        + "\": this is not a terminal. Nothing was changed. Add --yes to go on without being asked."));
        return answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes");
    }

    /** The stop button stays armed until everything is said: whoever presses it wants to read how to go on. */
    private UpgradeReport execute(UpgradePlan plan, Function<Cancellation, UpgradeReport> execution) {
        try (StopOnCtrlC stop = StopOnCtrlC.arm(out)) {
            UpgradeReport report = execution.apply(stop.cancellation());
            out.println("\n" + report.describe());
            write(report);
            if (arguments.requests()) {
                report.requests().forEach((what, count) -> out.printf("%6d %s%n", count, what));
            }
            showHowToGoOn(plan, report);
            return report;
        }
    }

    /** What happened on the cluster has happened, whether or not it can be written down here. */
    private void write(UpgradeReport report) {
        try {
            reports.write(report).forEach(file -> out.println("report:  " + file));
        } catch (IOException e) {
            out.println("The report could not be written: " + e + ". The lines above are all there is of it.");
        }
    }

    private void showHowToGoOn(UpgradePlan plan, UpgradeReport report) {
        boolean begun = report.steps().stream().anyMatch(step -> step.status() != StepReport.Status.NOT_STARTED);
        if (report.succeeded() || !begun) {
            return;
        }
        OwnCommand command = OwnCommand.of(arguments);
        out.println("go on:   " + command.with("--resume", report.run().value()));
        if (plan.rollbackOf().isEmpty()) {
            out.println("go back: " + command.with("--rollback", report.run().value()));
        }
    }

    private JournaledRun journaled(RunId run) {
        return upgrader.runs().stream()
                .filter(known -> known.header().run().equals(run))
                .findFirst()
                .orElseThrow(() -> new UsageException("No run " + run + " of "
                        + site.milvus().id() + " is remembered. --runs lists those that are."));
    }

    private static String shortDigest(UpgradePlan plan) {
        return plan.digest().substring(0, SHORT_DIGEST);
    }
}
