package io.github.milvusupgrade.k8s.config;

/**
 * A Milvus setting and the value it is to have. Both are written to the journal when the setting is applied, so a
 * setting is no place for credentials.
 *
 * @param name keys from the outside in, separated by dots: {@code rootCoord.enableActiveStandby}
 * @param value the value as text: {@code true}, {@code 30}, {@code by-dev}; quoted in the file where YAML needs it
 */
public record Setting(String name, String value) {

    /** @throws IllegalArgumentException if the name is no dotted name, or the value has control characters */
    public Setting {
        KeyPath.parse(name);
        if (value.chars().anyMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029')) {
            throw new IllegalArgumentException("The value for " + name
                    + " has a line break or another control character: a setting is one line. Remove the character.");
        }
    }

    /** The value true, for switches such as {@code rootCoord.enableActiveStandby}. */
    public static Setting enabled(String name) {
        return new Setting(name, "true");
    }

    KeyPath path() {
        return KeyPath.parse(name);
    }

    /** True if a value found means the same: equal text, or the same boolean in another case ({@code True}). */
    boolean isMetBy(String found) {
        boolean isBoolean = value.equals("true") || value.equals("false");
        return isBoolean ? value.equalsIgnoreCase(found) : value.equals(found);
    }
}
