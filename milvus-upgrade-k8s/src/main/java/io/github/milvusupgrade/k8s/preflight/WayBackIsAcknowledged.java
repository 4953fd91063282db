package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.path.WayBack;
import io.github.milvusupgrade.plan.UpgradePlan;
import java.util.List;
import java.util.stream.Collectors;

/** Somebody has said that it is all right if a hop has no way back. */
record WayBackIsAcknowledged(UpgradePlan plan) implements Check {

    @Override
    public String id() {
        return "P28";
    }

    @Override
    public String title() {
        return "every hop has a way back, or somebody accepts that it has none";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        List<Hop> oneWay = plan.path().hops().stream()
                .filter(hop -> hop.wayBack() == WayBack.ONE_WAY)
                .toList();
        if (!oneWay.isEmpty()) {
            return Finding.fail(
                    id(),
                    oneWay.stream()
                                    .map(hop -> hop.from() + " -> " + hop.to() + " (rule " + hop.ruleId() + ")")
                                    .collect(Collectors.joining(", ", "No way leads back from ", ""))
                            + ": the new version writes what the old one may not read.",
                    "Take a backup of your own, then acknowledge with waive(\"P28\", <reason>).");
        }
        return Finding.pass(
                id(),
                plan.path().hops().stream()
                        .map(hop -> hop.wayBack() + " lead from " + hop.to() + " to " + hop.from())
                        .collect(Collectors.joining(", ", "Every hop has a way back: ", ".")));
    }
}
