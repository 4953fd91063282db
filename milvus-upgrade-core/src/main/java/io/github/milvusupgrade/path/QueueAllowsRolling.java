package io.github.milvusupgrade.path;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import java.util.Optional;
import java.util.Set;

/**
 * Old and new pods overlap during a roll, but a queue that lives in files of the process can be opened by one alone.
 * The official script refuses rocksmq ({@code milvus-io/milvus:deployments/upgrade/rollingUpdate.sh}), Milvus Operator
 * natsmq too.
 */
record QueueAllowsRolling() implements Check {

    private static final Set<String> EMBEDDED = Set.of("rocksmq", "natsmq");

    @Override
    public String id() {
        return "P08-queue";
    }

    @Override
    public String title() {
        return "the message queue is not embedded in Milvus";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Optional<String> queue = snapshot.messageQueue();
        if (queue.isEmpty()) {
            return Finding.unknown(
                    id(),
                    "The message queue of " + snapshot.id() + " could not be read.",
                    "Make the configuration of the instance readable, or waive " + id()
                            + " if the queue is neither rocksmq nor natsmq.");
        }
        if (EMBEDDED.contains(queue.get())) {
            return Finding.fail(
                    id(),
                    "The message queue of " + snapshot.id() + " is " + queue.get()
                            + ", which only one process can open: old and new pods cannot overlap.",
                    "Upgrade with downtime instead: add a rule of kind HELM with UpgradePathRules.withFirst(…).");
        }
        return Finding.pass(id(), "The message queue is " + queue.get() + ".");
    }
}
