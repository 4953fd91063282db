package io.github.milvusupgrade.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.milvusupgrade.step.StepId;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One line of a journal.
 *
 * @param at when it was written, in ISO-8601
 * @param event what happened
 * @param step the step it happened to; none for the end of the run
 * @param detail what was captured for a started step, a summary for the others; never a secret
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JournalEntry(String at, Event event, @Nullable StepId step, SortedMap<String, String> detail) {

    /** Key of {@link #detail} for one line of text. */
    public static final String SUMMARY = "summary";

    /** Key of {@link #detail} for the {@link RunStatus} at the end of a run. */
    public static final String STATUS = "status";

    /** What can happen. The names are stored: they never change. */
    public enum Event {
        /** A step is about to be applied; the detail holds what was captured. */
        STARTED,
        /** A step was applied. */
        APPLIED,
        /** A step found that there was nothing left to do. */
        ALREADY_APPLIED,
        /** A step failed. */
        STEP_FAILED,
        /** The run came to an end. */
        ENDED
    }

    /** Refuse what says nothing, which is what damage looks like, and copy what is handed in. */
    public JournalEntry {
        Objects.requireNonNull(at, "a journal entry says when");
        Objects.requireNonNull(event, "a journal entry says what happened");
        detail = detail == null
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(detail));
        if (event == Event.ENDED) {
            RunStatus.valueOf(Objects.requireNonNull(detail.get(STATUS), "the end of a run says how it stands"));
        } else {
            Objects.requireNonNull(step, "every event but the end belongs to a step");
        }
    }

    /** Record something about a step. */
    public static JournalEntry of(String at, Event event, StepId step, Map<String, String> detail) {
        return new JournalEntry(at, event, step, new TreeMap<>(detail));
    }

    /** Record the end of the run. */
    public static JournalEntry ended(String at, RunStatus status) {
        return new JournalEntry(at, Event.ENDED, null, new TreeMap<>(Map.of(STATUS, status.name())));
    }
}
