package io.github.milvusupgrade.k8s.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One of Milvus' configuration files, {@code user.yaml} or {@code default.yaml}, as text. It is read as Milvus reads it
 * and edited in place: comments, order, indentation, quotes, line ends, byte order mark and the end of the file stay as
 * they are, byte for byte.
 *
 * <p>Whoever edits the ConfigMap of an instance goes through this class; the official {@code rollingUpdate.sh} appends
 * lines instead, and leaves duplicate keys or broken YAML where sections exist already or the text is indented (source:
 * {@code milvus-io/milvus:deployments/upgrade/rollingUpdate.sh}, {@code set_rollingupdate_mode}).
 *
 * <p>Immutable and safe for use by several threads. No method has side effects. Texts of more than 1 MiB, the limit of
 * a ConfigMap, are refused.
 */
public final class MilvusYaml {

    private static final String USER_YAML = "user.yaml";

    private final YamlDocument document;

    private MilvusYaml(YamlDocument document) {
        this.document = document;
    }

    /**
     * Reads the text of {@code user.yaml}. Empty text and nothing but comments, as the Helm chart writes by default, is
     * a valid file.
     *
     * @throws MalformedYamlException if Milvus could not read the text, or would ignore a part of it: a syntax error, a
     *     key set twice, a second document, no keys and values at the top
     */
    public static MilvusYaml parse(String text) {
        return parse(USER_YAML, text);
    }

    /**
     * Reads the text of a file of another name; the name is used in messages.
     *
     * @throws MalformedYamlException as {@link #parse(String)}
     */
    public static MilvusYaml parse(String fileName, String text) {
        return new MilvusYaml(YamlReader.read(fileName, text));
    }

    /** The text, exactly as it was given. It may hold credentials. */
    public String text() {
        return document.text();
    }

    /**
     * The value of a setting as text: {@code true}, {@code 53100}, {@code by-dev}. As in Milvus, names are compared
     * without case, {@code _}, {@code /} and {@code .}, however they are spread over nested keys; if several keys
     * match, one that is spelled and nested exactly like the name wins. Aliases and merge keys are followed. A list
     * reads as its items joined by commas and null as the empty text (source:
     * {@code milvus-io/milvus:pkg/config/config.go}).
     *
     * @param name keys from the outside in, separated by dots: {@code rootCoord.enableActiveStandby}
     * @return nothing if the file does not set it, or if it is a section
     * @throws IllegalArgumentException if the name is no dotted name
     */
    public Optional<String> value(String name) {
        return Match.all(document, KeyPath.parse(name)).stream()
                .flatMap(match -> ConfigValue.of(match.value()).stream())
                .findFirst();
    }

    /**
     * The text with these settings. A setting that has its value already is left alone, so doing it twice is doing it
     * once. A value that differs is replaced where it stands; a missing key becomes the first one of its section; a
     * missing section goes to the end of the file. The result has been read again and says what this file says, plus
     * the settings, and nothing else.
     *
     * @throws UneditableYamlException if a setting cannot be changed alone: aliases, merge keys, two spellings of one
     *     setting, a value where a section is expected or the other way round
     */
    public Edit with(Collection<Setting> settings) {
        YamlDocument current = document;
        List<Change> changes = new ArrayList<>();
        for (Setting setting : settings) {
            Optional<SettingWriter.Written> written = SettingWriter.write(current, setting);
            if (written.isPresent()) {
                current = written.get().document();
                changes.add(written.get().change());
            }
        }
        return new Edit(current.text(), changes);
    }

    /** {@link #with(Collection)} for names and values, in the order of the map. */
    public Edit with(Map<String, String> values) {
        return with(values.entrySet().stream()
                .map(entry -> new Setting(entry.getKey(), entry.getValue()))
                .toList());
    }

    /**
     * The text without the changes of an earlier {@link #with}, the last one first. If nobody has edited the text
     * since, the result is the text of that time, byte for byte. Otherwise only what was set then is removed or
     * restored: a setting somebody else has changed since is left alone and reported, and so is one that is back
     * already, so doing it twice is doing it once.
     *
     * @param changes {@link Edit#changes()}, in the same order
     */
    public Reversal undo(List<Change> changes) {
        YamlDocument current = document;
        List<Change> undone = new ArrayList<>();
        List<Reversal.Left> left = new ArrayList<>();
        for (int i = changes.size() - 1; i >= 0; i--) {
            ChangeReversal.Outcome outcome = ChangeReversal.reverse(current, changes.get(i));
            current = outcome.document();
            if (outcome.leftBecause() == null) {
                undone.add(changes.get(i));
            } else {
                left.add(new Reversal.Left(changes.get(i), outcome.leftBecause()));
            }
        }
        return new Reversal(current.text(), undone, left);
    }

    /** Leaves the text out: it may hold credentials. */
    @Override
    public String toString() {
        return document.fileName() + " (" + document.text().length() + " characters)";
    }
}
