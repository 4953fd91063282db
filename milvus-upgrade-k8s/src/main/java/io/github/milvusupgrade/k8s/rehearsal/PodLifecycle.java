package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler and the kubelet: takes every pod from one stage of its life to the next, each after its time. Which
 * stage comes next follows from the pod as it is and from the faults in force, so clearing a fault lets the pod
 * recover.
 */
final class PodLifecycle {

    private static final Duration IMAGE_BACK_OFF = Duration.ofSeconds(2);
    private static final Duration CRASH = Duration.ofMillis(700);
    private static final Duration RESTART = Duration.ofMillis(1500);
    /** Doubled with each restart (kubernetes/kubernetes:pkg/kubelet/kubelet.go, {@code backOffPeriod}). */
    private static final Duration BACK_OFF = Duration.ofSeconds(10);

    private static final String KUBELET = "kubelet";

    private final ObjectStore store;
    private final EventLoop loop;
    private final EventRecorder events;
    private final PodFaults faults;
    private final PodTimes times;
    private final Scheduling scheduling;
    private final Programs programs;
    private final Map<String, Planned> planned = new HashMap<>();

    PodLifecycle(
            ObjectStore store,
            EventLoop loop,
            EventRecorder events,
            PodFaults faults,
            PodTimes times,
            Programs programs) {
        this.store = store;
        this.loop = loop;
        this.events = events;
        this.faults = faults;
        this.times = times;
        this.programs = programs;
        this.scheduling = new Scheduling(store, faults);
        store.observe(this::onChange);
    }

    private void onChange(Change change) {
        if (change.key().type() == ResourceType.PODS) {
            plan(change.key(), change.after(), ObjectStore.uid(change.last()));
        } else if (change.key().type() == ResourceType.CLAIMS) {
            reconsider(change.key().namespace());
        }
    }

    /** Looks at every pod of a namespace (empty for all) again, after something that holds them up has changed. */
    void reconsider(String namespace) {
        synchronized (store) {
            for (ObjectNode pod : store.list(ResourceType.PODS, namespace)) {
                plan(ObjectKey.of(ResourceType.PODS, pod), pod, ObjectStore.uid(pod));
            }
        }
    }

    /** Makes a pod ready at once, whatever faults there are. */
    void makeReadyNow(ObjectKey key) {
        synchronized (store) {
            schedule(key, Objects.requireNonNull(store.find(key)));
            setStatus(key, PodStatus::running);
            setStatus(key, PodStatus::ready);
        }
    }

    /** Lets the processes of a pod end by themselves; they are started again as its restart policy says. */
    void end(ObjectKey key) {
        synchronized (store) {
            ObjectNode pod = store.find(key);
            if (pod != null && !faults.hangsFromNowOn(pod)) {
                setStatus(key, status -> status.crashed("Completed", 0));
            }
        }
    }

    private void plan(ObjectKey key, @Nullable ObjectNode pod, String uid) {
        Stage stage = pod == null ? Stage.NONE : next(pod);
        Duration delay = pod == null ? Duration.ZERO : delay(stage, pod);
        Planned current = planned.get(uid);
        if (current != null && current.stage == stage && current.delay.equals(delay)) {
            return;
        }
        if (current != null) {
            current.timer.cancel(false);
            planned.remove(uid);
        }
        if (stage != Stage.NONE) {
            planned.put(uid, new Planned(stage, delay, loop.after(delay, () -> enter(stage, key, uid))));
        }
    }

    private void enter(Stage stage, ObjectKey key, String uid) {
        synchronized (store) {
            planned.remove(uid);
            ObjectNode pod = store.find(key);
            if (pod == null || !ObjectStore.uid(pod).equals(uid)) {
                return;
            }
            if (next(pod) == stage) {
                apply(stage, key, pod);
            } else {
                plan(key, pod, uid);
            }
        }
    }

    private Stage next(JsonNode pod) {
        if (PodView.isTerminating(pod)) {
            boolean held = !pod.path("metadata").path("finalizers").isEmpty()
                    || faults.has(PodFault.Kind.STUCK_TERMINATING, pod);
            return held ? Stage.NONE : Stage.STOP;
        }
        if (PodView.isFinished(pod)) {
            return Stage.NONE;
        }
        if (!PodView.isScheduled(pod)) {
            Optional<String> obstacle = scheduling.obstacle(pod);
            boolean known = Conditions.find(pod, "PodScheduled")
                    .filter(condition -> condition.path("message").asText().equals(obstacle.orElse("")))
                    .isPresent();
            return obstacle.isEmpty() ? Stage.SCHEDULE : known ? Stage.NONE : Stage.FAIL_SCHEDULING;
        }
        JsonNode container = pod.path("status").path("containerStatuses").path(0);
        PodFault.Kind fault = faults.ofContainers(pod).orElse(null);
        String waiting = container.path("state").path("waiting").path("reason").asText();
        if (waiting.equals("CrashLoopBackOff")) {
            return Stage.RESTART;
        }
        return container.path("started").asBoolean()
                ? whileRunning(pod, container, fault)
                : beforeStart(fault, waiting);
    }

