package io.github.milvusupgrade.k8s.rolling;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Patch;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.k8s.rollout.RestartMark;
import io.github.milvusupgrade.k8s.rollout.RolloutGoal;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.step.StepContext;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Brings Deployments to an image without a gap, and leaves their rollout settings as they were: one patch for each that
 * changes image and settings together, the wait for the rollouts, one patch that brings the settings back if they were
 * changed. New pods that are to stand by first are held by a long {@code minReadySeconds}, which is released. Upgrading
 * and going back are the same thing with the images swapped. Applied again after a crash, it recognises by image and
 * settings how far it was.
 */
final class DeploymentRoll {

    /** How often a patch is computed anew because somebody else, mostly the Deployment controller, was faster. */
    private static final int CONFLICTS = 5;

    private final KubeApi api;
    private final LiveInstance live;
    private final RolloutWatch watch;
    private final DeploymentEvents events;
    private final String namespace;

    DeploymentRoll(KubeApi api, LiveInstance live, RolloutWatch watch, String namespace) {
        this.api = api;
        this.live = live;
        this.watch = watch;
        this.events = new DeploymentEvents(api, Clock.systemUTC());
        this.namespace = namespace;
    }

    /** Start to bring Deployments to their targets, in their order. */
    List<Rolling> start(List<RollTarget> targets, StepContext context) {
        List<Rolling> started = new ArrayList<>();
        for (RollTarget target : targets) {
            context.checkpoint();
            DeploymentView rolling = start(api.within(context.remaining()), target, context);
            boolean changed = Stamps.areOf(context, rolling);
            if (changed) {
                events.rolling(rolling, target, context);
            }
            if (rolling.replicas() == 0) {
                context.progress(target.deployment() + " has no replicas: its image is changed, no pod is waited for");
            }
            started.add(new Rolling(target, rolling, changed));
        }
        return started;
    }

    /** Come back when the new pods of all are ready beside the old ones. */
    void awaitReadyBeside(List<Rolling> rolling, StepContext context) throws InterruptedException {
        await(
                rolling,
                roll -> counting(
                        roll,
                        RolloutGoal.beside(
                                roll.deployment(),
                                roll.target().container(),
                                roll.target().to(),
                                roll.target().besides(),
                                Duration.ofSeconds(roll.target().minimumReady()))),
                context);
    }

    /** Where new pods are to join old ones before one of those goes, come back when they have; of others at once. */
    List<Rolling> letJoin(List<Rolling> started, StepContext context) throws InterruptedException {
        List<Rolling> joined =
                new ArrayList<>(started.stream().filter(roll -> !joins(roll)).toList());
        joined.addAll(await(
                started.stream().filter(DeploymentRoll::joins).toList(),
                roll -> joined(roll, roll.target().besides(), roll.deployment().replicas()),
                context));
        return joined;
    }

    /**
     * Let the old pods go that new ones have joined, one Deployment after the other; comes back when but the last
     * portion of the last of them is gone. Others go anyway.
     */
    List<Rolling> letOldGo(List<Rolling> joined, StepContext context) throws InterruptedException {
        List<Rolling> going =
                new ArrayList<>(joined.stream().filter(roll -> !joins(roll)).toList());
        List<Rolling> before = List.of();
        for (Rolling roll : joined.stream().filter(DeploymentRoll::joins).toList()) {
            await(before, last -> joined(last, last.deployment().replicas(), 0), context);
            before = release(List.of(letGoInPortions(roll, context)), context);
            going.addAll(before);
        }
        return going;
    }

    private Rolling letGoInPortions(Rolling joined, StepContext context) throws InterruptedException {
        RollTarget target = joined.target();
        int wanted = joined.deployment().replicas();
        Rolling now = joined;
        for (int gone = target.portion(); gone < wanted; gone += target.portion()) {
            int pods = Math.min(wanted, target.besides() + gone);
            int left = wanted - gone;
            Rolling letGo = set(target.heldWithout(gone), now, context);
            now = await(List.of(letGo), roll -> joined(roll, pods, left), context)
                    .get(0);
        }
        return now;
    }

