package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A label selector, written as in a query ({@code a=b,c!=d,e in (f,g),!h}) or as in a workload's spec. */
final class LabelSelector implements Predicate<JsonNode> {

    static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    private static final Pattern TERM_END = Pattern.compile(",(?![^(]*\\))");
    private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)");
    private static final Pattern EQUAL = Pattern.compile("([^=!\\s]+)\\s*(==|=|!=)\\s*(\\S*)");
    private static final Pattern EXISTS = Pattern.compile("(!?)\\s*([\\w./-]+)");

    private final List<Predicate<JsonNode>> terms;

    private LabelSelector(List<Predicate<JsonNode>> terms) {
        this.terms = terms;
    }

    static LabelSelector parse(String text) {
        List<Predicate<JsonNode>> terms = new ArrayList<>();
        for (String part : text.isBlank() ? new String[0] : TERM_END.split(text)) {
            terms.add(term(part.trim()));
        }
        return new LabelSelector(terms);
    }

    /** The selector of a workload: {@code matchLabels} and {@code matchExpressions}. */
    static LabelSelector of(JsonNode selector) {
        List<Predicate<JsonNode>> terms = new ArrayList<>();
        selector.path("matchLabels")
                .properties()
                .forEach(label ->
                        terms.add(in(label.getKey(), Set.of(label.getValue().asText()))));
        for (JsonNode expression : selector.path("matchExpressions")) {
            String key = expression.path("key").asText();
            List<String> values =
                    Json.stream(expression.path("values")).map(JsonNode::asText).toList();
            terms.add(
                    switch (expression.path("operator").asText()) {
                        case "In" -> in(key, Set.copyOf(values));
                        case "NotIn" -> in(key, Set.copyOf(values)).negate();
                        case "DoesNotExist" -> exists(key).negate();
                        default -> exists(key);
                    });
        }
        return new LabelSelector(terms);
    }

    /** Whether an object's labels satisfy every term. */
    @Override
    public boolean test(JsonNode object) {
        JsonNode labels = object.path("metadata").path("labels");
        return terms.stream().allMatch(term -> term.test(labels));
    }

    private static Predicate<JsonNode> term(String term) {
        Matcher set = SET.matcher(term);
        if (set.matches()) {
            Predicate<JsonNode> in =
                    in(set.group(1), Set.copyOf(List.of(set.group(3).trim().split("\\s*,\\s*"))));
            return set.group(2).equals("in") ? in : in.negate();
        }
        Matcher equal = EQUAL.matcher(term);
        if (equal.matches()) {
            Predicate<JsonNode> in = in(equal.group(1), Set.of(equal.group(3)));
            return equal.group(2).equals("!=") ? in.negate() : in;
        }
        Matcher exists = EXISTS.matcher(term);
        if (exists.matches()) {
            return exists.group(1).isEmpty()
                    ? exists(exists.group(2))
                    : exists(exists.group(2)).negate();
        }
        throw ApiFailure.badRequest("unable to parse requirement: found '" + term.replaceFirst(".*\\s", "")
                + "', expected: in, notin, =, ==, !=, gt, lt");
    }

    private static Predicate<JsonNode> in(String key, Set<String> values) {
        return labels -> labels.has(key) && values.contains(labels.path(key).asText());
    }

    private static Predicate<JsonNode> exists(String key) {
        return labels -> labels.has(key);
    }
}
