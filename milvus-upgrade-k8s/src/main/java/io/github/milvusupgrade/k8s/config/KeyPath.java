package io.github.milvusupgrade.k8s.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a setting, such as {@code rootCoord.enableActiveStandby}: keys from the outside in, separated by dots.
 *
 * <p>Milvus compares names without case, dots, underscores and slashes, and does not care how a name is spread over
 * nested keys: {@code rootCoord: {port: 1}} and {@code rootcoord.port: 1} are one setting (source:
 * {@code milvus-io/milvus:pkg/config/config.go}, {@code formatKey} and {@code flattenAndMergeMap}). Names below
 * {@code knowhere.}, which newer versions keep as they are, are compared in the same lenient way here.
 */
record KeyPath(String text) {

    private static final Pattern FORM = Pattern.compile("[^.\\s\\p{Cntrl}]+(\\.[^.\\s\\p{Cntrl}]+)*");

    /** @throws IllegalArgumentException if the text is no dotted name */
    static KeyPath parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is not the name of a setting: keys separated by single dots, without white space, are expected."
                    + " Write it like rootCoord.enableActiveStandby.");
        }
        return new KeyPath(text);
    }

    /** The path of keys as they are spelled in a file, whatever they contain. */
    static KeyPath of(List<String> keys) {
        return new KeyPath(String.join(".", keys));
    }

    List<String> keys() {
        return List.of(text.split("\\."));
    }

    String folded() {
        return fold(text);
    }

    static String fold(String key) {
        return key.toLowerCase(Locale.ROOT).replace("/", "").replace("_", "").replace(".", "");
    }
}
