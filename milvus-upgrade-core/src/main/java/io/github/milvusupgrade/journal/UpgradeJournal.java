package io.github.milvusupgrade.journal;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.step.RunId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where runs are remembered. The library brings one in memory, one in a file, and, for Kubernetes, one beside the
 * instance. An implementation must keep what it accepted: a method returns only when the entry would survive the death
 * of the process. It is called by one thread at a time for one run.
 */
public interface UpgradeJournal {

    /** A journal that is gone with the process: for tests and rehearsals. */
    static UpgradeJournal inMemory() {
        return new InMemoryJournal();
    }

    /** A journal of one file for each run in a directory, which is created if need be. */
    static UpgradeJournal file(Path directory) {
        return new FileJournal(directory);
    }

    /**
     * Begin a run.
     *
     * @throws RunConflictException if an earlier run of the instance is unfinished
     * @throws io.github.milvusupgrade.error.UpgradeException if it cannot be written
     */
    void begin(JournalHeader header);

    /**
     * Add an entry to a run that was begun.
     *
     * @throws io.github.milvusupgrade.error.UpgradeException if it cannot be written; what the entry announces must
     *     then not be done
     */
    void append(RunId run, JournalEntry entry);

    /** Everything about one run, if it is known. */
    Optional<JournaledRun> read(RunId run);

    /** All remembered runs of an instance, oldest first. */
    List<JournaledRun> runs(ClusterId cluster);

    /** The run that stands in the way of a new one, if any: the latest that is unfinished. */
    default Optional<JournaledRun> unfinished(ClusterId cluster) {
        return runs(cluster).stream().filter(JournaledRun::unfinished).reduce((earlier, later) -> later);
    }

    /**
     * Refuse to begin or resume a run while another one is unfinished, unless that is the one to be taken back. For
     * implementations of {@link #begin}.
     *
     * @throws RunConflictException if another run is in the way
     */
    default void refuseConflict(JournalHeader header) {
        runs(header.cluster()).stream()
                .filter(JournaledRun::unfinished)
                .filter(run -> !run.header().run().equals(header.run()))
                .filter(run -> !run.header().run().equals(header.rollbackOf()))
                .reduce((earlier, later) -> later)
                .ifPresent(run -> {
                    throw RunConflictException.unfinished(run);
                });
    }
}
