package io.github.milvusupgrade.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.component.ComponentGraph;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {

    private static final Map<String, String> NO_FACTS = Map.of();

    @ParameterizedTest
    @ValueSource(strings = {"rocksmq", "natsmq"})
    void aQueueInFilesOfTheProcessCannotRoll(String queue) {
        assertThat(examine(new QueueAllowsRolling(), Map.of("messageQueue", queue)))
                .isEqualTo(Finding.fail(
                        "P08-queue",
                        "The message queue of search/books is " + queue
                                + ", which only one process can open: old and new pods cannot overlap.",
                        "Upgrade with downtime instead: add a rule of kind HELM with UpgradePathRules.withFirst(…)."));
    }

    @Test
    void aQueueOfItsOwnCanRoll() {
        assertThat(examine(new QueueAllowsRolling(), Map.of("messageQueue", "pulsar")))
                .isEqualTo(Finding.pass("P08-queue", "The message queue is pulsar."));
    }

    @Test
    void aQueueThatCouldNotBeReadIsNotTakenForAGoodOne() {
        assertThat(examine(new QueueAllowsRolling(), NO_FACTS))
                .isEqualTo(Finding.unknown(
                        "P08-queue",
                        "The message queue of search/books could not be read.",
                        "Make the configuration of the instance readable, or waive P08-queue if the queue is neither"
                                + " rocksmq nor natsmq."));
    }

    @Test
    void metadataInMysqlIsLeftBehindByLaterVersions() {
        assertThat(examine(new MetastoreIsEtcd(), Map.of("metastore", "mysql")))
                .isEqualTo(Finding.fail(
                        "P23-metastore",
                        "The metadata of search/books is in mysql, which the target version cannot read.",
                        "Install the target version beside it with etcd, and copy the data."));
        assertThat(examine(new MetastoreIsEtcd(), Map.of("metastore", "etcd")))
                .isEqualTo(Finding.pass("P23-metastore", "The metadata is in etcd."));
        assertThat(examine(new MetastoreIsEtcd(), NO_FACTS))
                .isEqualTo(Finding.unknown(
                        "P23-metastore",
                        "Where search/books keeps its metadata could not be read.",
                        "Make the configuration of the instance readable, or waive P23-metastore if it is etcd."));
    }

    @Test
    void whatRunsButHasNoPlaceInTheOrderBlocks() {
        Check check = new PartsHavePlace(
                ComponentGraph.builder().upgrade(Component.PROXY).build(), "Do something.");

        assertThat(examine(check, NO_FACTS, part("proxy", 2), part("indexnode", 1), part("rootcoord", 1)))
                .isEqualTo(Finding.fail(
                        "P07-parts",
                        "search/books runs books-indexnode (indexnode), books-rootcoord (rootcoord), but the order of the"
                                + " upgrade is proxy.",
                        "Do something."));
        assertThat(examine(check, NO_FACTS, part("proxy", 2), part("indexnode", 0)))
                .isEqualTo(Finding.pass("P07-parts", "Every component that runs has a place in the order."));
    }

    @Test
    void aClusterNeedsThePartsOfTheTarget() {
        Check check = new ClusterRuns(Component.MIXCOORD, "Get one.");

        assertThat(examine(check, NO_FACTS, part("proxy", 2), part("mixcoord", 0)))
                .isEqualTo(Finding.fail("P07-mixcoord", "search/books runs no mixcoord.", "Get one."));
        assertThat(examine(check, NO_FACTS, part("mixcoord", 1)))
                .isEqualTo(Finding.pass("P07-mixcoord", "search/books runs mixcoord."));
        assertThat(examine(check, NO_FACTS, part("standalone", 1)))
                .isEqualTo(Finding.pass("P07-mixcoord", "Standalone has mixcoord in it."));
    }

    private static Finding examine(Check check, Map<String, String> facts, Workload... workloads) {
        return check.examine(
                new ClusterSnapshot(new ClusterId("search", "books"), List.of(workloads), new TreeMap<>(facts)));
    }

    private static Workload part(String component, int replicas) {
        return new Workload(
                "books-" + component, Component.of(component), component, "milvusdb/milvus:v2.5.27", replicas);
    }
}
