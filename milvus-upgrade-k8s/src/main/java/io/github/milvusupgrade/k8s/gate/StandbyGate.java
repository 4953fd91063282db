package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.probe.RoleState;
import io.github.milvusupgrade.k8s.probe.Seen;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.GateAnswer;
import io.github.milvusupgrade.step.StepContext;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Every new pod of a coordinator stands by, or is active already because the old one went by itself. Only then can the
 * old one go without leaving nobody.
 */
record StandbyGate(Component component, Rolled started) implements MilvusGate {

    @Override
    public String describe() {
        return "every new " + component + " stands by";
    }

    @Override
    public GateAnswer check(Look look, StepContext context) {
        List<PodView> pods = look.pods().running(started.images());
        if (pods.isEmpty()) {
            return GateAnswer.notYet("no pod of " + component + " runs Milvus " + started.version());
        }
        Seen<List<RoleInPod>> roles = look.roles(pods);
        if (roles instanceof Seen.Blind<List<RoleInPod>> blind) {
            return Look.unseen(pods, blind);
        }
        String missing = ((Seen.Clear<List<RoleInPod>>) roles)
                .what().stream()
                        .filter(role -> !role.is(RoleState.STANDBY) && !role.is(RoleState.HEALTHY))
                        .map(RoleInPod::toString)
                        .collect(Collectors.joining("; "));
        return missing.isEmpty()
                ? GateAnswer.passed(pods.size() + " of " + pods.size() + " standing by")
                : GateAnswer.notYet(missing);
    }
}
