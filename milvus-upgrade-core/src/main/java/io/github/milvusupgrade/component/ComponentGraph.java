package io.github.milvusupgrade.component;

import static io.github.milvusupgrade.component.Component.CDC;
import static io.github.milvusupgrade.component.Component.DATACOORD;
import static io.github.milvusupgrade.component.Component.DATANODE;
import static io.github.milvusupgrade.component.Component.INDEXCOORD;
import static io.github.milvusupgrade.component.Component.INDEXNODE;
import static io.github.milvusupgrade.component.Component.MIXCOORD;
import static io.github.milvusupgrade.component.Component.PROXY;
import static io.github.milvusupgrade.component.Component.QUERYCOORD;
import static io.github.milvusupgrade.component.Component.QUERYNODE;
import static io.github.milvusupgrade.component.Component.ROOTCOORD;
import static io.github.milvusupgrade.component.Component.STANDALONE;
import static io.github.milvusupgrade.component.Component.STREAMINGNODE;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which component upgrades before which. Immutable and deterministic: where two components are independent, the one
 * that was declared first goes first. Two graphs are equal if they declare the same components in the same order with
 * the same edges.
 *
 * <pre>{@code
 * ComponentGraph order = ComponentGraph.builder()
 *     .upgrade(MIXCOORD).before(QUERYNODE, DATANODE)
 *     .upgrade(QUERYNODE).before(PROXY)
 *     .upgrade(DATANODE).before(PROXY)
 *     .upgrade(PROXY)
 *     .build();
 * }</pre>
 */
public final class ComponentGraph {

    /** For every component, in the order of declaration, those that must be done before it. */
    private final Map<Component, Set<Component>> predecessors;

    private final List<List<Component>> stages;

    private ComponentGraph(Map<Component, Set<Component>> predecessors) {
        this.predecessors = predecessors;
        this.stages = stagesAmong(predecessors.keySet());
    }

    /** Start a graph with nothing in it. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The order for 2.1 to 2.5: rootcoord, datacoord, indexcoord, querycoord, indexnode, then datanode together with
     * querynode, then proxy; standalone alone.
     *
     * <p>That much is the order of {@code milvus-io/milvus:deployments/upgrade/rollingUpdate.sh}. The script knows
     * neither mixcoord, streamingnode nor cdc. As in
     * {@code zilliztech/milvus-operator:pkg/controllers/dependency_graph.go}, mixcoord takes the place of the
     * coordinators, the streamingnode follows it, and cdc goes before everything.
     */
    public static ComponentGraph officialScript() {
        return builder()
                .upgrade(CDC)
                .before(ROOTCOORD, MIXCOORD, STANDALONE)
                .upgrade(ROOTCOORD)
                .before(DATACOORD)
                .upgrade(DATACOORD)
                .before(INDEXCOORD)
                .upgrade(INDEXCOORD)
                .before(QUERYCOORD)
                .upgrade(QUERYCOORD)
                .before(INDEXNODE, STREAMINGNODE)
                .upgrade(MIXCOORD)
                .before(INDEXNODE, STREAMINGNODE)
                .upgrade(INDEXNODE)
                .before(DATANODE, QUERYNODE)
                .upgrade(STREAMINGNODE)
                .before(DATANODE, QUERYNODE)
                .upgrade(DATANODE)
                .before(PROXY)
                .upgrade(QUERYNODE)
                .before(PROXY)
                .upgrade(PROXY)
                .upgrade(STANDALONE)
                .build();
    }

    /**
     * The order from 2.6 on: cdc, mixcoord, streamingnode, querynode, datanode, proxy; standalone alone. It knows
     * neither separate coordinators nor an indexnode, because 2.6 cannot run them
     * ({@code zilliztech/milvus-operator:pkg/controllers/dependency_graph.go}; {@code milvus-io/milvus#45966}).
     */
    public static ComponentGraph streaming() {
        return builder()
                .upgrade(CDC)
                .before(MIXCOORD, STANDALONE)
                .upgrade(MIXCOORD)
                .before(STREAMINGNODE)
                .upgrade(STREAMINGNODE)
                .before(QUERYNODE)
                .upgrade(QUERYNODE)
                .before(DATANODE)
                .upgrade(DATANODE)
                .before(PROXY)
                .upgrade(PROXY)
                .upgrade(STANDALONE)
                .build();
    }

    /** The components it orders, as declared. */
    public Set<Component> components() {
        return predecessors.keySet();
    }

    /** All components, each after those that it must wait for. */
    public List<Component> order() {
        return flattened(stages);
    }

    /**
     * The same for the components that are there. A component that is missing still keeps what comes before it away
     * from what comes after it.
     *
     * @throws IllegalArgumentException if the graph does not know one of them: it would silently stay as it is
     */
    public List<Component> order(Set<Component> present) {
        return flattened(stages(present));
    }

