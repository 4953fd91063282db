package io.github.milvusupgrade;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.plan.UpgradePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether what runs now is still what the plan was computed from. Replica counts may differ: people and HPAs scale. */
final class PlanStillTrue implements Check {

    private static final String ID = "PLAN";

    private final UpgradePlan plan;

    PlanStillTrue(UpgradePlan plan) {
        this.plan = plan;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "the instance is as it was planned for";
    }

    @Override
    public Finding examine(ClusterSnapshot now) {
        List<String> differences = differences(plan.snapshot(), now);
        return differences.isEmpty()
                ? Finding.pass(ID, "the instance is as it was when the plan was made")
                : Finding.fail(
                        ID,
                        "Since the plan was made, the instance changed: " + String.join("; ", differences) + ".",
                        "Make a new plan.");
    }

    static List<String> differences(ClusterSnapshot planned, ClusterSnapshot now) {
        List<String> differences = new ArrayList<>();
        Stream.concat(planned.workloads().stream(), now.workloads().stream())
                .map(Workload::name)
                .distinct()
                .forEach(name ->
                        difference(name, named(planned, name), named(now, name)).ifPresent(differences::add));
        return differences;
    }

    private static Optional<String> difference(String name, Optional<Workload> before, Optional<Workload> after) {
        if (before.isEmpty()) {
            return Optional.of(name + " is new");
        }
        if (after.isEmpty()) {
            return Optional.of(name + " is gone");
        }
        if (!before.get().image().equals(after.get().image())) {
            return Optional.of(name + " runs image " + after.get().image() + " instead of "
                    + before.get().image());
        }
        if (!before.get().component().equals(after.get().component())
                || !before.get().container().equals(after.get().container())) {
            return Optional.of(name + " is now " + after.get().component() + " in container "
                    + after.get().container());
        }
        return Optional.empty();
    }

    private static Optional<Workload> named(ClusterSnapshot snapshot, String name) {
        return snapshot.workloads().stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst();
    }
}
