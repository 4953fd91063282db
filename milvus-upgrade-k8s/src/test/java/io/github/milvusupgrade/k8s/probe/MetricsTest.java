package io.github.milvusupgrade.k8s.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.version.MilvusVersion;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gauges of Milvus, and in which versions they can be relied on. */
class MetricsTest {

    private static final String TEXT = """
            # HELP go_goroutines Number of goroutines that currently exist.
            # TYPE go_goroutines gauge
            go_goroutines 141
            # HELP milvus_querycoord_querynode_num number of QueryNodes managered by QueryCoord
            # TYPE milvus_querycoord_querynode_num gauge
            milvus_querycoord_querynode_num 2
            # TYPE milvus_querycoord_task_num gauge
            milvus_querycoord_task_num{querycoord_task_type="segment_grow"} 3
            milvus_querycoord_task_num{querycoord_task_type="segment_move"} 1.5e1
            # TYPE milvus_querycoord_load_req_count counter
            milvus_querycoord_load_req_count{status="success"} 7
            # TYPE milvus_odd gauge
            milvus_odd NaN
            milvus_odd{a="b"} e+
            milvus_untyped 4
            """;

    @Test
    void aGaugeIsAddedUpOverItsLabels() {
        Metrics metrics = Metrics.parse(TEXT);

        assertThat(metrics.sum("milvus_querycoord_querynode_num")).hasValue(2);
        assertThat(metrics.sum("milvus_querycoord_task_num")).hasValue(18);
        assertThat(metrics.sum("milvus_querycoord_task_num", labels -> labels.contains("_grow\"")))
                .hasValue(3);
    }

    @Test
    void aGaugeIsAddedUpForEachValueOfALabel() {
        Metrics metrics = Metrics.parse("""
                # TYPE milvus_querynode_segment_num gauge
                milvus_querynode_segment_num{collection_id="7",partition_id="1",segment_state="Sealed"} 2
                milvus_querynode_segment_num{collection_id="7",partition_id="2",segment_state="Sealed"} 3
                milvus_querynode_segment_num{collection_id="7",partition_id="2",segment_state="Growing"} 4
                milvus_querynode_segment_num{collection_id="8",partition_id="9",segment_state="Growing"} 1
                milvus_querynode_segment_num{node_id="3"} 9
                """);

        assertThat(metrics.sums("milvus_querynode_segment_num", "collection_id", labels -> true))
                .containsOnly(Map.entry("7", 9.0), Map.entry("8", 1.0));
        assertThat(metrics.sums("milvus_querynode_segment_num", "collection_id", labels -> labels.contains("Sealed")))
                .containsOnly(Map.entry("7", 5.0));
        assertThat(metrics.sums("milvus_none", "collection_id", labels -> true)).isEmpty();
    }

    @Test
    void aCounterIsNoGauge() {
        Metrics metrics = Metrics.parse(TEXT);

        assertThat(metrics.counted("milvus_querycoord_load_req_count", labels -> labels.contains("success")))
                .hasValue(7);
        assertThat(metrics.counted("milvus_querycoord_querynode_num", labels -> true))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"milvus_querycoord_load_req_count", "milvus_odd", "milvus_untyped", "go_goroutines", "milvus_none"})
    void whatIsNoNumberOfNowIsNotThere(String name) {
        assertThat(Metrics.parse(TEXT).sum(name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"''", "<html></html>", "milvus_", "'# TYPE milvus_x gauge'"})
    void whatAreNoMetricsIsEmpty(String text) {
        assertThat(Metrics.parse(text).isEmpty()).isTrue();
    }

    @ParameterizedTest(name = "{1} in {0}: {2}")
    @CsvSource({
        "2.1.4,  QUERY_NODES,            false",
        "2.2.16, QUERY_NODES,            true",
        "2.1.4,  QUERY_NODE_COLLECTIONS, true",
        "3.0.0,  QUERY_NODE_COLLECTIONS, true",
        "2.2.3,  QUERY_NODE_LAG,         false",
        "2.2.4,  QUERY_NODE_LAG,         true",
        "2.6.0,  QUERY_NODE_LAG,         false",
        "2.2.3,  QUERY_NODE_SEGMENTS,    false",
        "2.5.27, QUERY_NODE_SEGMENTS,    true",
        "2.2.16, LOADED_PARTITIONS,      false",
        "2.3.0,  LOADED_PARTITIONS,      true",
        "2.2.16, DATA_NODES,             false",
        "2.3.22, DATA_NODES,             true",
        "2.2.16, DATA_NODE_CHANNELS,     true",
        "2.3.0,  DATA_NODE_CHANNELS,     false",
        "2.2.4,  DATA_NODE_LAG,          false",
        "2.2.16, DATA_NODE_LAG,          true",
        "2.4.0,  DATA_NODE_LAG,          false",
        "2.2.16, INDEX_NODES,            false",
        "2.5.27, INDEX_NODES,            true",
        "2.6.0,  INDEX_NODES,            false",
        "2.2.16, PROXIES,                false",
        "2.4.24, PROXIES,                true",
    })
    void aGaugeCountsOnlyWhereItCountsRight(String version, Gauge gauge, boolean tells) {
        assertThat(gauge.tells(MilvusVersion.parse(version))).isEqualTo(tells);
    }
}
