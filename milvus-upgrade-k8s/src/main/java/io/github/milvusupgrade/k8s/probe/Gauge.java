package io.github.milvusupgrade.k8s.probe;

import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;

/**
 * The gauges of Milvus that say whether a component has taken its place, each with the versions in which its number can
 * be relied on. Where a version has it and counts wrongly, it is not for that version: a gate that waits for a number
 * that never comes would stop an upgrade for nothing.
 */
public enum Gauge {
    /**
     * Query nodes that the query coordinator manages, those included that stop. Set to the number of nodes on every
     * change (milvus-io/milvus:internal/querycoordv2/session/node_manager.go); 2.1 only adds one for each that it meets
     * (internal/querycoord/cluster.go).
     */
    QUERY_NODES("milvus_querycoord_querynode_num", VersionRange.atLeast("2.2.0")),
    /**
     * Tasks of the query coordinator, by kind: what has to be loaded, released or moved. A counter in the first
     * releases of 2.2, which {@link Metrics} leaves out (milvus-io/milvus:internal/metrics/querycoord_metrics.go). More
     * than zero does not say that something is pending: 2.2.16 goes on counting the last tasks, of any kind, after they
     * are done or have gone with their node (internal/querycoordv2/task/scheduler.go).
     */
    QUERY_TASKS("milvus_querycoord_task_num", VersionRange.atLeast("2.2.0")),
    /**
     * Partitions that are loaded, all collections together: set when the query coordinator becomes active, then counted
     * up and down. Its number of collections is of no use: it begins at zero whatever is loaded
     * (milvus-io/milvus:internal/querycoordv2/server.go, job/).
     */
    LOADED_PARTITIONS("milvus_querycoord_partition_num", VersionRange.atLeast("2.3.0")),
    /**
     * Collections of which a query node holds something. The number of its channels is of no use in 2.2, which adds too
     * many and takes off too few (milvus-io/milvus:internal/querynode/meta_replica.go, internal/querynodev2/segments/).
     */
    QUERY_NODE_COLLECTIONS("milvus_querynode_collection_num", VersionRange.atLeast("2.1.0")),
    /**
     * How far a query node is behind in what it consumes, for each collection of which it serves a channel; there is no
     * number before it has consumed something (milvus-io/milvus:internal/util/flowgraph/input_node.go,
     * internal/querynodev2/pipeline/filter_node.go). 2.2.4 is the first that was looked at; from 2.6 on streaming nodes
     * consume.
     */
    QUERY_NODE_LAG("milvus_querynode_consume_tt_lag_ms", VersionRange.of("2.2.4", "2.6.0")),
    /**
     * Segments that a query node holds, for each collection and state (milvus-io/milvus:internal/metrics/
     * querynode_metrics.go). 2.2.4 is the first that was looked at.
     */
    QUERY_NODE_SEGMENTS("milvus_querynode_segment_num", VersionRange.of("2.2.4", "2.6.0")),
    /**
     * Data nodes that the data coordinator manages. Up to 2.2 it does not count those that were there before it became
     * active (milvus-io/milvus:internal/datacoord/cluster.go); since 2.3 it is set to the number of sessions
     * (session_manager.go).
     */
    DATA_NODES("milvus_datacoord_datanode_num", VersionRange.atLeast("2.3.0")),
    /**
     * Channels that a data node writes from (milvus-io/milvus:internal/datanode/flow_graph_manager.go). It takes off
     * more than it adds where collections are dropped: a data node of 2.2.4 that wrote from two channels counted none,
     * which is only not waited for, and one of 2.3.5 -60.
     */
    DATA_NODE_CHANNELS("milvus_datanode_flowgraph_num", VersionRange.of("2.1.0", "2.3.0")),
    /**
     * How far a data node is behind in what it writes, for each collection of which it has a channel; the number goes
     * with the channel. 2.2.16 is the first that was looked at; from 2.4 on data nodes are told by call what to write
     * from (milvus-io/milvus:internal/datanode/flow_graph_dmstream_input_node.go, data_sync_service.go).
     */
    DATA_NODE_LAG("milvus_datanode_consume_tt_lag_ms", VersionRange.of("2.2.16", "2.4.0")),
    /**
     * Index nodes that the data coordinator manages. Up to 2.2 the index coordinator counts them, and not those that
     * were there before it became active (milvus-io/milvus:internal/indexcoord/node_manager.go); since 2.3 it is the
     * number of clients (internal/datacoord/indexnode_manager.go). 2.6 has no index nodes.
     */
    INDEX_NODES("milvus_datacoord_index_node_num", VersionRange.of("2.3.0", "2.6.0")),
    /**
     * Proxies that the root coordinator manages. Since 2.3 it is the number of clients
     * (milvus-io/milvus:internal/rootcoord/proxy_client_manager.go); before, it adds one for each that it meets
     * (proxy_manager.go).
     */
    PROXIES("milvus_rootcoord_proxy_num", VersionRange.atLeast("2.3.0"));

    private final String metric;
    private final VersionRange versions;

    Gauge(String metric, VersionRange versions) {
        this.metric = metric;
        this.versions = versions;
    }

    /** Its name in the text that Milvus hands out. */
    public String metric() {
        return metric;
    }

    /** Whether its number can be relied on in a version. */
    public boolean tells(MilvusVersion version) {
        return versions.contains(version);
    }
}
