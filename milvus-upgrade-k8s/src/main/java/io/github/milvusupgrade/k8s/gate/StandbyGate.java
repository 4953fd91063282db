package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.probe.MilvusProbe;
import io.github.milvusupgrade.k8s.probe.PodHealth;
import io.github.milvusupgrade.k8s.probe.RoleState;
import io.github.milvusupgrade.k8s.probe.Seen;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.Gate;
import io.github.milvusupgrade.step.GateAnswer;
import io.github.milvusupgrade.step.StepContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every new pod of a coordinator stands by, or is active already because the old one went by itself. Only then can the
 * old one go without leaving nobody.
 */
final class StandbyGate implements Gate {

    private final KubeApi api;
    private final MilvusProbe probe;
    private final Component component;
    private final Rolled started;

    StandbyGate(KubeApi api, MilvusProbe probe, Component component, Rolled started) {
        this.api = api;
        this.probe = probe;
        this.component = component;
        this.started = started;
    }

    @Override
    public String describe() {
        return "every new " + component + " stands by";
    }

    @Override
    public boolean guards(Component other) {
        return other.equals(component);
    }

    @Override
    public GateAnswer check(Component other, StepContext context) {
        List<PodView> pods = InstancePods.now(
                        api.within(context.remaining()), context.snapshot().id())
                .running(started.images());
        if (pods.isEmpty()) {
            return GateAnswer.notYet("no pod of " + component + " runs Milvus " + started.version());
        }
        List<String> missing = new ArrayList<>();
        for (PodView pod : pods) {
            Seen<PodHealth> seen = probe.health(pod.name());
            if (seen instanceof Seen.Blind<PodHealth> blind) {
                return GateAnswer.cannotBeSeen("pod " + pod.name() + ": " + blind.why());
            }
            for (Map.Entry<String, RoleState> role :
                    ((Seen.Clear<PodHealth>) seen).what().roles().entrySet()) {
                if (role.getValue() != RoleState.STANDBY && role.getValue() != RoleState.HEALTHY) {
                    missing.add(role.getKey() + " in pod " + pod.name() + " is "
                            + role.getValue().word());
                }
            }
        }
        return missing.isEmpty()
                ? GateAnswer.passed(pods.size() + " of " + pods.size() + " standing by")
                : GateAnswer.notYet(String.join("; ", missing));
    }
}
