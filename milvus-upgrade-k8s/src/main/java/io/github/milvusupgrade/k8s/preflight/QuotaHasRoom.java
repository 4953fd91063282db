package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.ObjectView;
import io.github.milvusupgrade.k8s.view.QuotaView;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The quotas of the namespace have room for the pods that start beside old ones: each step has at least one pod more
 * than wanted of each of its components; a quota that refuses one stops the upgrade in the middle.
 */
record QuotaHasRoom(LiveCluster live, Surges surges) implements Check {

    @Override
    public String id() {
        return "P14";
    }

    @Override
    public String title() {
        return "the quotas have room for the pods that start beside old ones";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        List<QuotaView> quotas = live.quotas();
        Set<String> shortages = new LinkedHashSet<>();
        Set<String> uncounted = new LinkedHashSet<>();
        for (List<Surges.Surge> together : surges.of(snapshot)) {
            for (QuotaView quota : quotas) {
                QuotaDemand demand = QuotaDemand.of(quota, needs(together));
                List<String> alone = together.stream()
                        .flatMap(surge -> shortages(quota, surge.deployment()).stream())
                        .toList();
                shortages.addAll(alone);
                if (alone.isEmpty()) {
                    demand.shortages()
                            .forEach(shortage -> shortages.add(
                                    "pods that start together, " + Surges.text(together) + ", " + shortage));
                }
                uncounted.addAll(demand.uncounted());
            }
        }
        String names = quotas.stream().map(ObjectView::name).collect(Collectors.joining(", "));
        String namespace = snapshot.id().namespace();
        if (!shortages.isEmpty()) {
            return Finding.fail(
                    id(),
                    "Quotas of namespace " + namespace + " leave no room for the pods that start beside old ones: "
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
                                + " has room for the pods that start beside old ones.");
    }

    /** Why one more pod of a Deployment would be refused already. */
    private List<String> shortages(QuotaView quota, DeploymentView deployment) {
        return QuotaDemand.of(quota, List.of(needs(deployment))).shortages().stream()
                .map(shortage -> "a pod of " + deployment.name() + " " + shortage)
                .toList();
    }

    private List<PodNeeds> needs(List<Surges.Surge> together) {
        return together.stream()
                .flatMap(surge -> Collections.nCopies(surge.pods(), needs(surge.deployment())).stream())
                .toList();
    }

    private PodNeeds needs(DeploymentView deployment) {
        return PodNeeds.of(deployment, live.podsOf(deployment));
    }
}
