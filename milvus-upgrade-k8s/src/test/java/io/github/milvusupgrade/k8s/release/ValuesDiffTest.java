package io.github.milvusupgrade.k8s.release;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesDiffTest {

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{a: 1}             | {a: 1}                  | ``",
                "{a: 1}             | {a: 1.0}                | ``",
                "{a: [1, {b: 2}]}   | {a: [1.0, {b: 2}]}      | ``",
                "{a: null}          | {}                      | ``",
                "{}                 | {a: null}               | ``",
                "{a: {}}            | {a: {}}                 | ``",
                "{}                 | {a: true}               | added a: true",
                "{a: 'x'}           | {}                      | `removed a: \"x\"`",
                "{a: 'x'}           | {a: null}               | `removed a: \"x\"`",
                "{a: 1}             | {a: '1'}                | `changed a: 1 -> \"1\"`",
                "{a: {b: {c: 1}}}   | {a: {b: {c: 2}}}        | changed a.b.c: 1 -> 2",
                "{f: {'a.b': 1}}    | {f: {'a.b': 2}}         | changed f.a\\.b: 1 -> 2",
                "{a: [1]}           | {a: [1, 2]}             | changed a: (list of 1) -> (list of 2)",
                "{a: 1}             | {a: {b: 1, c: 2}}       | changed a: 1 -> (section of 2)",
                "{a: 'x'}           | {a: 'x\\ny\\n'}         | `changed a: \"x\" -> (text of 2 lines)`",
            })
    void tellsWhatDiffers(String before, String after, String difference) {
        ValuesDiff diff = ValuesDiff.between(json(before), json(after));

        assertThat(diff).hasToString(difference);
        assertThat(diff.isEmpty()).isEqualTo(difference.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{minio: {secretKey: 'hunter2'}}",
                "{minio: {accessKey: 'hunter2'}}",
                "{mysql: {auth: {rootPassword: 'hunter2'}}}",
                "{externalKafka: {sasl: {username: 'hunter2'}}}",
                "{externalPulsar: {authParams: 'hunter2'}}",
                "{proxy: {tls: {key: 'hunter2'}}}",
                "{secrets: {any: {thing: 'hunter2'}}}",
                "{token: 'hunter2'}",
                "{redis: {url: 'redis://:hunter2@redis:6379'}}",
                "{extraEnv: [{name: 'PASSWORD', value: 'hunter2'}]}",
                "{extraConfigFiles: {'user.yaml': 'minio:\\n  secretAccessKey: hunter2'}}",
            })
    void credentialsAreHidden(String values) {
        ValuesDiff added = ValuesDiff.between(json("{}"), json(values));
        ValuesDiff changed = ValuesDiff.between(json(values.replace("hunter2", "hunter1")), json(values));

        assertThat(added.toString()).startsWith("added ").doesNotContain("hunter");
        assertThat(changed.toString()).startsWith("changed ").doesNotContain("hunter");
        assertThat(changed.changes()).hasSize(1);
    }

    @Test
    void longTextsAreMeasured() {
        assertThat(ValuesDiff.between(json("{}"), json("{}").put("a", "x".repeat(100))))
                .hasToString("added a: (text of 100 characters)");
    }

    @Test
    void plainValuesAreShown() {
        assertThat(ValuesDiff.between(json("{}"), json("""
                {image: {all: {tag: 'v2.2.16'}}}""")).changes())
                .containsExactly(new ValuesDiff.Change("image", ValuesDiff.Kind.ADDED, "", "(section of 1)"));
    }
}