    /** All components in the order for going back. */
    public List<Component> reversed() {
        List<Component> order = new ArrayList<>(order());
        Collections.reverse(order);
        return List.copyOf(order);
    }

    /**
     * The components in groups: what is in one group may be upgraded at the same time, the groups one after the other.
     */
    public List<List<Component>> stages() {
        return stages;
    }

    /**
     * The same for the components that are there.
     *
     * @throws IllegalArgumentException if the graph does not know one of them
     */
    public List<List<Component>> stages(Set<Component> present) {
        List<Component> unknown = present.stream()
                .filter(component -> !predecessors.containsKey(component))
                .sorted(Comparator.comparing(Component::name))
                .toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("The upgrade order has no place for " + joined(unknown, ", ")
                    + ": it orders " + joined(components(), ", ") + ". Declare it with upgrade(…).");
        }
        return stagesAmong(present);
    }

    /** Everything that must be done before a component, directly or not; empty for one that waits for nothing. */
    private Set<Component> allBefore(Component component) {
        Set<Component> found = new LinkedHashSet<>();
        Deque<Component> open = new ArrayDeque<>(predecessors.getOrDefault(component, Set.of()));
        while (!open.isEmpty()) {
            Component next = open.pop();
            if (found.add(next)) {
                open.addAll(predecessors.getOrDefault(next, Set.of()));
            }
        }
        return found;
    }

    private List<List<Component>> stagesAmong(Set<Component> present) {
        Set<Component> waiting = new LinkedHashSet<>(predecessors.keySet());
        waiting.retainAll(present);
        List<List<Component>> groups = new ArrayList<>();
        while (!waiting.isEmpty()) {
            List<Component> ready = waiting.stream()
                    .filter(component -> Collections.disjoint(allBefore(component), waiting))
                    .toList();
            groups.add(ready);
            ready.forEach(waiting::remove);
        }
        return List.copyOf(groups);
    }

    private static List<Component> flattened(List<List<Component>> groups) {
        return groups.stream().flatMap(List::stream).toList();
    }

    private static String joined(Collection<Component> components, String between) {
        return components.stream().map(Component::name).collect(Collectors.joining(between));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ComponentGraph that
                && predecessors.equals(that.predecessors)
                && order().equals(that.order());
    }

    @Override
    public int hashCode() {
        return predecessors.hashCode();
    }

    /** The groups: {@code mixcoord, then querynode and datanode, then proxy}. */
    @Override
    public String toString() {
        return stages.stream().map(group -> joined(group, " and ")).collect(Collectors.joining(", then "));
    }

    /** Collects a graph. Not thread-safe; used once. */
    public static final class Builder {

        private final Map<Component, Set<Component>> successors = new LinkedHashMap<>();
        private Set<Component> current = Set.of();

        private Builder() {}

        /** Declare a component; a second time is the same as the first. */
        public Builder upgrade(Component component) {
            current = successors.computeIfAbsent(component, c -> new LinkedHashSet<>());
            return this;
        }

        /**
         * Say what waits for the component that was declared last.
         *
         * @throws IllegalStateException if none was declared
         */
        public Builder before(Component... later) {
            if (successors.isEmpty()) {
                throw new IllegalStateException("before(…) says what waits for a component: call upgrade(…) first.");
            }
            current.addAll(Arrays.asList(later));
            return this;
        }

        /**
         * Make the graph.
         *
         * @throws IllegalArgumentException if an edge leads to a component that was not declared, or if components wait
         *     for each other
         */
        public ComponentGraph build() {
            Map<Component, Set<Component>> predecessors = new LinkedHashMap<>();
            successors.keySet().forEach(component -> predecessors.put(component, new LinkedHashSet<>()));
            successors.forEach((earlier, all) -> all.forEach(later -> {
                Set<Component> known = predecessors.get(later);
                if (known == null) {
                    throw new IllegalArgumentException("Component graph is incomplete: " + earlier + " upgrades before "
                            + later + ", which is not declared. Declare it with upgrade(…).");
                }
                known.add(earlier);
            }));
            refuseCycles();
            predecessors.replaceAll((component, before) -> Collections.unmodifiableSet(before));
            return new ComponentGraph(Collections.unmodifiableMap(predecessors));
        }

        private void refuseCycles() {
            Set<Component> harmless = new LinkedHashSet<>();
            successors.keySet().forEach(component -> follow(component, new ArrayList<>(), harmless));
        }

        private void follow(Component component, List<Component> path, Set<Component> harmless) {
            int seen = path.indexOf(component);
            path.add(component);
            if (seen >= 0) {
                throw new IllegalArgumentException("Component graph has a cycle: "
                        + joined(path.subList(seen, path.size()), " -> ") + ". Remove one of its edges.");
            }
            if (!harmless.contains(component)) {
                successors.getOrDefault(component, Set.of()).forEach(later -> follow(later, path, harmless));
                harmless.add(component);
            }
            path.remove(path.size() - 1);
        }
    }
}
