package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.k8s.state.LeaseLock;
import java.util.Optional;

/**
 * No other run of the instance is unfinished, and nobody holds its lock.
 *
 * @param begun whether the plan is that of a run that was begun before, or takes one back: unfinished runs are then the
 *     reason to be here
 */
record NoOtherRun(LiveCluster live, LeaseLock lock, UpgradeJournal journal, boolean begun) implements Check {

    @Override
    public String id() {
        return "P29";
    }

    @Override
    public String title() {
        return "no other run of the instance goes on or is unfinished";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Optional<JournaledRun> unfinished =
                begun ? Optional.empty() : live.ask(api -> journal.unfinished(snapshot.id()));
        if (unfinished.isPresent()) {
            return describe(unfinished.get());
        }
        Optional<String> holder = live.ask(api -> lock.holder(snapshot.id()));
        return holder.isPresent()
                ? Finding.warn(
                        id(),
                        "The lock of " + snapshot.id() + " is held by " + holder.get() + ".",
                        "If that process is dead, its lock is taken over once it has expired; if it is alive, the"
                                + " upgrade will not begin.")
                : Finding.pass(
                        id(),
                        "Nobody holds the lock of " + snapshot.id()
                                + (begun ? "." : ", and no run of it is unfinished."));
    }

    /** A run that has changed nothing yet may be the very one that is resumed, so it must not block. */
    private Finding describe(JournaledRun unfinished) {
        String run = unfinished.header().run().value();
        String message =
                "Run " + run + " of " + unfinished.header().begunAt() + " is unfinished (" + unfinished.status() + ")";
        String remedy = "Go on with resume(\"" + run + "\"), go back with planRollback(\"" + run
                + "\"), or give it up with abandon(\"" + run + "\").";
        return unfinished.touched().isEmpty()
                ? Finding.warn(id(), message + ", but has changed nothing yet.", remedy)
                : Finding.fail(id(), message + ".", remedy);
    }
}
