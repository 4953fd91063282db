package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.gate.Gates;
import io.github.milvusupgrade.k8s.gate.Rolled;
import io.github.milvusupgrade.k8s.gate.SeenActive;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The gates of one step in one direction, and what was seen at them. For one thread. */
final class RollGates {

    private final Gates gates;
    private final boolean ownAlone;
    private final Function<Component, Rolled> rolled;
    private final MilvusVersion coordinators;
    private final SeenActive active = new SeenActive();
    private final List<String> seen = new ArrayList<>();

    /**
     * Make the gates of one direction.
     *
     * @param ownAlone whether those of the caller are left out
     * @param rolled what runs of a component after the step
     * @param coordinators the version that the coordinators run then
     */
    RollGates(Gates gates, boolean ownAlone, Function<Component, Rolled> rolled, MilvusVersion coordinators) {
        this.gates = gates;
        this.ownAlone = ownAlone;
        this.rolled = rolled;
        this.coordinators = coordinators;
    }

    boolean hangs(PodView coordinator, String container, StepContext context) {
        return gates.hangs(coordinator, container, context);
    }

    void awaitStandingBy(List<Component> started, StepContext context) throws InterruptedException {
        gates.awaitStandingBy(rolled(started), context);
    }

    /** Answers whether they were active at the first look. */
    boolean awaitTakenOver(List<Component> taking, Runnable meanwhile, StepContext context)
            throws InterruptedException {
        return gates.awaitTakenOver(rolled(taking), active, meanwhile, context);
    }

    void awaitChannels(Duration keeping, StepContext context) throws InterruptedException {
        gates.awaitChannels(rolled.apply(Component.DATANODE), keeping, context);
    }

    void pass(List<Component> components, StepContext context) throws InterruptedException {
        Map<Component, Rolled> now = rolled(components);
        seen.addAll(
                ownAlone ? gates.passOwn(now, coordinators, context) : gates.pass(now, coordinators, active, context));
    }

    List<String> seen() {
        return List.copyOf(seen);
    }

    private Map<Component, Rolled> rolled(List<Component> components) {
        Map<Component, Rolled> all = new LinkedHashMap<>();
        components.forEach(component -> all.put(component, rolled.apply(component)));
        return all;
    }
}
