package io.github.milvusupgrade.k8s.gate;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.probe.Gauge;
import io.github.milvusupgrade.version.MilvusVersion;
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
            "every query node is healthy",
            ", what was loaded is on the new ones"),
    DATA_NODE(
            Component.DATANODE,
            Component.DATACOORD,
            Gauge.DATA_NODES,
            Optional.of(Gauge.DATA_NODE_CHANNELS),
            "every data node is healthy",
            ", the new ones have channels"),
    INDEX_NODE(
            Component.INDEXNODE,
            Component.DATACOORD,
            Gauge.INDEX_NODES,
            Optional.empty(),
            "every index node is healthy",
            ""),
    PROXY(Component.PROXY, Component.ROOTCOORD, Gauge.PROXIES, Optional.empty(), "every proxy is healthy", "");

    private final Component component;
    private final Component coordinator;
    private final Gauge registered;
    private final Optional<Gauge> takenOver;
    private final String healthy;
    private final String inPlace;

    Place(
            Component component,
            Component coordinator,
            Gauge registered,
            Optional<Gauge> takenOver,
            String healthy,
            String inPlace) {
        this.component = component;
        this.coordinator = coordinator;
        this.registered = registered;
        this.takenOver = takenOver;
        this.healthy = healthy;
        this.inPlace = inPlace;
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

    /** What is asked for where coordinators and nodes run a version: no more than that version tells. */
    String description(MilvusVersion version) {
        return healthy
                + (registered.tells(version) ? " and registered" : "")
                + (takenOver.map(gauge -> gauge.tells(version)).orElse(true) ? inPlace : "");
    }
}
