package io.github.milvusupgrade.cluster;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A Milvus instance as it was found at one moment. Made by {@code MilvusCluster.inspect()}; immutable, serialised into
 * the journal, and everything a plan is computed from.
 *
 * @param id which instance
 * @param workloads what runs its components, ordered by name
 * @param facts everything else that was read, by name; see the constants. A fact that could not be read is absent.
 */
public record ClusterSnapshot(ClusterId id, List<Workload> workloads, SortedMap<String, String> facts) {

    /** Fact: the message queue, such as {@code pulsar}, {@code kafka}, {@code rocksmq}. */
    public static final String MESSAGE_QUEUE = "messageQueue";

    /** Fact: where metadata lives, {@code etcd} or {@code mysql}. */
    public static final String METASTORE = "metastore";

    /** Fact: what made the instance, such as {@code Helm}. */
    public static final String MANAGED_BY = "managedBy";

    /** The key of {@link #versions} for images that name no version. */
    public static final String UNKNOWN_VERSION = "unknown";

    /** Copy what is handed in. */
    public ClusterSnapshot {
        workloads = List.copyOf(workloads);
        facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    }

    /** The components that run, in the order in which they were found. */
    public Set<Component> components() {
        return workloads.stream().map(Workload::component).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The names of all workloads. */
    public Set<String> workloadNames() {
        return workloads.stream().map(Workload::name).collect(Collectors.toUnmodifiableSet());
    }

    /** The workloads of one component, ordered by name. */
    public List<Workload> workloads(Component component) {
        return workloads.stream()
                .filter(workload -> workload.component().equals(component))
                .toList();
    }

    /** The one version that every component runs; empty if they differ or one of them cannot be told. */
    public Optional<MilvusVersion> version() {
        List<Optional<MilvusVersion>> distinct =
                workloads.stream().map(Workload::version).distinct().toList();
        return distinct.size() == 1 ? distinct.get(0) : Optional.empty();
    }

    /** The versions that run, each with the names of its workloads; an unreadable one is {@link #UNKNOWN_VERSION}. */
    public Map<String, List<String>> versions() {
        Map<String, List<String>> byVersion = new LinkedHashMap<>();
        for (Workload workload : workloads) {
            String version = workload.version().map(Objects::toString).orElse(UNKNOWN_VERSION);
            byVersion.computeIfAbsent(version, v -> new ArrayList<>()).add(workload.name());
        }
        return byVersion;
    }

    /** The message queue, if it could be read. */
    public Optional<String> messageQueue() {
        return fact(MESSAGE_QUEUE);
    }

    /** Any fact, if it could be read. */
    public Optional<String> fact(String name) {
        return Optional.ofNullable(facts.get(name));
    }
}