    private static RolloutGoal joined(Rolling roll, int pods, int old) {
        RollTarget target = roll.target();
        return counting(roll, RolloutGoal.joined(roll.deployment(), target.container(), target.to(), pods, old));
    }

    private static boolean joins(Rolling roll) {
        return roll.target().besides() > 0 && !isAsItWas(roll);
    }

    private static boolean isAsItWas(Rolling roll) {
        return RolloutSettings.of(roll.deployment()).equals(roll.target().settings());
    }

    /** Let new pods take the place of the old ones that they stood by for. */
    List<Rolling> release(List<Rolling> held, StepContext context) {
        List<Rolling> released = new ArrayList<>();
        for (Rolling roll : upToDate(held, context)) {
            released.add(
                    isAsItWas(roll)
                            ? roll
                            : set(roll.target().released(roll.deployment().replicas()), roll, context));
        }
        return released;
    }

    /** The same as they are heard of now, so that no change meets a conflict with the status of some time ago. */
    private List<Rolling> upToDate(List<Rolling> rolling, StepContext context) {
        try (LiveInstance.Looking looking = live.look()) {
            List<DeploymentView> heard = looking.deployments(context);
            return rolling.stream()
                    .map(roll -> heard.stream()
                            .filter(one -> one.uid().equals(roll.deployment().uid())
                                    && one.generation() == roll.deployment().generation())
                            .findFirst()
                            .map(roll::now)
                            .orElse(roll))
                    .toList();
        }
    }

    /** Come back when all are rolled out, with their settings as they were; answers whether anything was changed. */
    boolean finish(List<Rolling> rolling, StepContext context) throws InterruptedException {
        boolean changed = false;
        for (Rolling done : await(rolling, DeploymentRoll::end, context)) {
            changed |= set(done.target().settings(), done, context).changed();
        }
        return changed;
    }

    private List<Rolling> await(List<Rolling> rolling, Function<Rolling, RolloutGoal> goals, StepContext context)
            throws InterruptedException {
        Map<RolloutGoal, DeploymentView> changed = new LinkedHashMap<>();
        Map<RolloutGoal, Rolling> byGoal = new LinkedHashMap<>();
        for (Rolling roll : rolling) {
            RolloutGoal goal = goals.apply(roll);
            changed.put(goal, roll.deployment());
            byGoal.put(goal, roll);
        }
        Map<RolloutGoal, DeploymentView> arrived = watch.awaitAll(changed, context);
        List<Rolling> done = new ArrayList<>();
        byGoal.forEach((goal, roll) -> done.add(roll.now(Objects.requireNonNull(arrived.get(goal)))));
        return done;
    }

    private static RolloutGoal end(Rolling roll) {
        RollTarget target = roll.target();
        return counting(roll, RolloutGoal.of(roll.deployment(), target.container(), target.to(), target.until()));
    }

    private static RolloutGoal counting(Rolling roll, RolloutGoal goal) {
        return roll.target().back() ? goal.countingFromNowOn() : goal;
    }

    /** The patch that {@link #start} would begin with; empty if the Deployment makes them already. */
    Optional<PlannedPatch> firstPatch(RollTarget target, StepContext context) {
        return target.resourceVersion()
                .map(version -> new PlannedPatch(ref(target), startPatch(target, version, context)));
    }

