package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.ObjectView;
import io.github.milvusupgrade.k8s.view.QuotaView;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The quotas of the namespace have room for one more pod of each component. Components are rolled one after the other,
 * each with at least one pod more than wanted; a quota that refuses it stops the upgrade in the middle.
 */
record QuotaHasRoom(LiveCluster live) implements Check {

    @Override
    public String id() {
        return "P14";
    }

    @Override
    public String title() {
        return "the quotas have room for one more pod of each component";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        List<QuotaView> quotas = live.quotas();
        Set<String> shortages = new LinkedHashSet<>();
        Set<String> uncounted = new LinkedHashSet<>();
        for (DeploymentView deployment : live.deployments(snapshot)) {
            if (deployment.replicas() == 0) {
                continue;
            }
            PodNeeds needs = PodNeeds.of(deployment, live.podsOf(deployment));
            for (QuotaView quota : quotas) {
                QuotaDemand demand = new QuotaDemand(quota, needs);
                demand.shortages().forEach(shortage -> shortages.add("a pod of " + deployment.name() + " " + shortage));
                uncounted.addAll(demand.uncounted());
            }
        }
        String names = quotas.stream().map(ObjectView::name).collect(Collectors.joining(", "));
        String namespace = snapshot.id().namespace();
        if (!shortages.isEmpty()) {
            return Finding.fail(
                    id(),
                    "Quotas of namespace " + namespace + " leave no room for one more pod of each component: "
                            + String.join("; ", shortages) + ".",
                    "Raise the quota for the time of the upgrade, or remove pods that are not needed.");
        }
        Optional<String> unknown = uncounted.stream().findFirst();
        if (unknown.isPresent()) {
            return Finding.unknown(
                    id(),
                    "Kubernetes has not counted yet what is used of " + String.join(", ", uncounted) + ".",
                    "Start again in a few seconds.");
        }
        return Finding.pass(
                id(),
                quotas.isEmpty()
                        ? "Namespace " + namespace + " has no quota."
                        : "Quota " + names + " of namespace " + namespace
                                + " has room for one more pod of each component.");
    }
}
