package io.github.milvusupgrade.k8s.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Row 71: a malformed user.yaml is refused with line and column")
class MalformedYamlTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: 1\\n\\tb: 2           | line 2, column 1: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)
            a: 1\\nb: [1, 2          | line 2, column 9: expected ',' or ']', but got <stream end>
            a: 1\\n  b: 2            | line 2, column 4: mapping values are not allowed here
            a: "unclosed             | line 1, column 13: found unexpected end of stream
            a: 1\\nb                 | line 2, column 2: could not find expected ':'
            a: !x!y z                | line 1, column 4: found undefined tag handle
            a: "\\q"                 | line 1, column 6: found unknown escape character
            a: b\\0c                 | line 1, column 5: the character U+0000 is not allowed in YAML
            a: 1\\nb: x\\0           | line 2, column 5: the character U+0000 is not allowed in YAML
            a: 1\\nb: '\\D' | line 2, column 5: the character U+D83D is not allowed in YAML
            a: 1\\nb: [c, "\\UFFFFFFFF"] | line 2, column 5: behind this place an escaped character has a number that is out of range
            %YAML 3.0\\n---\\na: 1   | line 1, column 1: found incompatible YAML document (version 1.* is required)
            """)
    void syntax(String text, String problem) {
        assertThatThrownBy(() -> MilvusYaml.parse(unescaped(text)))
                .isInstanceOf(MalformedYamlException.class)
                .hasMessage("user.yaml is not valid YAML at " + problem
                        + ". Correct the file in its ConfigMap or Helm values and start again; it was left untouched.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: 1\\nb: 2\\na: 3       | line 3, column 1: the key was already set at line 1, column 1, so one of the two is ignored. Remove one of them
            x: {a: 1, 'a': 3}        | line 1, column 11: the key was already set at line 1, column 5, so one of the two is ignored. Remove one of them
            a: 1\\n---\\nb: 2        | line 2, column 1: a second document begins here, and Milvus reads only the first. Keep one document
            - a\\n- b                | line 1, column 1: the text is not made of keys and values. Write it as 'key: value' lines
            ~                        | line 1, column 1: the text is not made of keys and values. Write it as 'key: value' lines
            just words               | line 1, column 1: the text is not made of keys and values. Write it as 'key: value' lines
            a: *b                    | line 1, column 4: an alias refers to an anchor that is not defined before it. Correct it
            a: &b {c: *b}            | line 1, column 11: an alias refers to the node it is part of. Write the value out
            """)
    void content(String text, String problem) {
        assertThatThrownBy(() -> MilvusYaml.parse(unescaped(text)))
                .isInstanceOf(MalformedYamlException.class)
                .hasMessage("user.yaml cannot be used as a Milvus configuration, " + problem
                        + " and start again; the file was left untouched.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password: !s3cret!x y",
                "password: *s3cret",
                "password: 's3cret",
                "password: \"\\s3cret\"",
                "password: \"\\Us3cret0\"",
                "password: [s3cret",
                "password: s3cret: s3cret",
                "password: s3cret\n s3cret: x",
                "password: |s3cret",
                "password: %s3cret",
                "password: @s3cret",
                "%s3cret!",
                "%TAG !s3cret",
                "%TAG !s3cret! a\n%TAG !s3cret! b\n---\n",
                "s3cret: 1\ns3cret: 2",
                "s3cret",
                "password: s3cret\n--- s3cret",
                "password: &s3cret {a: *s3cret}",
                "password: s3cret\u0000",
            })
    void the_message_quotes_nothing_of_the_file(String text) {
        try {
            MilvusYaml.parse(text);
        } catch (MalformedYamlException e) {
            assertThat(e).hasMessageContaining("line").hasNoCause();
            assertThat(e.getMessage()).doesNotContain("s3c", "Us3");
        }
    }

    @Test
    void aliases_of_aliases_are_refused_before_they_are_written_out() {
        String laughs = IntStream.range(1, 10)
                .mapToObj(i -> "a%d: &a%d [%s]".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)))
                .collect(Collectors.joining("\n", "a0: &a0 [lol]\n", "\n"));

        assertThatThrownBy(() -> MilvusYaml.parse(laughs))
                .hasMessage("user.yaml cannot be used as a Milvus configuration, line 7, column 26: with its aliases"
                        + " written out the file has more than 1000000 values. Remove aliases and start again; the file"
                        + " was left untouched.");
    }

    @Test
    void a_deep_text_is_refused() {
        assertThat(MilvusYaml.parse(nested(49)).value("a")).isEmpty();
        assertThatThrownBy(() -> MilvusYaml.parse(nested(100_000)))
                .hasMessage(
                        "user.yaml cannot be used as a Milvus configuration, line 1, column 198: more than 50 levels"
                                + " are nested. Flatten the file and start again; the file was left untouched.");
    }

    @Test
    void a_large_text_is_refused() {
        String limit = "a: " + "x".repeat((1 << 20) - 3);

        assertThat(MilvusYaml.parse(limit).text()).isSameAs(limit);
        assertThatThrownBy(() -> MilvusYaml.parse("default.yaml", limit + "x"))
                .hasMessage("default.yaml is not read: it has 1048577 bytes, more than the 1048576 that fit into a"
                        + " ConfigMap. Check that it is the Milvus configuration and start again.");
    }

    private static String nested(int levels) {
        return "{a: ".repeat(levels) + "1" + "}".repeat(levels);
    }

    private static String unescaped(String text) {
        return text.replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\0", "\0")
                .replace("\\D", "\ud83d");
    }
}
