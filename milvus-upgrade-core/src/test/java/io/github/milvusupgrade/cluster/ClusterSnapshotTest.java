package io.github.milvusupgrade.cluster;

import static io.github.milvusupgrade.component.Component.PROXY;
import static io.github.milvusupgrade.component.Component.QUERYNODE;
import static io.github.milvusupgrade.component.Component.ROOTCOORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.version.MilvusVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterSnapshotTest {

    private static final ClusterId ID = new ClusterId("default", "my-release");

    @Test
    void anInstanceOfOneVersionHasAVersion() {
        assertThat(snapshot(workload("a", PROXY, "v2.2.4"), workload("b", ROOTCOORD, "2.2.4"))
                        .version())
                .contains(MilvusVersion.parse("2.2.4"));
    }

    @Test
    void anInstanceOfTwoVersionsHasNone() {
        ClusterSnapshot mixed = snapshot(
                workload("a", PROXY, "v2.2.4"),
                workload("b", ROOTCOORD, "v2.2.16"),
                workload("c", QUERYNODE, "v2.2.4"));

        assertThat(mixed.version()).isEmpty();
        assertThat(mixed.versions())
                .containsExactly(Map.entry("2.2.4", List.of("a", "c")), Map.entry("2.2.16", List.of("b")));
    }

    @Test
    void anUnreadableVersionIsNotAnOldOne() {
        ClusterSnapshot unclear = snapshot(workload("a", PROXY, "v2.2.4"), workload("b", ROOTCOORD, "latest"));

        assertThat(unclear.version()).isEmpty();
        assertThat(unclear.versions()).containsEntry("unknown", List.of("b"));
    }

    @Test
    void aComponentMayHaveSeveralWorkloads() {
        ClusterSnapshot grouped = snapshot(
                workload("a", QUERYNODE, "v2.2.4"), workload("b", QUERYNODE, "v2.2.4"), workload("c", PROXY, "v2.2.4"));

        assertThat(grouped.components()).containsExactly(QUERYNODE, PROXY);
        assertThat(grouped.workloads(QUERYNODE)).extracting(Workload::name).containsExactly("a", "b");
        assertThat(grouped.workloads(ROOTCOORD)).isEmpty();
    }

    @Test
    void whatCouldNotBeReadIsAbsent() {
        ClusterSnapshot snapshot = snapshot(workload("a", PROXY, "v2.2.4"));

        assertThat(snapshot.messageQueue()).contains("pulsar");
        assertThat(snapshot.fact(ClusterSnapshot.METASTORE)).isEmpty();
    }

    @Test
    void aSnapshotNeverChanges() {
        List<Workload> workloads = new ArrayList<>(List.of(workload("a", PROXY, "v2.2.4")));
        TreeMap<String, String> facts = new TreeMap<>(Map.of("messageQueue", "pulsar"));
        ClusterSnapshot snapshot = new ClusterSnapshot(ID, workloads, facts);

        workloads.clear();
        facts.clear();

        assertThat(snapshot).isEqualTo(snapshot(workload("a", PROXY, "v2.2.4")));
    }

    @Test
    void aSnapshotSurvivesJson() throws Exception {
        ObjectMapper json = new ObjectMapper();
        ClusterSnapshot snapshot = snapshot(workload("a", PROXY, "v2.2.4"), workload("b", ROOTCOORD, "latest"));

        assertThat(json.readValue(json.writeValueAsString(snapshot), ClusterSnapshot.class))
                .isEqualTo(snapshot);
    }

    @ParameterizedTest
    @CsvSource({"'', my-release", "default, ' '"})
    void anInstanceHasANamespaceAndAName(String namespace, String instance) {
        assertThatThrownBy(() -> new ClusterId(namespace, instance))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A Milvus instance needs a namespace and a name, but got namespace \"" + namespace
                        + "\" and instance \"" + instance + "\".");
    }

    private static ClusterSnapshot snapshot(Workload... workloads) {
        return new ClusterSnapshot(ID, List.of(workloads), new TreeMap<>(Map.of("messageQueue", "pulsar")));
    }

    private static Workload workload(String name, Component component, String tag) {
        return new Workload(name, component, component.name(), "milvusdb/milvus:" + tag, 1);
    }
}
