package io.github.milvusupgrade.k8s.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an edit does to a text, case by case, and that undoing it gives the text back. */
class MilvusYamlEditTest {

    private static final Setting STANDBY = Setting.enabled("rootCoord.enableActiveStandby");

    @Test
    void a_missing_section_goes_to_the_end() {
        assertEdit("""
                # tuned by ops
                proxy:
                  http:
                    enabled: true # REST
                """, """
                # tuned by ops
                proxy:
                  http:
                    enabled: true # REST
                rootCoord:
                  enableActiveStandby: true
                """);
    }

    @Test
    void a_missing_key_becomes_the_first_of_its_section_above_the_comments_of_the_next_key() {
        assertEdit("""
                rootCoord: # the first to start

                  # default port
                  port: 53100
                proxy: {}
                """, """
                rootCoord: # the first to start
                  enableActiveStandby: true

                  # default port
                  port: 53100
                proxy: {}
                """);
    }

    @Test
    void a_new_section_is_indented_as_the_others_are() {
        assertEdit("""
                proxy:
                    port: 19530
                """, """
                proxy:
                    port: 19530
                rootCoord:
                    enableActiveStandby: true
                """);
    }

    @Test
    void several_settings_share_a_section() {
        assertEdit("proxy:\n  port: 1\n", """
                proxy:
                  port: 1
                rootCoord:
                  port: 53100
                  enableActiveStandby: true
                """, STANDBY, new Setting("rootCoord.port", "53100"));
    }

    @Test
    void a_key_at_the_top_needs_no_section() {
        assertEdit("a: 1\n", "a: 1\nmessageQueue: pulsar\n", new Setting("messageQueue", "pulsar"));
    }

