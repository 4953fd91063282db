package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.step.StepContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How new pods take the work of old ones that they stand beside, and how the old ones go then. Nothing has been taken
 * from clients until every new pod is ready, or stands by: a failure before that costs nothing.
 *
 * <p>For one step in one direction, and one thread.
 */
final class HandOver {

    private static final String SETTLING = "those that take over settle";
    private static final String NOTICING = "old pods stay until everybody can have noticed";

    private final RollGroup group;
    private final Function<Component, List<Workload>> workloads;
    private final TakeOver way;
    private final TakeOverOrder order;
    private final DeploymentRoll roll;
    private final RolloutWatch watch;
    private final HungCoordinators hung;
    private final StepDown stepDown;
    private final ServiceSwitch services;
    private final RollGates gates;
    private final Noticing noticing;

    HandOver(
            RollGroup group,
            Function<Component, List<Workload>> workloads,
            RollingProfile profile,
            DeploymentRoll roll,
            RolloutWatch watch,
            HungCoordinators hung,
            StepDown stepDown,
            ServiceSwitch services,
            RollGates gates,
            Noticing noticing) {
        this.group = group;
        this.workloads = workloads;
        this.way = profile.manner(group.kind()).takeOver();
        this.order = profile.handOver();
        this.roll = roll;
        this.watch = watch;
        this.hung = hung;
        this.stepDown = stepDown;
        this.services = services;
        this.gates = gates;
        this.noticing = noticing;
    }

    /** Answers whether anything was changed. */
    boolean toNewPods(List<Rolling> started, StepContext context) throws InterruptedException {
        if (way == TakeOver.STEPPING_DOWN) {
            hung.replace(started, context);
        }
        roll.awaitReadyBeside(started, context);
        if (group.kind() == ComponentKind.COORDINATORS) {
            gates.awaitStandingBy(group.components(), context);
        }
        boolean changed = false;
        List<Rolling> retired = new ArrayList<>();
        List<Component> retiredComponents = new ArrayList<>();
        for (Set<Component> next : order.of(group.components())) {
            List<Component> taking =
                    group.components().stream().filter(next::contains).toList();
            List<Rolling> part = of(taking, started);
            if (retire(taking, part, context)) {
                retired.addAll(part);
                retiredComponents.addAll(taking);
            } else {
                changed |= roll.finish(roll.release(part, context), context);
                gates.pass(taking, context);
            }
        }
        if (!retired.isEmpty()) {
            letNotice(context);
        }
        changed |= roll.finish(roll.release(retired, context), context);
        changed |= leadToAllPods(started, retired, context);
        gates.pass(retiredComponents, context);
        return changed;
    }

    /** Take the work from old pods while they are still there; answers whether they have none any more. */
    private boolean retire(List<Component> taking, List<Rolling> part, StepContext context)
            throws InterruptedException {
        switch (way) {
            case STEPPING_DOWN -> {
                boolean asked = stepDown.ask(part, context);
                if (asked) {
                    settle(taking, context);
                }
                return asked;
            }
            case BY_SERVICE -> {
                return services.leadToNewPods(part, context);
            }
            default -> {
                return false;
            }
        }
    }

    /**
     * Whoever is not active when it has had time to take over gets that time once more when it is: coordinators of some
     * versions end themselves once at first, and the next ones need them.
     */
    private void settle(List<Component> taking, StepContext context) throws InterruptedException {
        boolean settled = false;
        while (!settled) {
            stepDown.keepDown(SETTLING, order.settling(), context);
            settled = gates.awaitTakenOver(taking, stepDown.untilTakenOver(context), context);
        }
    }

    private void letNotice(StepContext context) throws InterruptedException {
        if (way == TakeOver.STEPPING_DOWN) {
            stepDown.keepDown(NOTICING, noticing.now(context), context);
        } else {
            watch.pause(noticing.now(context), NOTICING, context);
        }
    }

    private boolean leadToAllPods(List<Rolling> started, List<Rolling> retired, StepContext context) {
        boolean changed = false;
        for (Rolling rolling : started) {
            String deployment = rolling.target().deployment();
            if (way == TakeOver.BY_SERVICE && retired.contains(rolling)) {
                services.leadBackToAllPods(deployment, context);
            } else {
                changed |= services.leadToAllPods(deployment, context);
            }
        }
        return changed;
    }

    private List<Rolling> of(List<Component> components, List<Rolling> started) {
        Set<String> names = components.stream()
                .flatMap(component -> workloads.apply(component).stream())
                .map(Workload::name)
                .collect(Collectors.toSet());
        return started.stream()
                .filter(rolling -> names.contains(rolling.target().deployment()))
                .toList();
    }
}
