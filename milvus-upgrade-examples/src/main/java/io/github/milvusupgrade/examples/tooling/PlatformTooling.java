package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.examples.tooling.Arguments.Live;
import io.github.milvusupgrade.path.NoUpgradePathException;
import io.github.milvusupgrade.path.UpgradePathRules;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;

/**
 * A command for platform teams: shows the plan and what preflight finds, asks, upgrades with live progress, writes a
 * report, and says how to go on or back if it failed. {@code --help} lists its arguments.
 */
public final class PlatformTooling {

    private final PrintStream out;
    private final PrintStream err;
    private final Terminal terminal;

    PlatformTooling(PrintStream out, PrintStream err, Terminal terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** Run the command; a process that failed ends with its exit code. */
    public static void main(String[] args) {
        ExitCode exitCode = new PlatformTooling(System.out, System.err, Terminal.ofProcess()).run(args);
        if (exitCode != ExitCode.OK) {
            System.exit(exitCode.number());
        }
    }

    ExitCode run(String... args) {
        if (List.of(args).contains("--help")) {
            out.print(Arguments.USAGE);
            return ExitCode.OK;
        }
        try {
            return run(Arguments.parse(List.of(args)));
        } catch (UsageException e) {
            err.println(e.getMessage() + "\nSee --help.");
            return ExitCode.BAD_USAGE;
        } catch (UpgradeException e) {
            err.println(e.code() + " " + e.getMessage());
            return e instanceof NoUpgradePathException ? ExitCode.REFUSED : ExitCode.FAILED;
        }
    }

    private ExitCode run(Arguments arguments) {
        try (Site site = Site.open(arguments);
                Progress progress =
                        terminal.isLive() ? LiveProgress.start(out, Clock.systemUTC()) : new PlainProgress(out)) {
            Upgrader.Builder upgrader = Upgrader.forCluster(site.milvus()).listener(progress);
            if (arguments.where() instanceof Live live
                    && live.helm().filter(HelmArguments::throughHelm).isPresent()) {
                upgrader.rules(UpgradePathRules.official().throughHelm());
            }
            arguments.waivers().forEach(waiver -> upgrader.waive(waiver.check(), waiver.reason()));
            return new Session(arguments, site, upgrader.build(), out, terminal).act();
        }
    }
}
