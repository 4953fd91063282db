package io.github.milvusupgrade.k8s.config;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a text is written as a YAML scalar that every parser reads back as that text: plain where no parser, old or new,
 * could take it for something else, in single quotes otherwise.
 */
record ScalarText(String value, boolean plain) {

    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*");
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
    private static final Set<String> BOOLEANS = Set.of("true", "false");

    /** What YAML 1.1 takes for a boolean or for null in some spelling. */
    private static final Set<String> NO_WORDS = Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

    static ScalarText of(String value) {
        boolean word = WORD.matcher(value).matches() && !NO_WORDS.contains(value.toLowerCase(Locale.ROOT));
        return new ScalarText(
                value,
                word || BOOLEANS.contains(value) || INTEGER.matcher(value).matches());
    }

    String source() {
        return plain ? value : "'" + value.replace("'", "''") + "'";
    }

    Object meaning() {
        return new Meaning.OfScalar(YamlNode.Properties.NONE, plain, value);
    }
}