    private DeploymentView start(KubeApi bounded, RollTarget target, StepContext context) {
        String resourceVersion = target.resourceVersion().orElse("");
        for (int attempt = 0; attempt <= CONFLICTS; attempt++) {
            if (resourceVersion.isEmpty()) {
                DeploymentView found = look(bounded, target);
                if (target.isMadeBy(found)) {
                    return found;
                }
                resourceVersion = found.resourceVersion();
            }
            context.checkpoint();
            try {
                return new DeploymentView(
                        bounded.patch(ref(target), startPatch(target, resourceVersion, context), sent -> {
                            DeploymentView now = new DeploymentView(sent);
                            return Stamps.areOf(context, now) && target.isMadeBy(now);
                        }));
            } catch (KubeApiException e) {
                if (!e.is(KubeApiException.Kind.CONFLICT)) {
                    throw e;
                }
                resourceVersion = "";
            }
        }
        throw tooManyConflicts(target);
    }

    private Rolling set(RolloutSettings settings, Rolling roll, StepContext context) {
        RollTarget target = roll.target();
        KubeApi bounded = api.within(context.remaining());
        DeploymentView current = roll.deployment();
        for (int attempt = 0; attempt <= CONFLICTS; attempt++) {
            if (RolloutSettings.of(current).equals(settings)) {
                return attempt == 0 ? roll : new Rolling(target, current, true);
            }
            context.checkpoint();
            try {
                ObjectNode body = body(current.resourceVersion(), context);
                settings.patchInto(body.withObjectProperty("spec"));
                current = new DeploymentView(bounded.patch(
                        ref(target),
                        Patch.strategic(body),
                        sent -> RolloutSettings.of(new DeploymentView(sent)).equals(settings)));
            } catch (KubeApiException e) {
                if (!e.is(KubeApiException.Kind.CONFLICT)) {
                    throw e;
                }
                current = look(bounded, target);
            }
        }
        throw tooManyConflicts(target);
    }

    /** Reads the Deployment, and refuses what is neither as it was nor as it shall be: somebody else is at work. */
    private DeploymentView look(KubeApi bounded, RollTarget target) {
        DeploymentView found = new DeploymentView(bounded.find(ref(target)).orElseThrow(() -> gone(target)));
        if (!found.uid().equals(target.uid())) {
            throw gone(target);
        }
        ForeignImage.refuse(found, target.container(), target.from(), target.to());
        return found;
    }

    private Patch startPatch(RollTarget target, String resourceVersion, StepContext context) {
        ObjectNode body = body(resourceVersion, context);
        target.versionLabel()
                .ifPresent(version -> body.withObjectProperty("metadata")
                        .withObjectProperty("labels")
                        .put(MilvusLabels.VERSION, version));
        ObjectNode spec = body.withObjectProperty("spec");
        target.held().patchInto(spec);
        ObjectNode template = spec.withObjectProperty("template");
        if (!target.restart().equals(target.restartBefore())) {
            template.withObjectProperty("metadata")
                    .withObjectProperty("annotations")
                    .put(RestartMark.NAME, target.restart().orElse(null));
        }
        template.withObjectProperty("spec")
                .withArrayProperty("containers")
                .addObject()
                .put("name", target.container())
                .put("image", target.to());
        return Patch.strategic(body);
    }

    private static ObjectNode body(String resourceVersion, StepContext context) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = body.putObject("metadata");
        metadata.put("resourceVersion", resourceVersion);
        Stamps.putInto(metadata, context);
        return body;
    }

    private ObjectRef ref(RollTarget target) {
        return Resource.DEPLOYMENTS.in(namespace, target.deployment());
    }

    private UpgradeException gone(RollTarget target) {
        return new UpgradeException(
                Code.WORKLOAD_GONE,
                ref(target) + " with uid " + target.uid()
                        + " is gone: somebody deleted or replaced it during the run. It is not created anew; bring it"
                        + " back, then make a new plan.");
    }

    private UpgradeException tooManyConflicts(RollTarget target) {
        return new UpgradeException(
                Code.CHANGED_BY_OTHERS,
                "Could not change " + ref(target) + ": something else changed it " + (CONFLICTS + 1)
                        + " times in the same moments. Find out what fights for it (a GitOps controller, an operator, an"
                        + " autoscaler), stop that, then resume.");
    }
}
