package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Which fault a pod suffers from: an injected one, or one that its own {@code sim.cluster/fault} annotation asks for
 * ({@code TAG=FAULT,…}), or, for an image tag that ends in {@code .99}, that there is no such image.
 */
final class PodFaults {

    private static final String ANNOTATION = "sim.cluster/fault";

    private final List<Armed> armed = new CopyOnWriteArrayList<>();
    private final Set<String> askedToEnd = ConcurrentHashMap.newKeySet();

    InjectedFault inject(PodFault fault, Runnable onClear) {
        Armed entry = new Armed(fault, onClear);
        armed.add(entry);
        return entry.handle;
    }

    void clear() {
        armed.forEach(entry -> entry.handle.clear());
    }

    /** What keeps the containers of a pod from being well. */
    Optional<PodFault.Kind> ofContainers(JsonNode pod) {
        return injected(pod)
                .map(entry -> entry.fault.kind())
                .filter(PodFault.Kind::isOfContainers)
                .findFirst()
                .or(() -> annotated(pod))
                .or(() -> PodView.tags(pod).stream().anyMatch(tag -> tag.endsWith(".99"))
                        ? Optional.of(PodFault.Kind.IMAGE_MISSING)
                        : Optional.empty());
    }

    boolean has(PodFault.Kind kind, JsonNode pod) {
        return injected(pod).anyMatch(entry -> entry.fault.kind() == kind);
    }

    Optional<Duration> slowness(JsonNode pod) {
        return injected(pod)
                .map(entry -> entry.fault)
                .filter(fault -> fault.kind() == PodFault.Kind.SLOW)
                .map(PodFault::duration)
                .findFirst();
    }

    /** Whether a pod that is asked to end hangs; if so, it does from now on. */
    boolean hangsFromNowOn(JsonNode pod) {
        if (!has(PodFault.Kind.HANGS_AS_IT_ENDS, pod)) {
            return false;
        }
        hit(PodFault.Kind.HANGS_AS_IT_ENDS, pod);
        askedToEnd.add(ObjectStore.uid(pod));
        return true;
    }

    /** Whether a pod was asked to end, and hangs. */
    boolean hangs(JsonNode pod) {
        return askedToEnd.contains(ObjectStore.uid(pod)) && has(PodFault.Kind.HANGS_AS_IT_ENDS, pod);
    }

    /** Counts that a fault of this kind took effect on a pod. */
    void hit(PodFault.Kind kind, JsonNode pod) {
        injected(pod).filter(entry -> entry.fault.kind() == kind).findFirst().ifPresent(entry -> entry.handle.hit());
    }

    private Stream<Armed> injected(JsonNode pod) {
        return armed.stream().filter(entry -> entry.fault.matches(pod));
    }

    private static Optional<PodFault.Kind> annotated(JsonNode pod) {
        String rules = pod.path("metadata").path("annotations").path(ANNOTATION).asText();
        for (String rule : rules.split(",", -1)) {
            String[] sides = rule.split("=", -1);
            if (sides.length == 2 && (sides[0].equals("*") || PodView.tags(pod).contains(sides[0]))) {
                return Stream.of(PodFault.Kind.values())
                        .filter(kind ->
                                kind.isOfContainers() && kind.annotationName().equals(sides[1]))
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    private final class Armed {

        private final PodFault fault;
        private final InjectedFault handle;

        Armed(PodFault fault, Runnable onClear) {
            this.fault = fault;
            this.handle = new InjectedFault(() -> {
                if (armed.remove(this)) {
                    onClear.run();
                }
            });
        }
    }
}
