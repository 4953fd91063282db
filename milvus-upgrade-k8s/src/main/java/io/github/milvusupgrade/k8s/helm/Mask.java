package io.github.milvusupgrade.k8s.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.rollout.Redaction;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What Helm printed, as a message may hold it: not too long, and without credentials. Those of the values are known, so
 * that they are masked wherever Helm quotes them; others are masked if they look like credentials.
 */
final class Mask {

    private static final Pattern SECRET_KEY =
            Pattern.compile("(?i)passw|secret|token|credential|(access|private|api)[-_]?key");
    private static final int SHORTEST = 4;
    private static final int LIMIT = 4_000;

    private final List<String> secrets;

    private Mask(List<String> secrets) {
        this.secrets = secrets;
    }

    /** For a call that is handed no values. */
    static Mask ofNothing() {
        return new Mask(List.of());
    }

    static Mask of(ObjectNode values) {
        // The longest first, since one secret may be the beginning of another.
        TreeSet<String> secrets =
                new TreeSet<>(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        collect(values, false, secrets);
        return new Mask(List.copyOf(secrets));
    }

    private static void collect(JsonNode node, boolean secret, TreeSet<String> secrets) {
        if (node.isObject()) {
            node.properties().forEach(field -> {
                boolean named = SECRET_KEY.matcher(field.getKey()).find();
                collect(field.getValue(), secret || named, secrets);
            });
        } else if (node.isArray()) {
            node.forEach(item -> collect(item, secret, secrets));
        } else if (secret && node.isTextual() && node.textValue().length() >= SHORTEST) {
            secrets.add(node.textValue());
        }
    }

    String excerpt(String printed) {
        String text = printed.strip();
        for (String secret : secrets) {
            text = text.replace(secret, "***");
        }
        text = Redaction.of(text);
        return text.length() <= LIMIT ? text : text.substring(0, LIMIT) + "…";
    }

    /** The last sentence of a message. */
    String said(String printed) {
        return printed.isBlank() ? "Helm said nothing." : "Helm said: " + excerpt(printed);
    }
}
