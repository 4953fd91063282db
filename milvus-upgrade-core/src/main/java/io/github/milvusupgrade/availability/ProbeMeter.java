package io.github.milvusupgrade.availability;

import io.github.milvusupgrade.availability.AvailabilityWatch.Watched;
import io.github.milvusupgrade.step.StepId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of one probe: takes down what became of attempts and when steps ran, and tells gaps and broken budgets
 * as soon as they are seen. Knows no threads and no clock: whoever calls says what time it is. Guarded by its own
 * monitor; the news must be taken without calling back.
 */
final class ProbeMeter {

    static final int MOST_GAPS = 200;
    private static final int MOST_TEXTS = 10;

    private record Decided(Instant begun, Optional<Duration> latency) {}

    private final String name;
    private final ProbeSchedule schedule;
    private final AvailabilityBudget budget;
    private final Duration surroundings;
    private final boolean enforced;
    private final Consumer<AvailabilityNews> news;
    private final Instant from;

    private final Tally all = new Tally();
    private final Tally before = new Tally();
    private final Tally during = new Tally();
    private final Tally after = new Tally();
    private final List<StepSpan> spans = new ArrayList<>();
    private final Deque<Decided> recent = new ArrayDeque<>();
    private final Map<String, Long> failures = new TreeMap<>();
    private final List<Gap> gaps = new ArrayList<>();
    private long gapsLeftOut;
    private Duration longestGap = Duration.ZERO;

    private boolean armed;
    private Instant lastSuccess;
    private long failuresInGap;
    private String lastFailure = "";
    private boolean gapTold;

    private @Nullable Instant stepsBegan;
    private @Nullable Instant stepsEnded;
    private @Nullable BrokenBudget broken;

    /** Begin to measure; with {@code enforced}, a budget can be broken. */
    ProbeMeter(Watched watched, Duration surroundings, boolean enforced, Instant now, Consumer<AvailabilityNews> news) {
        this.name = watched.probe().name();
        this.schedule = watched.schedule();
        this.budget = watched.budget();
        this.surroundings = surroundings;
        this.enforced = enforced;
        this.news = news;
        this.from = now;
        this.lastSuccess = now;
    }

    synchronized void stepStarted(StepId step, Instant now) {
        if (stepsBegan == null) {
            stepsBegan = now;
        }
        StepSpan span = new StepSpan(step, now, surroundings);
        recent.forEach(decided -> span.add(decided.begun(), decided.latency()));
        spans.add(span);
    }

    synchronized void stepFinished(StepId step, Instant now) {
        spans.stream().filter(span -> span.step().equals(step)).forEach(span -> span.end(now));
        judgeRatio(now);
    }

    /** No further step follows: what is attempted from now on is attempted after the upgrade. */
    synchronized void stepsEnded(Instant now) {
        stepsEnded = now;
    }

    synchronized void succeeded(Instant begun, Instant now) {
        Duration latency = Duration.between(begun, now);
        count(begun, now, Optional.of(latency.isNegative() ? Duration.ZERO : latency));
        look(now);
        Gap gap = gap(now, false);
        note(gap);
        if (gapTold) {
            news.accept(new AvailabilityNews.GapClosed(name, gap));
        }
        armed = true;
        lastSuccess = gap.until();
        failuresInGap = 0;
        lastFailure = "";
        gapTold = false;
    }

    synchronized void failed(Instant begun, Instant now, String text) {
        count(begun, now, Optional.empty());
        failuresInGap++;
        lastFailure = text;
        if (failures.containsKey(text) || failures.size() < MOST_TEXTS) {
            failures.merge(text, 1L, Long::sum);
        }
        look(now);
    }

    /** Look how long the gap is that goes on; needs no attempt to be decided. */
    synchronized void look(Instant now) {
        Duration open = Duration.between(lastSuccess, now);
        if (!gapTold && open.compareTo(schedule.notableGap()) > 0) {
            gapTold = true;
            news.accept(new AvailabilityNews.GapOpened(name, lastSuccess, lastFailure));
        }
        if (armed
                && budget.longestGap().filter(most -> open.compareTo(most) > 0).isPresent()) {
            breakBudget(now, Optional.of(gap(now, true)));
        }
    }

    /** Judge the ratio of all attempts so far, if they are enough to say something. */
    synchronized void judgeRatio(Instant now) {
        ProbeFigures soFar = all.figures();
        if (armed
                && soFar.attempts() >= AvailabilityBudget.JUDGED_FROM
                && soFar.successRatio().orElse(1) < budget.smallestRatio().orElse(0)) {
            breakBudget(now, Optional.empty());
        }
    }

    synchronized Optional<BrokenBudget> broken() {
        return Optional.ofNullable(broken);
    }

    /** Whether the probe succeeded at least once. */
    synchronized boolean armed() {
        return armed;
    }

    synchronized ProbeReport report(Instant now) {
        Gap open = gap(now, true);
        boolean notable = open.length().compareTo(schedule.notableGap()) > 0;
        List<Gap> listed = new ArrayList<>(gaps);
        if (notable) {
            listed.add(open);
        }
        spans.stream().filter(span -> open.steps().contains(span.step())).forEach(span -> span.gap(open.length()));
        return new ProbeReport(
                name,
                schedule,
                budget,
                from,
                now,
                before.figures(),
                during.figures(),
                after.figures(),
                open.length().compareTo(longestGap) > 0 ? open.length() : longestGap,
                List.copyOf(listed),
                gapsLeftOut,
                new TreeMap<>(failures),
                spans.stream().map(StepSpan::figures).toList(),
                Optional.ofNullable(broken));
    }

    private void count(Instant begun, Instant now, Optional<Duration> latency) {
        all.add(latency);
        phase(begun).add(latency);
        spans.forEach(span -> span.add(begun, latency));
        recent.add(new Decided(begun, latency));
        Instant old = now.minus(surroundings);
        while (!recent.isEmpty() && recent.element().begun().isBefore(old)) {
            recent.remove();
        }
    }

    private Tally phase(Instant begun) {
        if (stepsBegan == null || begun.isBefore(stepsBegan)) {
            return before;
        }
        return stepsEnded == null || begun.isBefore(stepsEnded) ? during : after;
    }

    private Gap gap(Instant now, boolean open) {
        Instant until = now.isBefore(lastSuccess) ? lastSuccess : now;
        // Until one interval has passed, nobody misses anything: what the step before has done is not blamed.
        Instant expected = lastSuccess.plus(schedule.interval());
        Instant missed = expected.isBefore(until) ? expected : until;
        List<StepId> steps = spans.stream()
                .filter(span -> span.overlaps(missed, until))
                .map(StepSpan::step)
                .toList();
        return new Gap(lastSuccess, Duration.between(lastSuccess, until), open, steps, failuresInGap, lastFailure);
    }

    private void note(Gap gap) {
        if (gap.length().compareTo(longestGap) > 0) {
            longestGap = gap.length();
        }
        spans.stream().filter(span -> gap.steps().contains(span.step())).forEach(span -> span.gap(gap.length()));
        if (!gapTold) {
            return;
        }
        if (gaps.size() < MOST_GAPS) {
            gaps.add(gap);
        } else {
            gapsLeftOut++;
        }
    }

    private void breakBudget(Instant now, Optional<Gap> gap) {
        if (enforced && broken == null) {
            broken = new BrokenBudget(name, budget, now, gap, all.figures());
            news.accept(new AvailabilityNews.BudgetBroken(broken));
        }
    }
}
