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
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ComponentGraphTest {

    @Nested
    class TheOfficialScript {

        private final ComponentGraph order = ComponentGraph.officialScript();

        @Test
        void goesFromCoordinatorsOverNodesToTheProxy() {
            Set<Component> cluster =
                    Set.of(PROXY, QUERYNODE, DATANODE, INDEXNODE, QUERYCOORD, INDEXCOORD, DATACOORD, ROOTCOORD);

            assertThat(order.order(cluster))
                    .containsExactly(
                            ROOTCOORD, DATACOORD, INDEXCOORD, QUERYCOORD, INDEXNODE, DATANODE, QUERYNODE, PROXY);
            assertThat(order.stages(cluster)).element(5).isEqualTo(List.of(DATANODE, QUERYNODE));
            assertThat(order.stages(cluster)).hasSize(7);
        }

        @Test
        void letsMixcoordTakeThePlaceOfTheCoordinators() {
            assertThat(order.order(Set.of(PROXY, QUERYNODE, DATANODE, INDEXNODE, MIXCOORD, CDC, STREAMINGNODE)))
                    .containsExactly(CDC, MIXCOORD, INDEXNODE, STREAMINGNODE, DATANODE, QUERYNODE, PROXY);
        }

        @Test
        void leavesStandaloneAlone() {
            assertThat(order.stages(Set.of(STANDALONE))).containsExactly(List.of(STANDALONE));
        }
    }

    @Test
    void from26OnTheWriteAheadLogFollowsTheCoordinator() {
        assertThat(ComponentGraph.streaming().stages(Set.of(PROXY, QUERYNODE, DATANODE, STREAMINGNODE, MIXCOORD, CDC)))
                .containsExactly(
                        List.of(CDC),
                        List.of(MIXCOORD),
                        List.of(STREAMINGNODE),
                        List.of(QUERYNODE),
                        List.of(DATANODE),
                        List.of(PROXY));
        assertThat(ComponentGraph.streaming())
                .hasToString("cdc, then mixcoord and standalone, then streamingnode, then querynode, then datanode,"
                        + " then proxy");
    }

    @Test
    void aMissingPartStillKeepsItsNeighboursApart() {
        ComponentGraph order = ComponentGraph.builder()
                .upgrade(PROXY)
                .upgrade(MIXCOORD)
                .before(QUERYNODE)
                .upgrade(QUERYNODE)
                .before(PROXY)
                .build();

        assertThat(order.order(Set.of(PROXY, MIXCOORD))).containsExactly(MIXCOORD, PROXY);
        assertThat(order.stages(Set.of(PROXY, MIXCOORD))).hasSize(2);
    }

    @Test
    void whatWasDeclaredFirstGoesFirstWhereNothingElseDecides() {
        ComponentGraph order = ComponentGraph.builder()
                .upgrade(QUERYNODE)
                .upgrade(CDC)
                .upgrade(DATANODE)
                .build();

        assertThat(order.order()).containsExactly(QUERYNODE, CDC, DATANODE);
        assertThat(order.order(Set.of(DATANODE, CDC, QUERYNODE))).containsExactly(QUERYNODE, CDC, DATANODE);
        assertThat(order.reversed()).containsExactly(DATANODE, CDC, QUERYNODE);
        assertThat(order.stages()).containsExactly(List.of(QUERYNODE, CDC, DATANODE));
    }

    @Test
    void partsOfOnesOwnAreOrderedLikeAllOthers() {
        Component cache = Component.of("cache");
        ComponentGraph order = ComponentGraph.builder()
                .upgrade(QUERYNODE)
                .before(PROXY)
                .upgrade(PROXY)
                .upgrade(cache)
                .before(QUERYNODE)
                .build();

        assertThat(order.order()).containsExactly(cache, QUERYNODE, PROXY);
    }

    @Test
    void aPartWithoutAPlaceIsNotLeftBehindSilently() {
        assertThatThrownBy(() -> ComponentGraph.streaming().order(Set.of(MIXCOORD, INDEXNODE, ROOTCOORD)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The upgrade order has no place for indexnode, rootcoord: it orders cdc, mixcoord,"
                        + " streamingnode, querynode, datanode, proxy, standalone. Declare it with upgrade(…).");
    }

    @Test
    void anEdgeToAnUndeclaredPartIsRefused() {
        assertThatThrownBy(() -> ComponentGraph.builder()
                        .upgrade(MIXCOORD)
                        .before(QUERYNODE)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Component graph is incomplete: mixcoord upgrades before querynode, which is not declared."
                        + " Declare it with upgrade(…).");
    }

    @Test
    void aCycleIsPrintedAsAPath() {
        ComponentGraph.Builder circular = ComponentGraph.builder()
                .upgrade(MIXCOORD)
                .before(QUERYNODE)
                .upgrade(QUERYNODE)
                .before(DATANODE)
                .upgrade(DATANODE)
                .before(QUERYNODE);

        assertThatThrownBy(circular::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Component graph has a cycle: querynode -> datanode -> querynode. Remove one of its edges.");
    }

    @Test
    void aPartCannotWaitForItself() {
        assertThatThrownBy(() ->
                        ComponentGraph.builder().upgrade(PROXY).before(PROXY).build())
                .hasMessage("Component graph has a cycle: proxy -> proxy. Remove one of its edges.");
    }

    @Test
    void nothingCanWaitBeforeAnythingIsDeclared() {
        assertThatThrownBy(() -> ComponentGraph.builder().before(PROXY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("before(…) says what waits for a component: call upgrade(…) first.");
    }

    @Test
    void graphsAreEqualIfTheyDeclareTheSame() {
        assertThat(ComponentGraph.streaming())
                .isEqualTo(ComponentGraph.streaming())
                .hasSameHashCodeAs(ComponentGraph.streaming())
                .isNotEqualTo(ComponentGraph.officialScript());
    }
}
