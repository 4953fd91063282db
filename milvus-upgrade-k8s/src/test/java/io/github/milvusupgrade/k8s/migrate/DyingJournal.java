package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.journal.JournalEntry;
import io.github.milvusupgrade.journal.JournalHeader;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.step.RunId;
import java.util.List;
import java.util.Optional;

/** A journal at whose n-th write the process dies: right before it is kept, or right after. */
final class DyingJournal implements UpgradeJournal {

    private final UpgradeJournal journal;
    private final int write;
    private final boolean kept;
    private final Runnable death;
    private int writes;

    DyingJournal(UpgradeJournal journal, int write, boolean kept, Runnable death) {
        this.journal = journal;
        this.write = write;
        this.kept = kept;
        this.death = death;
    }

    /** How many writes there were so far. */
    int writes() {
        return writes;
    }

    @Override
    public void begin(JournalHeader header) {
        keep(() -> journal.begin(header));
    }

    @Override
    public void append(RunId run, JournalEntry entry) {
        keep(() -> journal.append(run, entry));
    }

    private void keep(Runnable writing) {
        writes++;
        boolean dies = writes == write;
        if (dies && !kept) {
            death.run();
        }
        writing.run();
        if (dies) {
            death.run();
        }
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