    @Test
    void sections_within_sections_are_made_as_needed() {
        assertEdit(
                "log:\n  level: info\n",
                "log:\n  file:\n    rotation:\n      maxAge: 10\n  level: info\n",
                new Setting("log.file.rotation.maxAge", "10"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                       | rootCoord:\\n  enableActiveStandby: true\\n
            \\n                      | \\nrootCoord:\\n  enableActiveStandby: true\\n
            '   '                    | '   \\nrootCoord:\\n  enableActiveStandby: true'
            '# nothing yet' | # nothing yet\\nrootCoord:\\n  enableActiveStandby: true
            '# nothing yet\\n' | # nothing yet\\nrootCoord:\\n  enableActiveStandby: true\\n
            '  # proxy:\\n  #   a: 1' | '  # proxy:\\n  #   a: 1\\nrootCoord:\\n  enableActiveStandby: true'
            ---                      | ---\\nrootCoord:\\n  enableActiveStandby: true
            ---\\n...\\n             | ---\\nrootCoord:\\n  enableActiveStandby: true\\n...\\n
            %YAML 1.1\\n---\\na: 1\\n... # end | %YAML 1.1\\n---\\na: 1\\nrootCoord:\\n  enableActiveStandby: true\\n... # end
            a: 1                     | a: 1\\nrootCoord:\\n  enableActiveStandby: true
            a: 1\\n\\n\\n            | a: 1\\n\\n\\nrootCoord:\\n  enableActiveStandby: true\\n
            a: 1\\r\\nb: 2\\r\\n     | a: 1\\r\\nb: 2\\r\\nrootCoord:\\r\\n  enableActiveStandby: true\\r\\n
            a: 1\\r\\nb: 2           | a: 1\\r\\nb: 2\\r\\nrootCoord:\\r\\n  enableActiveStandby: true
            \\uFEFF                  | \\uFEFFrootCoord:\\n  enableActiveStandby: true\\n
            \\uFEFFa: 1\\n           | \\uFEFFa: 1\\nrootCoord:\\n  enableActiveStandby: true\\n
            '# \\uD83D\\uDE00\\na: 1\\n' | # \\uD83D\\uDE00\\na: 1\\nrootCoord:\\n  enableActiveStandby: true\\n
            """)
    void the_way_a_text_begins_and_ends_is_kept(String before, String after) {
        assertEdit(unescaped(before), unescaped(after));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                            | {rootCoord: {enableActiveStandby: true}}
            '{ }'                         | '{rootCoord: {enableActiveStandby: true} }'
            {a: b}                        | {rootCoord: {enableActiveStandby: true}, a: b}
            --- { a: b }                  | --- { rootCoord: {enableActiveStandby: true}, a: b }
            {a: b, rootCoord: {}}         | {a: b, rootCoord: {enableActiveStandby: true}}
            {"rootCoord": {"port": 1}}    | {"rootCoord": {enableActiveStandby: true, "port": 1}}
            {rootCoord: , a: b}           | {rootCoord: {enableActiveStandby: true} , a: b}
            {rootCoord:, a: b}            | {rootCoord: {enableActiveStandby: true}, a: b}
            rootCoord: {port: 1}          | rootCoord: {enableActiveStandby: true, port: 1}
            rootCoord: {port: 1,}\\nb: 1  | rootCoord: {enableActiveStandby: true, port: 1,}\\nb: 1
            rootCoord: { # none\\n  }\\n  | rootCoord: {enableActiveStandby: true # none\\n  }\\n
            rootCoord: {\\n  port: 1\\n}  | rootCoord: {\\n  enableActiveStandby: true, port: 1\\n}
            rootCoord:\\n  {port: 1}\\n   | rootCoord:\\n  {enableActiveStandby: true, port: 1}\\n
            """)
    void between_braces_a_key_is_inserted_between_the_braces(String before, String after) {
        assertEdit(unescaped(before), unescaped(after));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rootCoord:                    | rootCoord:\\n  enableActiveStandby: true
            rootCoord:\\n                 | rootCoord:\\n  enableActiveStandby: true\\n
            rootCoord: # none\\nb: 1\\n   | rootCoord: # none\\n  enableActiveStandby: true\\nb: 1\\n
            a: 1\\r\\nrootCoord:\\r\\nb: 1| a: 1\\r\\nrootCoord:\\r\\n  enableActiveStandby: true\\r\\nb: 1
            rootCoord: ~ # none\\n        | rootCoord: {enableActiveStandby: true} # none\\n
            rootCoord: null               | rootCoord: {enableActiveStandby: true}
            rootCoord: !!null ''          | rootCoord: {enableActiveStandby: true}
            """)
    void an_empty_section_is_filled(String before, String after) {
        assertEdit(unescaped(before), unescaped(after));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rootCoord:\\n  enableActiveStandby:   false   # since 2.2\\n | rootCoord:\\n  enableActiveStandby:   true   # since 2.2\\n
            rootCoord:\\n  "enableActiveStandby": "false"   | rootCoord:\\n  "enableActiveStandby": true
            rootCoord: {enableActiveStandby: 'no', a: 1}    | rootCoord: {enableActiveStandby: true, a: 1}
            rootCoord: {enableActiveStandby: , a: 1}        | rootCoord: {enableActiveStandby: true , a: 1}
            rootCoord:\\n  enableActiveStandby:\\n  a: 1    | rootCoord:\\n  enableActiveStandby: true\\n  a: 1
            rootCoord:\\n  enableActiveStandby: # why\\n    | rootCoord:\\n  enableActiveStandby: true # why\\n
            rootCoord:\\n  enableActiveStandby: ~\\n        | rootCoord:\\n  enableActiveStandby: true\\n
            rootCoord:\\n  enableActiveStandby: !!bool false\\n | rootCoord:\\n  enableActiveStandby: true\\n
            rootCoord:\\n  enableActiveStandby: a\\n    b\\n| rootCoord:\\n  enableActiveStandby: true\\n
            rootCoord.enableActiveStandby: false            | rootCoord.enableActiveStandby: true
            ROOTCOORD: {enableactivestandby: false}         | ROOTCOORD: {enableactivestandby: true}
            root_coord: {enable_active_standby: false}      | root_coord: {enable_active_standby: true}
            """)
    @DisplayName("Row 73: a key set to another value is changed where it stands, and the change is told")
    void a_value_is_replaced_in_place(String before, String after) {
        assertEdit(unescaped(before), unescaped(after));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rootCoord:\n  enableActiveStandby: true\n",
                "rootCoord:\n  enableActiveStandby: \"true\"\n",
                "rootCoord:\n    enableActiveStandby:    True # on\n",
                "rootCoord: {enableActiveStandby: 'TRUE'}",
                "rootCoord.enableActiveStandby: true",
                "base: &b {enableActiveStandby: true}\nrootCoord: *b\n",
                "base: &b {enableActiveStandby: true}\nrootCoord:\n  <<: *b\n  port: 1\n",
                "rootCoord: {enableActiveStandby: true}\nrootcoord: {enableActiveStandby: true}\n",
            })
    @DisplayName("Row 73: a key that has its value already is left alone, however it is written")
    void nothing_to_change(String text) {
        Edit edit = MilvusYaml.parse(text).with(List.of(STANDBY));

        assertThat(edit.isEmpty()).isTrue();
        assertThat(edit.text()).isSameAs(text);
    }

    @Test
    @DisplayName("Row 73: the change tells the previous value as it was written")
    void the_change_tells_the_previous_value() {
        Edit edit =
                MilvusYaml.parse("rootcoord: {enableActiveStandby: 'false'}").with(List.of(STANDBY));

        assertThat(edit.changes())
                .singleElement()
                .hasToString("rootcoord.enableActiveStandby: 'false' -> true")
                .returns(Optional.of("'false'"), Change::previous);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            by-dev       | by-dev
            0            | 0
            -30          | -30
            true         | true
            True         | 'True'
            yes          | 'yes'
            null         | 'null'
            ~            | '~'
            010          | '010'
            1.50         | '1.50'
            0x1F         | '0x1F'
            1:30         | '1:30'
            host:2379    | 'host:2379'
            a # b        | 'a # b'
            it's         | 'it''s'
            [a]          | '[a]'
            """)
    void a_value_is_quoted_where_a_parser_could_misread_it(String value, String written) {
        assertThat(MilvusYaml.parse("").with(Map.of("a", value)).text()).isEqualTo("a: " + written + "\n");
    }

    @Test
    void an_empty_value_is_quoted() {
        assertThat(MilvusYaml.parse("").with(Map.of("a", "")).text()).isEqualTo("a: ''\n");
    }

    @Nested
    @DisplayName("R3: rollingUpdate.sh finds user.yaml by its place among the keys and its exact wording")
    class R3 {

        @Test
        void a_block_written_by_the_script_is_recognised_in_any_wording() {
            String text = """
                    indexCoord: {enableActiveStandby: true}
                    dataCoord:
                        enableActiveStandby: "true"
                    queryCoord:
                      enableActiveStandby: true
                    rootCoord:
                      enableActiveStandby: true
                    """;

            assertThat(MilvusYaml.parse(text)
                            .with(Arrays.stream(Coordinator.values())
                                    .map(Coordinator::activeStandby)
                                    .toList())
                            .changes())
                    .isEmpty();
        }
    }

    @Nested
    @DisplayName("R4: rollingUpdate.sh appends its keys to whatever is there")
    class R4 {

        @Test
        void a_section_that_exists_is_extended_and_not_repeated() {
            assertEdit("rootCoord:\n  port: 53100\n", "rootCoord:\n  enableActiveStandby: true\n  port: 53100\n");
        }

        @Test
        void indented_text_stays_indented() {
            assertEdit(
                    "  # all of it is indented\n  proxy:\n    port: 19530\n",
                    "  # all of it is indented\n  proxy:\n    port: 19530\n  rootCoord:\n    enableActiveStandby: true\n");
        }

        @ParameterizedTest
        @ValueSource(strings = {"|", "|-", "|+", ">", ">-", ">+", "|2", "|1-"})
        void a_block_scalar_at_the_end_keeps_its_text(String header) {
            String text = "script: " + header + "\n  echo # not a comment\n\n  done\n\n\n";

            assertEdit(text, text + "rootCoord:\n  enableActiveStandby: true\n");
        }

        @Test
        void a_block_scalar_cut_off_by_the_end_of_the_text_keeps_its_text() {
            assertEdit(
                    "# first\nscript: |\n  echo",
                    "# first\nrootCoord:\n  enableActiveStandby: true\nscript: |\n  echo");
        }

        @Test
        void editing_twice_is_editing_once() {
            Edit first = MilvusYaml.parse("rootCoord: {port: 1}\n").with(List.of(STANDBY));
            Edit second = MilvusYaml.parse(first.text()).with(List.of(STANDBY));

            assertThat(second.text()).isEqualTo(first.text());
            assertThat(second.changes()).isEmpty();
        }
    }

    @Nested
    @DisplayName("Row 72: what cannot be changed alone is refused")
    class Refusals {

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                base: &b {port: 1}\\nrootCoord: *b\\n                  | line 2, column 12: rootCoord is an alias of another section
                rootCoord: &b {port: 1}\\ndataCoord: *b\\n             | line 1, column 12: aliases elsewhere repeat this part of the file and would change with it
                rootCoord: &b {port: 1}\\ndataCoord: {<<: *b}\\n       | line 1, column 12: aliases elsewhere repeat this part of the file and would change with it
                b: &b {port: 1}\\nrootCoord:\\n  <<: *b\\n             | line 3, column 3: a merge key may override what is set next to it
                b: &b {enableActiveStandby: false}\\nrootCoord: *b      | line 1, column 8: its value comes from an anchor that other keys share
                b: &b false\\nrootCoord: {enableActiveStandby: *b}      | line 2, column 13: its value comes from an anchor that other keys share
                rootCoord: {enableActiveStandby: &b false}\\na: *b      | line 1, column 34: aliases elsewhere repeat this part of the file and would change with it
                rootCoord: 5\\n                                        | line 1, column 12: rootCoord is a value, not a section
                rootCoord: [a]\\n                                      | line 1, column 12: rootCoord is a value, not a section
                rootCoord: {enableActiveStandby: {a: 1}}                | line 1, column 34: a section or a list stands where its value is expected
                rootCoord:\\n  enableActiveStandby: >\\n    x\\n       | line 2, column 24: a block of text stands where its value is expected
                rootCoord: {enableActiveStandby: false}\\nrootcoord.enableActiveStandby: true | line 2, column 1: Milvus takes two keys for this setting, here and at line 1, column 13
                rootCoord:\\n  ? port\\n  : 1\\n                       | line 2, column 3: its section does not begin on a line of its own
                {rootCoord}                                             | line 1, column 1: the way the file is written leaves no place where it changes nothing else
                """)
        void with_place_and_reason(String text, String reason) {
            MilvusYaml yaml = MilvusYaml.parse(unescaped(text));

            assertThatThrownBy(() -> yaml.with(List.of(STANDBY)))
                    .isInstanceOf(UneditableYamlException.class)
                    .hasMessage("rootCoord.enableActiveStandby cannot be set in user.yaml, " + reason
                            + ". Set rootCoord.enableActiveStandby there by hand and start again; the file was left"
                            + " untouched.");
        }

        @Test
        void an_anchor_that_nobody_refers_to_is_no_obstacle() {
            assertEdit("rootCoord: &rc\n  port: 1\n", "rootCoord: &rc\n  enableActiveStandby: true\n  port: 1\n");
            assertEdit("rootCoord:\n  &rc\n  port: 1\n", "rootCoord:\n  &rc\n  enableActiveStandby: true\n  port: 1\n");
        }

        @Test
        void keys_that_are_no_text_are_no_obstacle() {
            assertEdit(
                    "1: one\ntrue: yes\n? [a, b]\n: list\n? {a: b}\n: map\n",
                    "1: one\ntrue: yes\n? [a, b]\n: list\n? {a: b}\n: map\nrootCoord:\n  enableActiveStandby: true\n");
        }
    }

    private static void assertEdit(String before, String after) {
        assertEdit(before, after, STANDBY);
    }

    private static void assertEdit(String before, String after, Setting... settings) {
        Edit edit = MilvusYaml.parse(before).with(List.of(settings));

        assertThat(edit.text()).isEqualTo(after);
        assertThat(MilvusYaml.parse(after).undo(edit.changes()))
                .returns(before, Reversal::text)
                .returns(List.of(), Reversal::left);
    }

    private static String unescaped(String text) {
        return text.replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\uFEFF", "\uFEFF")
                .replace("\\uD83D\\uDE00", "\uD83D\uDE00");
    }
}
