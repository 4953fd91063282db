package io.github.milvusupgrade.k8s.rollout;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.k8s.view.Condition;
import io.github.milvusupgrade.k8s.view.ContainerState;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads every kind of trouble out of one look at a Deployment and its pods. A pure function. */
final class TroubleFinder {

    private static final Set<String> IMAGE_REASONS = Set.of("ErrImagePull", "ImagePullBackOff", "RegistryUnavailable");
    /** No pull is or will be tried. */
    private static final Set<String> HOPELESS_IMAGE_REASONS = Set.of("InvalidImageName", "ErrImageNeverPull");

    private static final Set<String> CONFIG_REASONS =
            Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");
    /** What registries and container runtimes say about an image that will not be there the next time either. */
    private static final List<String> DEFINITE =
            List.of("not found", "notfound", "manifest unknown", "unauthorized", "denied", "no match for platform");

    private final Patience patience;
    private final Map<String, Integer> restartsBefore = new HashMap<>();

    TroubleFinder(Patience patience) {
        this.patience = patience;
    }

    List<Trouble> find(RolloutGoal goal, DeploymentView deployment, Collection<PodView> pods) {
        List<Trouble> troubles = new ArrayList<>();
        if (deployment.observedGeneration() >= goal.generation()) {
            ofDeployment(deployment).forEach(troubles::add);
        }
        goal.newPods(pods).forEach(pod -> troubles.addAll(ofPod(pod, goal.fromNowOn())));
        pods.stream().filter(PodView::deleting).map(this::terminating).forEach(troubles::add);
        return troubles;
    }

    /** Of pods that belong to no Deployment. */
    List<Trouble> find(Collection<PodView> pods) {
        List<Trouble> troubles = new ArrayList<>();
        pods.stream().filter(pod -> !pod.deleting() && !pod.ended()).forEach(pod -> troubles.addAll(ofPod(pod, false)));
        pods.stream().filter(PodView::deleting).map(this::terminating).forEach(troubles::add);
        return troubles;
    }

    private Stream<Trouble> ofDeployment(DeploymentView deployment) {
        String object = "deployment " + deployment.name();
        List<Trouble> troubles = new ArrayList<>();
        if (deployment.paused()) {
            troubles.add(trouble(
                    Code.ROLLOUT_PAUSED,
                    object,
                    "Paused",
                    "somebody paused the rollout; continue it with kubectl rollout resume",
                    Duration.ZERO));
        }
        deployment
                .condition("ReplicaFailure")
                .filter(Condition::isTrue)
                .ifPresent(condition -> troubles.add(trouble(
                        Code.PODS_REFUSED, object, condition.reason(), condition.message(), patience.creating())));
        deployment
                .condition("Progressing")
                .filter(condition -> condition.isFalse() && condition.reason().equals("ProgressDeadlineExceeded"))
                .ifPresent(condition -> troubles.add(
                        trouble(Code.NO_PROGRESS, object, condition.reason(), condition.message(), Duration.ZERO)));
        return troubles.stream();
    }

    private List<Trouble> ofPod(PodView pod, boolean fromNowOn) {
        String object = "pod " + pod.name();
        List<Trouble> troubles = new ArrayList<>();
        pod.condition("PodScheduled")
                .filter(condition -> condition.isFalse() && condition.reason().equals("Unschedulable"))
                .ifPresent(condition -> troubles.add(scheduling(object, condition)));
        for (ContainerState state : pod.containerStates()) {
            int before = fromNowOn
                    ? restartsBefore.computeIfAbsent(pod.uid() + "/" + state.name(), key -> state.restartCount())
                    : 0;
            ofContainer(object, state, fromNowOn, state.restartCount() - before).ifPresent(troubles::add);
        }
        return troubles;
    }

    private Trouble scheduling(String object, Condition condition) {
        boolean volume = condition.message().toLowerCase(Locale.ROOT).contains("persistentvolumeclaim");
        return trouble(
                volume ? Code.VOLUME_PENDING : Code.UNSCHEDULABLE,
                object,
                condition.reason(),
                condition.message(),
                patience.scheduling());
    }

    private Optional<Trouble> ofContainer(String object, ContainerState state, boolean fromNowOn, int restarts) {
        String waiting = state.waiting().map(ContainerState.Waiting::reason).orElse("");
        String message = state.waiting().map(ContainerState.Waiting::message).orElse("");
        if (HOPELESS_IMAGE_REASONS.contains(waiting)) {
            return Optional.of(trouble(Code.IMAGE_UNAVAILABLE, object, state, waiting, message, Duration.ZERO));
        }
        if (IMAGE_REASONS.contains(waiting)) {
            Duration budget = isDefinite(message) ? Duration.ZERO : patience.imagePull();
            return Optional.of(trouble(
                    Code.IMAGE_UNAVAILABLE, object, state, waiting, "image " + state.image() + ": " + message, budget));
        }
        if (CONFIG_REASONS.contains(waiting)) {
            return Optional.of(trouble(Code.CONTAINER_CONFIG, object, state, waiting, message, Duration.ZERO));
        }
        return crash(object, state, waiting, fromNowOn, restarts);
    }

    private Optional<Trouble> crash(
            String object, ContainerState state, String waiting, boolean fromNowOn, int restarts) {
        if (state.ready() || (state.init() && waiting.isEmpty())) {
            return Optional.empty();
        }
        Optional<ContainerState.Terminated> ended =
                state.terminated().filter(end -> end.exitCode() != 0).or(state::lastTerminated);
        if (ended.isEmpty() || (state.restartCount() == 0 && state.terminated().isEmpty())) {
            return Optional.empty();
        }
        boolean memory = ended.get().reason().equals("OOMKilled");
        boolean running = waiting.isEmpty() && state.terminated().isEmpty();
        // A process that was asked to end ends with 0; Kubernetes counts that as a restart, too.
        boolean crashes = ended.get().exitCode() != 0 && restarts >= patience.crashRestarts();
        boolean notTriedYet = fromNowOn && restarts == 0;
        Duration budget =
                crashes ? Duration.ZERO : running || notTriedYet ? patience.noProgress() : patience.crashing();
        return Optional.of(trouble(
                memory ? Code.OUT_OF_MEMORY : Code.CRASH_LOOP,
                object,
                state,
                memory || waiting.isEmpty() ? ended.get().reason() : waiting,
                "exit code " + ended.get().exitCode() + ", " + state.restartCount() + " restart(s)"
                        + (ended.get().message().isEmpty()
                                ? ""
                                : ", " + ended.get().message()),
                budget));
    }

    private Trouble terminating(PodView pod) {
        return trouble(
                Code.STUCK_TERMINATING,
                "pod " + pod.name(),
                "Terminating",
                "it has " + pod.terminationGraceSeconds() + " s of grace",
                patience.terminating().plusSeconds(pod.terminationGraceSeconds()));
    }

    private static boolean isDefinite(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return DEFINITE.stream().anyMatch(lower::contains);
    }

    private static Trouble trouble(Code code, String object, String reason, String message, Duration budget) {
        return new Trouble(code, object, Optional.empty(), reason, message, budget);
    }

    private static Trouble trouble(
            Code code, String object, ContainerState state, String reason, String message, Duration budget) {
        return new Trouble(code, object, Optional.of(state.name()), reason, message, budget);
    }
}
