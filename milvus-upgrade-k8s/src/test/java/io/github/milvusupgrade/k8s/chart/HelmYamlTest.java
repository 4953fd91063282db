package io.github.milvusupgrade.k8s.chart;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelmYamlTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "yes, true",
                "off, false",
                "~, null",
                "12, 12",
                "0x10, 16",
                "010, 8",
                "1_000, 1000",
                "9007199254740993, 9007199254740993",
                "2.5, 2.5",
                "1.0, 1",
                "'2.6', `\"2.6\"`",
                "v2.2.16, `\"v2.2.16\"`",
                "12:30, `\"12:30\"`",
                "2023-01-02, `\"2023-01-02\"`",
                ".inf, `\"Infinity\"`",
                "!!binary aGk=, `\"hi\"`",
            })
    void readsWordsAsHelmDoes(String yaml, String json) {
        assertThat(parse("a: " + yaml).path("a").toString()).isEqualTo(json);
    }

    @Test
    void readsTablesListsAliasesAndMergeKeys() {
        assertThat(parse("""
                base: &base {cpu: 1, memory: 2Gi}
                queryNode:
                  resources: {<<: *base, cpu: 4}
                list: [a, *base]
                1: number
                """)).isEqualTo(json("""
                {base: {cpu: 1, memory: '2Gi'}, queryNode: {resources: {cpu: 4, memory: '2Gi'}},
                 list: ['a', {cpu: 1, memory: '2Gi'}], '1': 'number'}"""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing", "---\n"})
    void nothingIsAnEmptyMapping(String text) {
        assertThat(parse(text)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a: [1`|` at line 1, column 6: it is no valid YAML`",
                "`a: 1\n b: 2`|` at line 2, column 3: it is no valid YAML`",
                "`password: hunter2: x`|` at line 1, column 18: it is no valid YAML`",
                "`- a`|`: it is not made of keys and values`",
                "`text`|`: it is not made of keys and values`",
                "`a: 1\n---\nb: 1`|` at line 2, column 1: it is no valid YAML`",
                "`a: !!java.net.URL [http://x]`|` at line 1, column 4: it is no valid YAML`",
            })
    void saysWhereItIsBrokenAndQuotesNothing(String text, String why) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.VALUES_UNUSABLE))
                .hasMessage("my.yaml cannot be read" + why + ". Correct it and try again.");
    }

    @Test
    void refusesTextsThatGrow() {
        String bomb = "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8]\n"
                + IntStream.rangeClosed(1, 9)
                        .mapToObj(i -> "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d]\n"
                                .formatted(i, i, i - 1, i - 1, i - 1, i - 1, i - 1))
                        .collect(Collectors.joining());

        assertThatThrownBy(() -> parse(bomb))
                .hasMessage("my.yaml cannot be read: with its aliases written out it has more than 1000000 values or"
                        + " 50 levels. Correct it and try again.");
    }

    @Test
    void refusesTextsThatAreDeepOrLong() {
        assertThatThrownBy(() -> parse("a: " + "[".repeat(60) + "]".repeat(60)))
                .hasMessageStartingWith("my.yaml cannot be read");
        assertThatThrownBy(() -> parse("a: " + "x".repeat(6 << 20)))
                .hasMessageStartingWith("my.yaml cannot be read: it has more than 5242880 characters.");
        assertThatThrownBy(() -> parse("a: &a {b: *a}")).hasMessageStartingWith("my.yaml cannot be read");
    }

    private static ObjectNode parse(String text) {
        return HelmYaml.parse(Code.VALUES_UNUSABLE, "my.yaml", text);
    }
}
