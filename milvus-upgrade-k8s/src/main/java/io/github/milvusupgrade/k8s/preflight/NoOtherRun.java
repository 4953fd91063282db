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
            String run = unfinished.get().header().run().value();
            return Finding.fail(
                    id(),
                    "Run " + run + " of " + unfinished.get().header().begunAt() + " is unfinished ("
                            + unfinished.get().status() + ").",
                    "Go on with resume(\"" + run + "\"), go back with planRollback(\"" + run
                            + "\"), or give it up with abandon(\"" + run + "\").");
        }
        Optional<String> holder = live.ask(api -> lock.holder(snapshot.id()));
        return holder.isPresent()
                ? Finding.warn(
                        id(),
                        "The lock of " + snapshot.id() + " is held by " + holder.get() + ".",
                        "If that process is dead, its lock is taken over once it has expired; if it is alive, the"
                                + " upgrade will not begin.")
                : Finding.pass(id(), "Nobody holds the lock of " + snapshot.id()
                        + (begun ? "." : ", and no run of it is unfinished."));
    }
}
