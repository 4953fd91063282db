package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.probe.Gauge;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The place that nodes and proxies take in an instance: who has to know them, and what they take over from those before
 * them.
 */
enum Place {
    QUERY_NODE(
            Component.QUERYNODE,
            Component.QUERYCOORD,
            Gauge.QUERY_NODES,
            Optional.of(Gauge.QUERY_NODE_COLLECTIONS),
            "every query node is healthy and registered, what is loaded is on the new ones, nothing is left to load"),
    DATA_NODE(
            Component.DATANODE,
            Component.DATACOORD,
            Gauge.DATA_NODES,
            Optional.of(Gauge.DATA_NODE_CHANNELS),
            "every data node is healthy and registered, the new ones have channels"),
    INDEX_NODE(
            Component.INDEXNODE,
            Component.DATACOORD,
            Gauge.INDEX_NODES,
            Optional.empty(),
            "every index node is healthy and registered"),
    PROXY(
            Component.PROXY,
            Component.ROOTCOORD,
            Gauge.PROXIES,
            Optional.empty(),
            "every proxy is healthy and registered");

    private final Component component;
    private final Component coordinator;
    private final Gauge registered;
    private final Optional<Gauge> takenOver;
    private final String description;

    Place(Component component, Component coordinator, Gauge registered, Optional<Gauge> takenOver, String description) {
        this.component = component;
        this.coordinator = coordinator;
        this.registered = registered;
        this.takenOver = takenOver;
        this.description = description;
    }

    static Optional<Place> of(Component component) {
        return Stream.of(values())
                .filter(place -> place.component.equals(component))
                .findFirst();
    }

    /** Who manages them, if the coordinators are separate. */
    Component coordinator() {
        return coordinator;
    }

    /** How many of them the coordinator knows. */
    Gauge registered() {
        return registered;
    }

    /** What each of them has of what there is to do, if it says so. */
    Optional<Gauge> takenOver() {
        return takenOver;
    }

    String description() {
        return description;
    }
}
