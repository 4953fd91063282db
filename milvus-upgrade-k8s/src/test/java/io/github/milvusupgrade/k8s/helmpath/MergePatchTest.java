package io.github.milvusupgrade.k8s.helmpath;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nothing                | {a: 1}                  | {a: 1}            | {}
            another value          | {a: 1, b: 1}            | {a: 2, b: 1}      | {a: 2}
            a field that goes      | {a: 1, b: 1}            | {a: 1}            | {b: null}
            a field that comes     | {}                      | {a: {b: 1}}       | {a: {b: 1}}
            deep inside            | {a: {b: 1, c: 1}}       | {a: {b: 2, c: 1}} | {a: {b: 2}}
            a list                 | {a: [1, 2]}             | {a: [2]}          | {a: [2]}
            a text for an object   | {a: {b: 1}}             | {a: 'x'}          | {a: 'x'}
            """)
    void makesOneObjectAnother(String what, String from, String to, String patch) {
        assertThat(MergePatch.between(json(from), json(to))).as(what).isEqualTo(json(patch));
    }
}
