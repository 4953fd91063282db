package io.github.milvusupgrade.k8s.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EffectiveConfigTest {

    private static final MilvusYaml DEFAULT_YAML = MilvusYaml.parse("default.yaml", """
            messageQueue: pulsar
            etcd:
              endpoints: [etcd-0:2379, etcd-1:2379]
              rootPath: by-dev
            rootCoord:
              enableActiveStandby: false
            dataCoord:
              enableActiveStandby: true
            """);

    private static EffectiveConfig with(String userYaml) {
        return EffectiveConfig.of(DEFAULT_YAML, MilvusYaml.parse(userYaml));
    }

    @Test
    void user_yaml_overrides_default_yaml_setting_by_setting() {
        EffectiveConfig config = with("etcd:\n  rootPath: mine\nmq: {type: kafka}\n");

        assertThat(config.value("etcd.rootPath")).contains("mine");
        assertThat(config.value("messageQueue")).contains("pulsar");
        assertThat(config.value("mq.type")).contains("kafka");
        assertThat(config.value("etcd.endpoints")).contains("etcd-0:2379,etcd-1:2379");
        assertThat(config.value("etcd")).isEmpty();
        assertThat(config.value("proxy.port")).isEmpty();
        assertThat(EffectiveConfig.of(DEFAULT_YAML).value("etcd.rootPath")).contains("by-dev");
    }

    @Test
    void an_override_counts_however_it_is_spelled() {
        assertThat(with("ETCD.root_path: mine").value("etcd.rootPath")).contains("mine");
    }

    @Test
    void an_empty_override_is_an_override() {
        assertThat(with("etcd:\n  rootPath:\n").value("etcd.rootPath")).contains("");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rootCoord: {port: 1}                             | 1
            rootcoord: {PORT: 1}                             | 1
            rootCoord.port: 1                                | 1
            root_coord/port: 1                               | 1
            rootcoord: {port: 1}\\nrootCoord: {port: 2}      | 2
            rootCoord: {port: '1'}                           | 1
            rootCoord: {port: ~}                             | ''
            rootCoord: {port: [1, ~, 2]}                     | 1,,2
            a: &a {port: 1}\\nrootCoord: *a                  | 1
            a: &a {port: 1}\\nrootCoord: {<<: *a}            | 1
            a: &a {port: 1}\\nrootCoord: {<<: *a, port: 2}   | 2
            a: &a {port: 1}\\nb: &b {port: 2}\\nrootCoord: {<<: [*b, *a]} | 2
            a: &a {x: {port: 1}}\\nrootCoord: {<<: *a, x: 2, port: 3} | 3
            a: &a 1\\nrootCoord: {port: *a}                  | 1
            """)
    void a_value_is_found_as_milvus_finds_it(String text, String value) {
        assertThat(MilvusYaml.parse(text.replace("\\n", "\n")).value("rootCoord.port"))
                .contains(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a..b", ".a", "a.", "a b", "a\n"})
    void a_name_must_be_a_name(String name) {
        assertThatThrownBy(() -> DEFAULT_YAML.value(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + name + "' is not the name of a setting: keys separated by single dots, without white"
                        + " space, are expected. Write it like rootCoord.enableActiveStandby.");
    }

    @Test
    void a_setting_is_one_line() {
        assertThatThrownBy(() -> new Setting("a.b", "x\ny"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The value for a.b has a line break or another control character: a setting is one line."
                        + " Remove the character.");
    }

    @Nested
    class ActiveStandbySettings {

        @Test
        void missing_are_those_of_running_coordinators_that_are_not_on() {
            assertThat(ActiveStandby.missing(
                            with("indexcoord: {enableActiveStandby: True}"), EnumSet.allOf(Coordinator.class)))
                    .containsExactly(
                            Setting.enabled("rootCoord.enableActiveStandby"),
                            Setting.enabled("queryCoord.enableActiveStandby"));
            assertThat(ActiveStandby.missing(with(""), EnumSet.of(Coordinator.DATA)))
                    .isEmpty();
        }

        @Test
        void user_yaml_can_switch_off_what_default_yaml_switched_on() {
            assertThat(ActiveStandby.missing(
                            with("dataCoord: {enableActiveStandby: false}"), EnumSet.of(Coordinator.DATA)))
                    .containsExactly(Setting.enabled("dataCoord.enableActiveStandby"));
        }

        @Test
        void once_set_none_is_missing() {
            MilvusYaml user = MilvusYaml.parse("# nothing yet");
            EnumSet<Coordinator> all = EnumSet.allOf(Coordinator.class);
            Edit edit = user.with(ActiveStandby.missing(EffectiveConfig.of(DEFAULT_YAML, user), all));

            assertThat(edit.text()).isEqualTo("""
                            # nothing yet
                            rootCoord:
                              enableActiveStandby: true
                            queryCoord:
                              enableActiveStandby: true
                            indexCoord:
                              enableActiveStandby: true""".stripTrailing());
            assertThat(ActiveStandby.missing(with(edit.text()), all)).isEmpty();
            assertThat(MilvusYaml.parse(edit.text()).value("messageQueue")).isEqualTo(Optional.empty());
        }
    }
}
