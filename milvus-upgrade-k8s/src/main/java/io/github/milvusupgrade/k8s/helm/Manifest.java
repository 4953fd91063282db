package io.github.milvusupgrade.k8s.helm;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A rendered manifest as objects. Read as Helm's own parser reads it, which is YAML 1.1 ({@code 0644} is octal,
 * {@code yes} is true), so that it says what Kubernetes would be told.
 */
public final class Manifest {

    private static final int MAX_CODE_POINTS = 64 << 20;
    private static final int MAX_ALIASES = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Manifest() {}

    /**
     * The objects, with those of {@code List}s one by one.
     *
     * @throws IllegalArgumentException if the text is no manifest; the message quotes nothing of it
     */
    public static List<RenderedObject> objects(String manifest, String namespace) {
        List<RenderedObject> objects = new ArrayList<>();
        try {
            for (Object document : yaml().loadAll(manifest)) {
                if (document != null) {
                    add(objects, JSON.valueToTree(jsonable(document)), namespace);
                }
            }
        } catch (YAMLException | ClassCastException e) {
            // Without the cause, whose message quotes the text: it may be that of a Secret.
            throw new IllegalArgumentException("document " + (objects.size() + 1) + " is no YAML mapping");
        }
        return objects;
    }

    private static void add(List<RenderedObject> objects, ObjectNode object, String namespace) {
        String kind = object.path("kind").asText("");
        if (kind.endsWith("List") && object.path("items").isArray()) {
            object.path("items").forEach(item -> add(objects, (ObjectNode) item, namespace));
            return;
        }
        String name = object.at("/metadata/name").asText("");
        if (kind.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("document " + (objects.size() + 1) + " has no kind or no name");
        }
        objects.add(
                new RenderedObject(kind, name, object.at("/metadata/namespace").asText(namespace), object));
    }

    /** Keys become text, as in JSON they must. */
    private static @Nullable Object jsonable(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(String.valueOf(key), jsonable(item)));
            return copy;
        }
        return value instanceof List<?> list
                ? list.stream().map(Manifest::jsonable).toList()
                : value;
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CODE_POINTS);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        DumperOptions unused = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(unused), unused, options, new HelmScalars());
    }

    /** Helm's parser knows neither dates nor numbers of base 60: {@code 10:30} is text. */
    private static final class HelmScalars extends Resolver {

        private static final Pattern INTEGER =
                Pattern.compile("[-+]?(?:0|[1-9][0-9_]*|0[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+)");
        private static final Pattern DECIMAL =
                Pattern.compile("[-+]?(?:(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
                        + "|\\.(?:inf|Inf|INF))|\\.(?:nan|NaN|NAN)");

        @Override
        public void addImplicitResolver(Tag tag, Pattern pattern, String first, int limit) {
            if (tag.equals(Tag.INT)) {
                super.addImplicitResolver(tag, INTEGER, first, limit);
            } else if (tag.equals(Tag.FLOAT)) {
                super.addImplicitResolver(tag, DECIMAL, first, limit);
            } else if (!tag.equals(Tag.TIMESTAMP)) {
                super.addImplicitResolver(tag, pattern, first, limit);
            }
        }
    }
}
