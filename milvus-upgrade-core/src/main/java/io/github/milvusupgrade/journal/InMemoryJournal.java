package io.github.milvusupgrade.journal;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.step.RunId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers runs as long as the process lives. */
final class InMemoryJournal implements UpgradeJournal {

    private final Map<RunId, JournaledRun> runs = new LinkedHashMap<>();

    @Override
    public synchronized void begin(JournalHeader header) {
        refuseConflict(header);
        runs.put(header.run(), new JournaledRun(header, List.of()));
    }

    @Override
    public synchronized void append(RunId run, JournalEntry entry) {
        JournaledRun known = read(run).orElseThrow(() -> unknown(run));
        runs.put(run, known.with(entry));
    }

    @Override
    public synchronized Optional<JournaledRun> read(RunId run) {
        return Optional.ofNullable(runs.get(run));
    }

    @Override
    public synchronized List<JournaledRun> runs(ClusterId cluster) {
        return runs.values().stream()
                .filter(run -> run.header().cluster().equals(cluster))
                .toList();
    }

    private static UpgradeException unknown(RunId run) {
        return new UpgradeException(
                Code.RUN_UNKNOWN, "The journal in memory knows no run " + run + ": it was never begun here.");
    }
}
