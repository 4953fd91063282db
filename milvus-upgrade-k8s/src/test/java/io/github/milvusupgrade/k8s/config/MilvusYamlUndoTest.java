package io.github.milvusupgrade.k8s.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Taking an edit back after somebody else has worked on the text, with nothing but the journaled changes. */
class MilvusYamlUndoTest {

    private static final Setting STANDBY = Setting.enabled("rootCoord.enableActiveStandby");

    @Test
    void what_others_added_stays() {
        List<Change> changes = editOf("proxy:\n  port: 1\n");

        assertUndone(
                changes,
                "# new\nproxy:\n  port: 2\nrootCoord:\n  # ours\n  enableActiveStandby: true # really\n  port: 3\nlog: {}\n",
                "# new\nproxy:\n  port: 2\nrootCoord:\n  # ours\n  port: 3\nlog: {}\n");
    }

    @Test
    void a_section_we_made_goes_and_comments_others_wrote_into_it_stay() {
        List<Change> changes = editOf("a: 1\n");

        assertUndone(
                changes, "a: 1\nrootCoord:\n  # why\n  enableActiveStandby: true\nb: 2\n", "a: 1\n  # why\nb: 2\n");
    }

    @Test
    void a_section_that_was_there_stays_even_if_others_emptied_it() {
        List<Change> changes = editOf("rootCoord:\n  port: 1\n");

        assertUndone(changes, "rootCoord:\n  enableActiveStandby: true\n", "rootCoord:\n");
    }

    @Test
    void a_line_added_behind_a_text_without_last_line_break_is_kept() {
        List<Change> changes = editOf("a: 1");

        assertUndone(changes, "a: 1\nrootCoord:\n  enableActiveStandby: true\nb: 2", "a: 1\nb: 2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {a: 1, rootCoord: {enableActiveStandby: true}}          | {a: 1}
            {a: 1, rootCoord: {enableActiveStandby: true}, b: 2}    | {a: 1, b: 2}
            {rootCoord: {enableActiveStandby: true},\\n a: 1}       | {a: 1}
            {rootCoord: {port: 1, enableActiveStandby: true}, a: 1} | {rootCoord: {port: 1}, a: 1}
            rootCoord:\\n  enableActiveStandby: true\\na: 1         | a: 1
            """)
    void an_edit_between_braces_is_found_wherever_it_is_now(String now, String then) {
        assertUndone(editOf("{a: 1}"), now.replace("\\n", "\n"), then);
    }

    @Test
    void the_previous_value_returns_with_its_quotes_wherever_the_key_is_now() {
        List<Change> changes = editOf("rootCoord:\n  enableActiveStandby: \"false\" # c\n");

        assertUndone(
                changes,
                "b: 1\r\nrootCoord: {a: 1, enableActiveStandby: true}\r\n",
                "b: 1\r\nrootCoord: {a: 1, enableActiveStandby: \"false\"}\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: 1                                             | the key is not there any more
            rootCoord:                                       | the key is not there any more
            rootCoord: {enableActiveStandby: false}          | it has its previous value already
            rootCoord: {enableActiveStandby: 'true'}         | somebody has changed it since
            rootCoord: {enableActiveStandby: {a: 1}}         | somebody has changed it since
            a: &a {enableActiveStandby: true}\\nrootCoord: *a | the key is not there any more
            """)
    void a_setting_that_somebody_else_changed_is_left_alone(String now, String reason) {
        List<Change> changes = editOf("rootCoord: {enableActiveStandby: false}");
        String text = now.replace("\\n", "\n").replace("'", "\"");

        assertThat(MilvusYaml.parse(text).undo(changes))
                .isEqualTo(new Reversal(text, List.of(), List.of(new Reversal.Left(changes.get(0), reason))));
    }

    @Test
    void undoing_twice_is_undoing_once() {
        String before = "a: 1\ndataCoord:\n  enableActiveStandby: false\n";
        Edit edit = MilvusYaml.parse(before)
                .with(Arrays.stream(Coordinator.values())
                        .map(Coordinator::activeStandby)
                        .toList());

        Reversal first = MilvusYaml.parse(edit.text()).undo(edit.changes());
        Reversal second = MilvusYaml.parse(first.text()).undo(edit.changes());

        assertThat(first.undone()).hasSize(4);
        assertThat(second.text()).isEqualTo(first.text()).isEqualTo(before);
        assertThat(second.left()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rootCoord: &rc\n  enableActiveStandby: true\ndataCoord: *rc\n",
                "rootCoord: &rc\n  port: 1\n  enableActiveStandby: true\ndataCoord: *rc\n",
                "rootCoord: &rc\n  enableActiveStandby: true\n",
            })
    void a_removal_that_would_change_something_else_is_left_undone(String text) {
        List<Change> changes = editOf("");

        assertThat(MilvusYaml.parse(text).undo(changes).text()).isEqualTo(text);
        assertThat(MilvusYaml.parse(text).undo(changes).left())
                .extracting(Reversal.Left::reason)
                .containsExactly("taking it back would change something else as well");
    }

    @Test
    void a_change_goes_to_the_journal_and_comes_back() {
        Edit edit = MilvusYaml.parse(
                        "password: s3cret\nrootCoord: ~ # s3cret\ndataCoord: {enableActiveStandby: 'no'}\n")
                .with(List.of(STANDBY, Coordinator.DATA.activeStandby(), Coordinator.INDEX.activeStandby()));

        assertThat(edit.changes().stream().map(Change::toMap))
                .containsExactly(
                        Map.of(
                                "name", "rootCoord.enableActiveStandby",
                                "value", "true",
                                "createdSections", "0",
                                "emptySection", "~"),
                        Map.of(
                                "name", "dataCoord.enableActiveStandby",
                                "value", "true",
                                "previous", "'no'",
                                "createdSections", "0"),
                        Map.of("name", "indexCoord.enableActiveStandby", "value", "true", "createdSections", "1"));
        assertThat(edit.changes().stream().map(Change::toMap).map(Change::fromMap))
                .isEqualTo(edit.changes());
        assertThat(edit.toString()).doesNotContain("s3cret");
    }

    @Test
    void a_damaged_journal_is_reported() {
        assertThatThrownBy(() -> Change.fromMap(Map.of("name", "a.b", "value", "1")))
                .hasMessage("A recorded configuration change cannot be read: 'createdSections' is missing."
                        + " Take the change back by hand.");
        assertThatThrownBy(() -> Change.fromMap(Map.of("name", "a.b", "value", "1", "createdSections", "two")))
                .hasMessage("A recorded configuration change cannot be read: 'createdSections' is no number."
                        + " Take the change back by hand.");
    }

    private static List<Change> editOf(String before) {
        return MilvusYaml.parse(before).with(List.of(STANDBY)).changes();
    }

    private static void assertUndone(List<Change> changes, String now, String then) {
        assertThat(MilvusYaml.parse(now).undo(changes)).isEqualTo(new Reversal(then, changes, List.of()));
    }
}
