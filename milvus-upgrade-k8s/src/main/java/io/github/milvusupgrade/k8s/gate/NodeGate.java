package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.probe.Gauge;
import io.github.milvusupgrade.k8s.probe.Metrics;
import io.github.milvusupgrade.k8s.probe.RoleState;
import io.github.milvusupgrade.k8s.probe.Seen;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.GateAnswer;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every new node or proxy is healthy, its coordinator knows it, and it has taken over from those before it. Made for
 * one roll, because it does not ask pods again that it has seen healthy.
 *
 * <p>An old query node that still stops is not waited for (docs/decisions/0012-old-query-nodes-are-awaited-last.md),
 * but that new ones serve what it served is.
 */
final class NodeGate implements MilvusGate {

    /** Captured: whether those before had anything that the new ones must take over. */
    private static final String HAD = ".gate.had";

    /** Captured: tasks that were pending anyway. */
    private static final String PENDING = ".gate.pending";

    /** Captured: how many nodes served the collection that most of them served. */
    private static final String SERVING = ".gate.serving";

    private final Component component;
    private final Optional<Place> place;
    private final MilvusVersion coordinators;
    private final Rolled rolled;
    private final CollectionHandOver collections;
    private final Set<String> healthy = new HashSet<>();

    /**
     * Make the gate of one roll.
     *
     * @param coordinators the version that the coordinators run meanwhile
     */
    NodeGate(Component component, MilvusVersion coordinators, Rolled rolled, Time time) {
        this.component = component;
        this.place = Place.of(component);
        this.coordinators = coordinators;
        this.rolled = rolled;
        this.collections = new CollectionHandOver(time);
    }

    static String describe(Component component, MilvusVersion version) {
        return Place.of(component)
                .map(place -> place.description(version))
                .orElse("every " + component + " is healthy");
    }

    @Override
    public String describe() {
        return describe(component, rolled.version());
    }

    @Override
    public Component component() {
        return component;
    }

