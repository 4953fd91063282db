package io.github.milvusupgrade.k8s.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What holds for every edit of every text. The judge of meaning is the parser's own loading into Java maps. */
@DisplayName("Row 72: an edit preserves everything else byte for byte, or is refused")
class MilvusYamlPropertiesTest {

    private static final int TEXTS = 500;

    private static final List<String> DAMAGE = List.of(
            ":",
            "\n",
            " ",
            "{",
            "}",
            "'",
            "\"",
            "#",
            "&a ",
            "*a",
            "<<: ",
            "- ",
            "? ",
            "\t",
            "|",
            ",",
            "\r",
            "\u0085",
            "\u2028",
            "\ud800",
            "\"\\UFFFFFFFF\"",
            "\"\\u12\"",
            "!",
            "!<%zz>",
            "%",
            "@",
            "\uFEFF",
            "\0",
            "---",
            "\n...\n");

    private static final List<Setting> STANDBY =
            Stream.of(Coordinator.values()).map(Coordinator::activeStandby).toList();
    private static final List<Setting> OTHERS = List.of(
            new Setting("log.level", "debug"), new Setting("log.file.maxSize", "300"), new Setting("mq.type", "kafka"));

    @Test
    void the_text_says_what_it_said_before_plus_the_settings() {
        everyText(1, (text, edit) -> assertThat(load(edit.text())).isEqualTo(plus(load(text), STANDBY)));
    }

    @Test
    void every_character_of_the_text_is_still_there_in_its_order() {
        everyText(2, (text, edit) -> {
            if (edit.changes().stream()
                    .allMatch(change ->
                            change.previous().isEmpty() && change.emptySection().isEmpty())) {
                assertThat(isWithin(text, edit.text())).isTrue();
            }
        });
    }

    @Test
    void editing_twice_is_editing_once() {
        everyText(3, (text, edit) -> {
            Edit again = MilvusYaml.parse(edit.text()).with(STANDBY);
            assertThat(again.changes()).isEmpty();
            assertThat(again.text()).isEqualTo(edit.text());
        });
    }

    @Test
    void the_journaled_changes_lead_back_to_the_same_bytes() {
        everyText(4, (text, edit) -> {
            Reversal reversal = MilvusYaml.parse(edit.text()).undo(journaled(edit.changes()));
            assertThat(reversal.text()).isEqualTo(text);
            assertThat(reversal.left()).isEmpty();
        });
    }

    @Test
    void what_was_set_by_others_meanwhile_survives_the_way_back() {
        everyText(5, (text, edit) -> {
            Edit others = MilvusYaml.parse(edit.text()).with(OTHERS);
            Reversal reversal = MilvusYaml.parse(others.text()).undo(journaled(edit.changes()));
            assertThat(reversal.left()).isEmpty();
            assertThat(load(reversal.text())).isEqualTo(plus(load(text), OTHERS));
            assertThat(load(MilvusYaml.parse(reversal.text())
                            .undo(others.changes())
                            .text()))
                    .isEqualTo(load(text));
        });
    }

    @Test
    void a_damaged_text_is_refused_or_edited_but_never_broken() {
        int edited = 0;
        for (long seed = 0; seed < TEXTS; seed++) {
            String text = damaged(RandomYaml.text(seed), new Random(seed));
            try {
                Edit edit = MilvusYaml.parse(text).with(STANDBY);
                MilvusYaml after = MilvusYaml.parse(edit.text());
                assertThat(after.with(STANDBY).changes()).as("seed %d", seed).isEmpty();
                assertThat(after.undo(edit.changes()).text())
                        .as("seed %d", seed)
                        .isEqualTo(text);
                edited++;
            } catch (MalformedYamlException | UneditableYamlException refused) {
                assertThat(refused).hasMessageContaining("user.yaml");
            }
        }
        assertThat(edited).as("texts that survived the damage").isBetween(TEXTS / 10, TEXTS);
    }

    private interface Property {

        void check(String text, Edit edit);
    }

    /** Every property has texts of its own, so that together they see more of them. */
    private static void everyText(int series, Property property) {
        LongStream.range((long) series * TEXTS, (series + 1L) * TEXTS).forEach(seed -> {
            String text = RandomYaml.text(seed);
            try {
                property.check(text, MilvusYaml.parse(text).with(STANDBY));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + text, e);
            }
        });
    }

    private static List<Change> journaled(List<Change> changes) {
        return changes.stream().map(Change::toMap).map(Change::fromMap).toList();
    }

    private static Map<Object, Object> load(String text) {
        Map<Object, Object> loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        return loaded == null ? Map.of() : loaded;
    }

    private static Map<Object, Object> plus(Map<Object, Object> config, List<Setting> settings) {
        Map<Object, Object> result = config;
        for (Setting setting : settings) {
            result = plus(result, setting.path().keys(), setting);
        }
        return result;
    }

    private static Map<Object, Object> plus(Map<Object, Object> config, List<String> keys, Setting setting) {
        Map<Object, Object> result = new LinkedHashMap<>(config);
        Object inner = result.get(keys.get(0));
        if (keys.size() > 1) {
            Map<Object, Object> section = inner == null ? Map.of() : asMap(inner);
            result.put(keys.get(0), plus(section, keys.subList(1, keys.size()), setting));
        } else if (inner == null || !setting.isMetBy(inner.toString())) {
            result.put(keys.get(0), load("value: " + setting.value()).get("value"));
        }
        return result;
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, Object> asMap(Object section) {
        return (Map<Object, Object>) section;
    }

    private static boolean isWithin(String part, String whole) {
        int at = 0;
        for (int i = 0; i < whole.length() && at < part.length(); i++) {
            at += whole.charAt(i) == part.charAt(at) ? 1 : 0;
        }
        return at == part.length();
    }

    private static String damaged(String text, Random random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = 0; i <= random.nextInt(3); i++) {
            int at = random.nextInt(damaged.length() + 1);
            if (random.nextBoolean()) {
                damaged.insert(at, DAMAGE.get(random.nextInt(DAMAGE.size())));
            } else if (at < damaged.length()) {
                damaged.deleteCharAt(at);
            }
        }
        return damaged.toString();
    }
}