    private static Stage beforeStart(PodFault.@Nullable Kind fault, String waiting) {
        if (fault == PodFault.Kind.IMAGE_MISSING) {
            return switch (waiting) {
                case "ErrImagePull" -> Stage.IMAGE_BACK_OFF;
                case "ImagePullBackOff" -> Stage.NONE;
                default -> Stage.IMAGE_MISSING;
            };
        }
        if (fault == PodFault.Kind.INVALID_IMAGE_NAME) {
            return waiting.equals("InvalidImageName") ? Stage.NONE : Stage.INVALID_IMAGE_NAME;
        }
        if (fault == PodFault.Kind.CONFIG_ERROR) {
            return waiting.equals("CreateContainerConfigError") ? Stage.NONE : Stage.CONFIG_ERROR;
        }
        return Stage.START;
    }

    private Stage whileRunning(JsonNode pod, JsonNode container, PodFault.@Nullable Kind fault) {
        boolean restarts = pod.path("spec").path("restartPolicy").asText().equals("Always");
        if (fault == PodFault.Kind.NEVER_READY) {
            return Stage.NONE;
        }
        if (!restarts) {
            boolean works = fault == null
                    && programs.of(pod).filter(run -> run.exitCode().isEmpty()).isPresent();
            return works ? Stage.NONE : Stage.COMPLETE;
        }
        boolean crashes = fault == PodFault.Kind.CRASH
                || fault == PodFault.Kind.OOM
                || (fault == PodFault.Kind.CRASH_ONCE
                        && container.path("restartCount").asInt() == 0);
        if (PodView.isReady(pod)) {
            return Stage.NONE;
        }
        return crashes ? Stage.CRASH : Stage.BECOME_READY;
    }

    private Duration delay(Stage stage, JsonNode pod) {
        return switch (stage) {
            case NONE, SCHEDULE, FAIL_SCHEDULING -> Duration.ZERO;
            case IMAGE_MISSING, INVALID_IMAGE_NAME, CONFIG_ERROR -> times.startsAfter();
            case IMAGE_BACK_OFF -> IMAGE_BACK_OFF;
            case START -> times.untilStart(pod);
            case BECOME_READY -> faults.slowness(pod).orElseGet(() -> times.untilReady(pod));
            case CRASH -> CRASH;
            case RESTART ->
                untilRestarted(pod.path("status").path("containerStatuses").path(0));
            case COMPLETE -> untilCompleted(pod);
            case STOP -> times.untilStopped(pod);
        };
    }

    /** One that ended by itself again and again is started more and more seldom. */
    private static Duration untilRestarted(JsonNode container) {
        int restarts = container.path("restartCount").asInt();
        boolean ended = container.at("/lastState/terminated/reason").asText().equals("Completed");
        return ended && restarts > 0 ? BACK_OFF.multipliedBy(1L << Math.min(restarts - 1, 5)) : RESTART;
    }

    private Duration untilCompleted(JsonNode pod) {
        return programs.of(pod).isPresent()
                ? Duration.ZERO
                : faults.slowness(pod).orElseGet(() -> times.untilCompleted(pod));
    }

