package io.github.milvusupgrade.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentTest {

    @ParameterizedTest
    @CsvSource({
        "rootcoord, true",
        "datacoord, true",
        "indexcoord, true",
        "querycoord, true",
        "mixcoord, true",
        "indexnode, false",
        "datanode, false",
        "querynode, false",
        "streamingnode, false",
        "proxy, false",
        "standalone, false",
        "cdc, false",
        "coordinated-cache, false",
    })
    void coordinatorsAreKnownByNameAndNotByAWordInTheirName(String name, boolean coordinator) {
        assertThat(Component.of(name).isCoordinator()).isEqualTo(coordinator);
    }

    @Test
    void aComponentIsItsName() throws Exception {
        ObjectMapper json = new ObjectMapper();

        assertThat(Component.of("querynode")).isEqualTo(Component.QUERYNODE).hasToString("querynode");
        assertThat(json.writeValueAsString(Component.QUERYNODE)).isEqualTo("\"querynode\"");
        assertThat(json.readValue("\"querynode\"", Component.class)).isEqualTo(Component.QUERYNODE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "QueryNode", "query node", "1node", "node-"})
    void whatIsNoNameIsRefused(String name) {
        assertThatThrownBy(() -> Component.of(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Not a Milvus component: \"" + name + "\": a name is lower-case letters, digits and hyphens,"
                                + " and begins with a letter. Write it as `milvus run` does, such as querynode.");
    }
}
