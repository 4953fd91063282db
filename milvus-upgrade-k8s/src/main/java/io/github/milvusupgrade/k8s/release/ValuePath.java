package io.github.milvusupgrade.k8s.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.regex.Pattern;

/**
 * Where a value stands, as {@code helm --set} writes it: keys joined by dots, a dot within a key behind a backslash.
 *
 * @param text the path; empty for the whole of the values
 */
record ValuePath(String text) {

    static final ValuePath ROOT = new ValuePath("");

    private static final Pattern SECRET = Pattern.compile(
            "(?i).*(pass(word|wd|phrase)?|secret|token|credential|private|access_?key|auth_?params|sasl|cert|pem).*"
                    + "|(.*\\.)?(key|crt|auth|user(name)?)");
    private static final Pattern DOT = Pattern.compile("(?<!\\\\)\\.");

    static ValuePath parse(String text) {
        return new ValuePath(text);
    }

    ValuePath child(String key) {
        String escaped = key.replace(".", "\\.");
        return new ValuePath(text.isEmpty() ? escaped : text + "." + escaped);
    }

    JsonNode in(JsonNode values) {
        JsonNode found = values;
        for (String key : DOT.split(text)) {
            found = found.path(key.replace("\\.", "."));
        }
        return found.isNull() ? MissingNode.getInstance() : found;
    }

    /** Whether a key on the way to it sounds like a credential. Errs on the side of hiding. */
    boolean looksSecret() {
        return SECRET.matcher(text).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
