package io.github.milvusupgrade.k8s.chart;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTablesTest {

    @ParameterizedTest(name = "{0} over {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                  | {a: 1}             | {a: 1}                  | {a: 1}",
                "{a: 2}              | {a: 1}             | {a: 2}                  | {a: 2}",
                "{a: {x: 2}}         | {a: {x: 1, y: 1}}  | {a: {x: 2, y: 1}}       | {a: {x: 2, y: 1}}",
                "{a: [2]}            | {a: [1, 1]}        | {a: [2]}                | {a: [2]}",
                "{a: 2}              | {a: {x: 1}}        | {a: 2}                  | {a: 2}",
                "{a: {x: 2}}         | {a: 1}             | {a: {x: 2}}             | {a: {x: 2}}",
                "{a: null}           | {a: 1, b: 1}       | {b: 1}                  | {a: null, b: 1}",
                "{a: {x: null}}      | {a: {x: 1, y: 1}}  | {a: {y: 1}}             | {a: {x: null, y: 1}}",
                "{a: null}           | {b: 1}             | {a: null, b: 1}         | {a: null, b: 1}",
                "{a: 2}              | {a: null}          | {a: 2}                  | {a: 2}",
            })
    void mergesAsHelmDoes(String over, String under, String coalesced, String overlaid) {
        ObjectNode above = json(over);
        ObjectNode below = json(under);

        assertThat(ValueTables.coalesce(above, below)).isEqualTo(json(coalesced));
        assertThat(ValueTables.overlay(above, below)).isEqualTo(json(overlaid));
        assertThat(above).as("left as it was").isEqualTo(json(over));
        assertThat(below).as("left as it was").isEqualTo(json(under));
    }
}
