package io.github.milvusupgrade.examples.tooling;

import io.github.milvusupgrade.run.StepReport;
import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeEvent.StepFinished;
import io.github.milvusupgrade.run.UpgradeEvent.StepProgressed;
import io.github.milvusupgrade.run.UpgradeEvent.StepStarted;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One line for each finished step, and below them the current one, redrawn with every event and every second: for a
 * terminal. Events arrive on the thread of the run and ticks on another, hence the monitor.
 */
final class LiveProgress implements Progress {

    private static final String ERASE = "\r\u001b[2K";
    /** Terminals cut off what is too long instead of wrapping it: a line that wraps could not be redrawn. */
    private static final String CUT_OFF = "\u001b[?7l";

    private static final String WRAP_AGAIN = "\u001b[?7h";

    private final PrintStream out;
    private final Clock clock;
    private final ScheduledExecutorService ticks;
    private @Nullable StepStarted current;
    private String detail = "";

    private LiveProgress(PrintStream out, Clock clock, ScheduledExecutorService ticks) {
        this.out = out;
        this.clock = clock;
        this.ticks = ticks;
    }

    /** Begin to draw. */
    static LiveProgress start(PrintStream out, Clock clock) {
        ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
        });
        LiveProgress progress = new LiveProgress(out, clock, ticks);
        ticks.scheduleAtFixedRate(progress::redraw, 1, 1, TimeUnit.SECONDS);
        return progress;
    }

    @Override
    public synchronized void onEvent(UpgradeEvent event) {
        if (event instanceof StepStarted started) {
            current = started;
            detail = "";
            redraw();
        } else if (event instanceof StepProgressed progressed) {
            detail = progressed.text().lines().findFirst().orElse("");
            redraw();
        } else if (event instanceof StepFinished finished && current != null) {
            out.println(ERASE + done(current, finished.report()));
            current = null;
        } else {
            out.println(ERASE + event.describe());
            redraw();
        }
    }

    @Override
    public synchronized void close() {
        ticks.shutdownNow();
        if (current != null) {
            out.println();
        }
    }

    synchronized void redraw() {
        if (current == null) {
            return;
        }
        Duration elapsed = Duration.between(current.at(), clock.instant());
        String line = place(current) + current.title() + "  " + elapsed(elapsed) + "  " + detail;
        out.print(ERASE + CUT_OFF + line + WRAP_AGAIN);
        out.flush();
    }

    private static String done(StepStarted step, StepReport report) {
        String how = switch (report.status()) {
            case APPLIED -> "";
            default -> "  " + report.status();
        };
        return place(step) + step.title() + "  " + elapsed(report.duration()) + how;
    }

    private static String place(StepStarted step) {
        return String.format("[%2d/%d] ", step.number(), step.total());
    }

    private static String elapsed(Duration time) {
        return time.toMinutes() == 0
                ? String.format(Locale.ROOT, "%d s", time.toSeconds())
                : String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart());
    }
}
