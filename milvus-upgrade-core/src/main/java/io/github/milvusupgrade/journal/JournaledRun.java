package io.github.milvusupgrade.journal;

import io.github.milvusupgrade.step.StepId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that is remembered of one run.
 *
 * @param header what was written when it began
 * @param entries what happened since, in order
 */
public record JournaledRun(JournalHeader header, List<JournalEntry> entries) {

    /** Copy what is handed in. */
    public JournaledRun {
        entries = List.copyOf(entries);
    }

    /** The order of {@link UpgradeJournal#runs}: by the time at which they began. */
    public static Comparator<JournaledRun> oldestFirst() {
        return Comparator.<JournaledRun, Instant>comparing(
                        run -> Instant.parse(run.header().begunAt()))
                .thenComparing(run -> run.header().run().value());
    }

    /** How the run stands. */
    public RunStatus status() {
        if (entries.isEmpty()) {
            return RunStatus.RUNNING;
        }
        JournalEntry last = entries.get(entries.size() - 1);
        return last.event() == JournalEntry.Event.ENDED
                ? RunStatus.valueOf(Objects.requireNonNull(last.detail().get(JournalEntry.STATUS)))
                : RunStatus.RUNNING;
    }

    /**
     * Whether it stands in the way of another run of the instance: it goes on, died, failed or was cancelled. One that
     * came to its end before any step was begun has changed nothing and stands in nobody's way.
     */
    public boolean unfinished() {
        return status().unfinished()
                && (status() == RunStatus.RUNNING || !touched().isEmpty());
    }

    /** Whether a step was finished, so that it must not be applied again. */
    public boolean isDone(StepId step) {
        return entries.stream()
                .filter(entry -> step.equals(entry.step()))
                .anyMatch(entry -> entry.event() == JournalEntry.Event.APPLIED
                        || entry.event() == JournalEntry.Event.ALREADY_APPLIED);
    }

    /** What was captured before a step was applied for the first time; empty if it never was. */
    public Optional<Map<String, String>> captured(StepId step) {
        return entries.stream()
                .filter(entry -> entry.event() == JournalEntry.Event.STARTED && step.equals(entry.step()))
                .findFirst()
                .map(JournalEntry::detail);
    }

    /** The steps that may have changed something, in the order in which they were first started. */
    public Set<StepId> touched() {
        Set<StepId> steps = new LinkedHashSet<>();
        entries.stream()
                .filter(entry -> entry.event() == JournalEntry.Event.STARTED)
                .map(entry -> Objects.requireNonNull(entry.step()))
                .forEach(steps::add);
        return steps;
    }

    /** The same run with one more entry. */
    public JournaledRun with(JournalEntry entry) {
        List<JournalEntry> more = new ArrayList<>(entries);
        more.add(entry);
        return new JournaledRun(header, more);
    }
}
