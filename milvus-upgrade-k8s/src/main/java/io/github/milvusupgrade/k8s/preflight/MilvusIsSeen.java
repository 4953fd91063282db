package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.gate.Sight;
import io.github.milvusupgrade.k8s.probe.MilvusProbe;
import io.github.milvusupgrade.k8s.probe.PodHealth;
import io.github.milvusupgrade.k8s.probe.Seen;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.plan.UpgradePlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Milvus can be seen: one ready pod of each component tells the states of its roles through the API server. Where it
 * cannot, the gates between the steps are blind, and times of rest take their place.
 */
record MilvusIsSeen(LiveCluster live, UpgradePlan plan) implements Check {

    private static final Duration ANSWER = Duration.ofSeconds(5);

    private static final String REMEDY =
            "The upgrade goes by what Kubernetes says and rests after each component instead."
                    + " For gates that see Milvus, allow the account to get pods/proxy (the Role of requiredAccess has it), then"
                    + " make a new plan.";

    @Override
    public String id() {
        return "P27";
    }

    @Override
    public String title() {
        return "Milvus can be seen";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Optional<Sight> planned = Sight.of(plan.snapshot());
        if (planned.isEmpty()) {
            return blind("The plan was made without looking into Milvus.");
        }
        if (planned.get().blindness().isPresent()) {
            return blind("The plan is blind: " + planned.get().blindness().get() + ".");
        }
        List<PodView> pods = live.podsOf(snapshot);
        int asked = 0;
        for (Component component : snapshot.components()) {
            Optional<PodView> pod = pods.stream()
                    .filter(PodView::ready)
                    .filter(found -> snapshot.workloads(component).stream()
                            .map(Workload::name)
                            .anyMatch(found::isOfDeployment))
                    .findFirst();
            if (pod.isEmpty()) {
                continue;
            }
            String name = pod.get().name();
            asked++;
            Seen<PodHealth> seen =
                    live.ask(api -> new MilvusProbe(api, snapshot.id().namespace(), ANSWER).health(name));
            if (seen instanceof Seen.Blind<PodHealth> blind) {
                return blind("Pod " + name + " of " + component + " cannot be seen: " + blind.why() + ".");
            }
        }
        return Finding.pass(id(), "Milvus tells how it is: " + asked + " pods were asked, one of each component.");
    }

    private Finding blind(String why) {
        return Finding.warn(id(), why, REMEDY);
    }
}
