package io.github.milvusupgrade;

import io.github.milvusupgrade.journal.JournalEntry;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.UpgradeStep;
import java.time.Clock;
import java.util.Map;

/**
 * What one execution writes down: one entry at a time, whether or not the thread was interrupted, and only while it
 * holds the lock, because whoever holds it now may have resumed this very run.
 */
final class FencedJournal {

    private final UpgradeJournal journal;
    private final RunId run;
    private final RunLock.Held lock;
    private final Clock clock;

    FencedJournal(UpgradeJournal journal, RunId run, RunLock.Held lock, Clock clock) {
        this.journal = journal;
        this.run = run;
        this.lock = lock;
        this.clock = clock;
    }

    void record(JournalEntry.Event event, UpgradeStep step, Map<String, String> detail) {
        append(run, JournalEntry.of(now(), event, step.id(), detail));
    }

    void end(RunId which, RunStatus status) {
        append(which, JournalEntry.ended(now(), status));
    }

    private String now() {
        return clock.instant().toString();
    }

    private synchronized void append(RunId which, JournalEntry entry) {
        Uninterrupted.run(() -> {
            lock.ensureHeld();
            journal.append(which, entry);
        });
    }
}