    /** What has to be remembered of those that are there before the roll. Blind, it remembers nothing. */
    Map<String, String> capture(Look look, StepContext context) {
        Optional<Gauge> had = place.flatMap(Place::takenOver).filter(gauge -> gauge.tells(rolled.version()));
        if (had.isEmpty()) {
            return Map.of();
        }
        boolean queries = component.equals(Component.QUERYNODE);
        boolean something = false;
        ServedCollections served = ServedCollections.NONE;
        Map<String, Integer> serving = new HashMap<>();
        for (PodView pod : look.pods().of(List.copyOf(rolled.images().keySet()))) {
            if (!(look.metrics(pod) instanceof Seen.Clear<Metrics> metrics)) {
                return Map.of();
            }
            something |= metrics.what().sum(had.get().metric()).orElse(0) > 0;
            if (queries) {
                ServedCollections own = ServedCollections.loadedIn(metrics.what());
                own.consumed().forEach(collection -> serving.merge(collection, 1, Integer::sum));
                served = served.and(own);
            } else if (something) {
                break;
            }
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(component + HAD, Boolean.toString(something));
        if (queries) {
            facts.putAll(CollectionHandOver.remembered(served));
            serving.values().stream()
                    .max(Comparator.naturalOrder())
                    .ifPresent(most -> facts.put(component + SERVING, Integer.toString(most)));
            if (coordinatorMetrics(look, context.snapshot()) instanceof Seen.Clear<Metrics> metrics) {
                facts.putAll(CollectionHandOver.remembered(metrics.what()));
                facts.put(component + PENDING, Long.toString(loads(metrics.what())));
            }
        }
        return facts;
    }

    static int replicasInMemory(Component component, Map<String, String> captured) {
        return Integer.parseInt(captured.getOrDefault(component + SERVING, "1"));
    }

    /** Whether there were pods of a component that could be asked before it was rolled, by what was captured. */
    static boolean wereThere(Component component, Map<String, String> captured) {
        return captured.containsKey(component + HAD);
    }

    @Override
    public GateAnswer check(Look look, StepContext context) {
        List<PodView> running = look.pods().running(rolled.images());
        if (running.isEmpty()) {
            return GateAnswer.notYet("no pod of " + component + " runs Milvus " + rolled.version());
        }
        List<String> missing = new ArrayList<>();
        for (PodView pod : running) {
            if (healthy.contains(pod.uid())) {
                continue;
            }
            Seen<List<RoleInPod>> roles = look.roles(List.of(pod));
            if (roles instanceof Seen.Blind<List<RoleInPod>> blind) {
                return Look.unseen(List.of(pod), blind);
            }
            List<String> unwell = ((Seen.Clear<List<RoleInPod>>) roles)
                    .what().stream()
                            .filter(role -> !role.is(RoleState.HEALTHY))
                            .map(RoleInPod::toString)
                            .toList();
            missing.addAll(unwell);
            if (unwell.isEmpty()) {
                healthy.add(pod.uid());
            }
        }
        if (!missing.isEmpty()) {
            return GateAnswer.notYet(FirstFew.of(missing, "; "));
        }
        String seen = running.size() + " of " + running.size() + " healthy";
        return place.isEmpty() ? GateAnswer.passed(seen) : inPlace(place.get(), look, running, seen, context);
    }

    private GateAnswer inPlace(Place taken, Look look, List<PodView> running, String seen, StepContext context) {
        boolean queries = component.equals(Component.QUERYNODE);
        boolean counted = taken.registered().tells(coordinators);
        String told = seen;
        Optional<Metrics> coordinator = Optional.empty();
        if (counted || queries) {
            Seen<Metrics> metrics = coordinatorMetrics(look, context.snapshot());
            if (metrics instanceof Seen.Blind<Metrics> blind) {
                return GateAnswer.cannotBeSeen(blind.why());
            }
            coordinator = Optional.of(((Seen.Clear<Metrics>) metrics).what());
        }
        if (counted && coordinator.isPresent()) {
            OptionalDouble known = coordinator.get().sum(taken.registered().metric());
            if (known.isEmpty()) {
                return GateAnswer.cannotBeSeen("the metrics of the active coordinator have no "
                        + taken.registered().metric());
            }
            if (known.getAsDouble() < running.size()) {
                return GateAnswer.notYet("the active coordinator knows " + Math.round(known.getAsDouble()) + " of "
                        + running.size() + " pods of " + component);
            }
            told += " and registered";
        }
        boolean somethingToTakeOver =
                context.captured().getOrDefault(component + HAD, "").equals("true") && !nothingIsLoaded(coordinator);
        Optional<GateAnswer> left = somethingToTakeOver ? nothingTakenOver(taken, look, running) : Optional.empty();
        if (left.isPresent()) {
            return left.get();
        }
        if (queries && coordinator.isPresent()) {
            if (!ServedCollections.areToldBy(rolled.version())) {
                left = notLoaded(coordinator.get(), context);
            } else if (somethingToTakeOver) {
                left = notServed(look, running, coordinator.get(), context);
            }
            if (left.isPresent()) {
                return left.get();
            }
            told += ", what was loaded is on the new ones";
        }
        return GateAnswer.passed(told);
    }

    private Optional<GateAnswer> nothingTakenOver(Place taken, Look look, List<PodView> running) {
        Optional<Gauge> gauge = taken.takenOver().filter(known -> known.tells(rolled.version()));
        if (gauge.isEmpty()) {
            return Optional.empty();
        }
        for (PodView pod : running) {
            Seen<Metrics> metrics = look.metrics(pod);
            if (metrics instanceof Seen.Blind<Metrics> blind) {
                return Optional.of(GateAnswer.cannotBeSeen(blind.why()));
            }
            if (((Seen.Clear<Metrics>) metrics).what().sum(gauge.get().metric()).orElse(0) > 0) {
                return Optional.empty();
            }
        }
        return Optional.of(GateAnswer.notYet("none of " + running.size() + " new pods of " + component
                + " has taken anything over from the old ones (" + gauge.get().metric() + " is 0)"));
    }

    private boolean nothingIsLoaded(Optional<Metrics> coordinator) {
        return Gauge.LOADED_PARTITIONS.tells(coordinators)
                && component.equals(Component.QUERYNODE)
                && coordinator
                        .map(metrics -> metrics.sum(Gauge.LOADED_PARTITIONS.metric()))
                        .filter(loaded -> loaded.isPresent() && loaded.getAsDouble() == 0)
                        .isPresent();
    }

    private Optional<GateAnswer> notServed(Look look, List<PodView> running, Metrics coordinator, StepContext context) {
        ServedCollections now = ServedCollections.NONE;
        for (PodView pod : running) {
            Seen<Metrics> metrics = look.metrics(pod);
            if (metrics instanceof Seen.Blind<Metrics> blind) {
                return Optional.of(GateAnswer.cannotBeSeen(blind.why()));
            }
            now = now.and(ServedCollections.of(((Seen.Clear<Metrics>) metrics).what()));
        }
        return collections
                .missing(now, coordinator, context.captured())
                .map(missing ->
                        GateAnswer.notYet("of " + running.size() + " new pods of " + component + " " + missing));
    }

    /** Where nodes do not say what they serve, their coordinator may. */
    private Optional<GateAnswer> notLoaded(Metrics coordinator, StepContext context) {
        long usual = Long.parseLong(context.captured().getOrDefault(component + PENDING, "0"));
        long pending = loads(coordinator);
        return pending > usual
                ? Optional.of(GateAnswer.notYet(pending + " tasks are left that load what is searched"))
                : Optional.empty();
    }

    /** Tasks that load. What moves is left out: the old nodes that it moves away from are not waited for. */
    private static long loads(Metrics coordinator) {
        return Math.round(coordinator
                .sum(
                        Gauge.QUERY_TASKS.metric(),
                        labels -> labels.contains("\"segment_grow\"") || labels.contains("\"channel_grow\""))
                .orElse(0));
    }

    /** The metrics of the coordinator that is active: those of a standby say nothing. */
    private Seen<Metrics> coordinatorMetrics(Look look, ClusterSnapshot planned) {
        Component wanted = place.map(Place::coordinator).orElse(Component.ROOTCOORD);
        List<Workload> workloads = Stream.of(wanted, Component.MIXCOORD, Component.STANDALONE)
                .map(planned::workloads)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
        List<PodView> candidates = look.pods().of(workloads);
        if (candidates.size() == 1) {
            return look.metrics(candidates.get(0));
        }
        String last = "there is no pod of " + wanted;
        for (PodView pod : candidates) {
            Seen<List<RoleInPod>> roles = look.roles(List.of(pod));
            if (roles instanceof Seen.Blind<List<RoleInPod>> blind) {
                last = blind.why();
            } else if (((Seen.Clear<List<RoleInPod>>) roles)
                    .what().stream()
                            .anyMatch(role -> role.is(RoleState.HEALTHY)
                                    && (role.role().equals(wanted.name())
                                            || role.role().equals(Component.MIXCOORD.name())))) {
                return look.metrics(pod);
            } else {
                last = "no pod of " + wanted + " is active";
            }
        }
        return new Seen.Blind<>(last);
    }
}
