package io.github.milvusupgrade.k8s.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What differs between two trees of values, for people and for a plan. Credentials do not get into it: values of keys
 * that sound like one are hidden, and so are texts of several lines, which are whole files.
 *
 * @param changes what differs, sorted by path
 */
public record ValuesDiff(List<Change> changes) {

    private static final String HIDDEN = "(hidden)";
    private static final int LONGEST = 80;

    /** Copy what is handed in. */
    public ValuesDiff {
        changes = List.copyOf(changes);
    }

    /** What happened to a value. */
    public enum Kind {
        ADDED,
        REMOVED,
        CHANGED
    }

    /**
     * One value that differs.
     *
     * @param path where it stands, as {@code helm --set} writes it
     * @param before what it was, fit for printing; empty if it was added
     * @param after what it is, fit for printing; empty if it was removed
     */
    public record Change(String path, Kind kind, String before, String after) {

        /** One line: {@code changed image.all.tag: "v2.2.4" -> "v2.2.16"}. */
        @Override
        public String toString() {
            String what = kind.name().toLowerCase(Locale.ROOT) + " " + path + ": ";
            return kind == Kind.CHANGED ? what + before + " -> " + after : what + before + after;
        }
    }

    /** Compares two trees. A null is the same as nothing; 1 and 1.0 are the same. */
    public static ValuesDiff between(ObjectNode before, ObjectNode after) {
        List<Change> changes = new ArrayList<>();
        compare(ValuePath.ROOT, before, after, changes);
        changes.sort(Comparator.comparing(Change::path));
        return new ValuesDiff(changes);
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** One line for each change. */
    @Override
    public String toString() {
        return changes.stream().map(Change::toString).collect(Collectors.joining("\n"));
    }

    private static void compare(ValuePath path, JsonNode before, JsonNode after, List<Change> changes) {
        if (before instanceof ObjectNode && after instanceof ObjectNode) {
            TreeSet<String> keys = new TreeSet<>();
            Collections.addAll(keys, names(before));
            Collections.addAll(keys, names(after));
            keys.forEach(key -> compare(path.child(key), at(before, key), at(after, key), changes));
        } else if (!before.equals(ValuesDiff::compareNumbers, after)) {
            Kind kind = before.isMissingNode() ? Kind.ADDED : after.isMissingNode() ? Kind.REMOVED : Kind.CHANGED;
            changes.add(new Change(path.text(), kind, shown(path, before), shown(path, after)));
        }
    }

    private static String[] names(JsonNode node) {
        return node.properties().stream().map(entry -> entry.getKey()).toArray(String[]::new);
    }

    private static JsonNode at(JsonNode node, String key) {
        JsonNode found = node.path(key);
        return found.isNull() ? MissingNode.getInstance() : found;
    }

    private static int compareNumbers(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    private static String shown(ValuePath path, JsonNode value) {
        if (value.isMissingNode()) {
            return "";
        }
        if (value.isObject()) {
            return "(section of " + value.size() + ")";
        }
        if (value.isArray()) {
            return "(list of " + value.size() + ")";
        }
        if (path.looksSecret()) {
            return HIDDEN;
        }
        String text = value.asText();
        if (text.contains("\n")) {
            return "(text of " + text.lines().count() + " lines)";
        }
        if (text.contains("://") && text.contains("@")) {
            return HIDDEN;
        }
        String json = value.toString();
        return json.length() > LONGEST ? "(text of " + text.length() + " characters)" : json;
    }
}
