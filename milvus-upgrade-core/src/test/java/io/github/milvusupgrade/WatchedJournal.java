package io.github.milvusupgrade;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.JournalEntry;
import io.github.milvusupgrade.journal.JournalHeader;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.step.RunId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A journal that shows its writes in the history, fails where it is told to, and can be cut off by a death. */
final class WatchedJournal implements UpgradeJournal {

    private final UpgradeJournal journal;
    private final History history;
    private final Mortality mortality;
    private final Set<String> failing = new HashSet<>();

    WatchedJournal(UpgradeJournal journal, History history, Mortality mortality) {
        this.journal = journal;
        this.history = history;
        this.mortality = mortality;
    }

    /** Let this write fail, such as {@code STARTED 2.2.16/roll/proxy}, {@code BEGIN} or {@code ENDED SUCCEEDED}. */
    void failAt(String write) {
        failing.add(write);
    }

    void failNoMore() {
        failing.clear();
    }

    @Override
    public void begin(JournalHeader header) {
        write("BEGIN", () -> journal.begin(header));
    }

    @Override
    public void append(RunId run, JournalEntry entry) {
        String what = entry.step() == null
                ? entry.detail().get(JournalEntry.STATUS)
                : entry.step().value();
        write(entry.event() + " " + what, () -> journal.append(run, entry));
    }

    private void write(String what, Runnable write) {
        mortality.pass("before writing " + what);
        if (failing.contains(what)) {
            throw new UpgradeException(Code.JOURNAL_WRITE_FAILED, "Cannot write the journal: the disk is full.");
        }
        write.run();
        history.add("journal " + what + (Thread.currentThread().isInterrupted() ? " on an interrupted thread" : ""));
        mortality.pass("after writing " + what);
    }

    @Override
    public Optional<JournaledRun> read(RunId run) {
        return journal.read(run);
    }

    @Override
    public List<JournaledRun> runs(ClusterId cluster) {
        return journal.runs(cluster);
    }
}
