package io.github.milvusupgrade.k8s.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys that the defaults of a chart mention. A key is known if the defaults have it, or if it lies in what they
 * leave to the user: an empty section, a value that is no section, or what is listed as open.
 */
final class KnownKeys {

    /** Files of the user's own, beside the one that the defaults show as an example; and what all charts share. */
    private static final Set<String> FREE = Set.of("global", "extraConfigFiles");

    private final ObjectNode defaults;
    private final Set<String> open;

    private KnownKeys(ObjectNode defaults, Set<String> open) {
        this.defaults = defaults;
        this.open = open;
    }

    /** @param unknownSections top-level sections of which the defaults are not known */
    static KnownKeys of(ObjectNode defaults, Set<String> unknownSections) {
        Set<String> open = new HashSet<>(FREE);
        open.addAll(unknownSections);
        return new KnownKeys(defaults, Set.copyOf(open));
    }

    /** The paths of values for keys that are not known, sorted. Nulls ask for nothing and do not count. */
    List<String> missing(ObjectNode values) {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : values.properties()) {
            if (!open.contains(entry.getKey())) {
                collect(ValuePath.ROOT.child(entry.getKey()), entry.getValue(), defaults.get(entry.getKey()), missing);
            }
        }
        Collections.sort(missing);
        return Collections.unmodifiableList(missing);
    }

    private static void collect(ValuePath path, JsonNode value, @Nullable JsonNode known, List<String> missing) {
        if (known == null) {
            if (!value.isNull()) {
                missing.add(path.text());
            }
        } else if (value instanceof ObjectNode section && known instanceof ObjectNode defaults && !defaults.isEmpty()) {
            section.properties()
                    .forEach(entry -> collect(
                            path.child(entry.getKey()), entry.getValue(), defaults.get(entry.getKey()), missing));
        }
    }
}