    private void apply(Stage stage, ObjectKey key, ObjectNode pod) {
        Optional<PodFault.Kind> fault = faults.ofContainers(pod);
        switch (stage) {
            case NONE -> {}
            case SCHEDULE -> schedule(key, pod);
            case FAIL_SCHEDULING -> failScheduling(key, pod);
            case IMAGE_MISSING -> {
                faults.hit(PodFault.Kind.IMAGE_MISSING, pod);
                String image = firstImage(pod);
                events.warning(
                        pod,
                        "Failed",
                        "Failed to pull image \"" + image + "\": rpc error: code = NotFound desc = failed to pull and"
                                + " unpack image \"" + image + "\": not found",
                        KUBELET);
                setStatus(
                        key,
                        status -> status.waiting(
                                "ErrImagePull",
                                name -> "rpc error: code = NotFound desc = failed to pull and unpack image \"" + name
                                        + "\": not found"));
            }
            case IMAGE_BACK_OFF -> {
                events.normal(pod, "BackOff", "Back-off pulling image \"" + firstImage(pod) + "\"", KUBELET);
                setStatus(
                        key,
                        status ->
                                status.waiting("ImagePullBackOff", name -> "Back-off pulling image \"" + name + "\""));
            }
            case INVALID_IMAGE_NAME -> {
                faults.hit(PodFault.Kind.INVALID_IMAGE_NAME, pod);
                String why = "couldn't parse image name \"" + firstImage(pod) + "\": invalid reference format";
                events.warning(pod, "InspectFailed", "Failed to apply default image tag: " + why, KUBELET);
                setStatus(
                        key,
                        status -> status.waiting(
                                "InvalidImageName",
                                name -> "Failed to apply default image tag \"" + name + "\": " + why));
            }
            case CONFIG_ERROR -> {
                faults.hit(PodFault.Kind.CONFIG_ERROR, pod);
                events.warning(pod, "Failed", "Error: configmap \"rehearsed\" not found", KUBELET);
                setStatus(
                        key,
                        status -> status.waiting(
                                "CreateContainerConfigError", name -> "configmap \"rehearsed\" not found"));
            }
            case START -> {
                events.normal(pod, "Started", "Started container " + firstContainer(pod), KUBELET);
                boolean works = fault.isEmpty()
                        && !pod.path("spec").path("restartPolicy").asText().equals("Always")
                        && programs.start(pod, faults.slowness(pod).orElse(Duration.ZERO), this::reconsider);
                setStatus(key, works ? PodStatus::runningAndReady : PodStatus::running);
            }
            case BECOME_READY -> setStatus(key, PodStatus::ready);
            case CRASH -> {
                fault.ifPresent(kind -> faults.hit(kind, pod));
                boolean oom = fault.filter(PodFault.Kind.OOM::equals).isPresent();
                events.warning(
                        pod,
                        "BackOff",
                        "Back-off restarting failed container " + firstContainer(pod) + " in pod "
                                + pod.path("metadata").path("name").asText(),
                        KUBELET);
                setStatus(key, status -> oom ? status.crashed("OOMKilled", 137) : status.crashed("Error", 1));
            }
            case RESTART -> setStatus(key, PodStatus::restarted);
            case COMPLETE -> {
                fault.ifPresent(kind -> faults.hit(kind, pod));
                complete(key, pod, fault.orElse(null));
            }
            case STOP -> store.remove(key);
        }
    }

    private void complete(ObjectKey key, ObjectNode pod, PodFault.@Nullable Kind fault) {
        int exitCode = programs.of(pod).map(run -> run.exitCode().orElse(0)).orElse(0);
        programs.kill(ObjectStore.uid(pod));
        if (fault == null) {
            String reason = exitCode == 0 ? "Completed" : "Error";
            setStatus(key, status -> status.completed(reason, exitCode));
        } else {
            boolean oom = fault == PodFault.Kind.OOM;
            setStatus(key, status -> oom ? status.completed("OOMKilled", 137) : status.completed("Error", 1));
        }
    }

    private void reconsider(ObjectKey key) {
        ObjectNode pod = store.find(key);
        if (pod != null) {
            plan(key, pod, ObjectStore.uid(pod));
        }
    }

    private void schedule(ObjectKey key, ObjectNode pod) {
        String node = scheduling.nodeFor(pod);
        ObjectNode bound = Json.with(pod, "spec", Json.copy(pod.path("spec")).put("nodeName", node));
        bound.set("status", new PodStatus(pod).scheduled());
        store.replace(key, bound);
        events.normal(
                pod,
                "Scheduled",
                "Successfully assigned " + key.namespace() + "/" + key.name() + " to " + node,
                Scheduling.NAME);
    }

    private void failScheduling(ObjectKey key, ObjectNode pod) {
        String obstacle = scheduling.obstacle(pod).orElse("");
        faults.hit(PodFault.Kind.UNSCHEDULABLE, pod);
        events.warning(pod, "FailedScheduling", obstacle, Scheduling.NAME);
        setStatus(key, status -> status.unschedulable(obstacle));
    }

    private void setStatus(ObjectKey key, Function<PodStatus, ObjectNode> status) {
        ObjectNode pod = Objects.requireNonNull(store.find(key));
        store.replace(key, Json.with(pod, "status", status.apply(new PodStatus(pod))));
    }

    private static String firstImage(JsonNode pod) {
        return pod.path("spec").path("containers").path(0).path("image").asText();
    }

    private static String firstContainer(JsonNode pod) {
        return pod.path("spec").path("containers").path(0).path("name").asText();
    }

    private enum Stage {
        NONE,
        SCHEDULE,
        FAIL_SCHEDULING,
        IMAGE_MISSING,
        IMAGE_BACK_OFF,
        INVALID_IMAGE_NAME,
        CONFIG_ERROR,
        START,
        BECOME_READY,
        CRASH,
        RESTART,
        COMPLETE,
        STOP
    }

    private record Planned(Stage stage, Duration delay, Future<?> timer) {}
}
