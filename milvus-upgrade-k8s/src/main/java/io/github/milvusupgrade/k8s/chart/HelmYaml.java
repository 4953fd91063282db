package io.github.milvusupgrade.k8s.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML as Helm reads it: the words of YAML 1.1 ({@code yes} is true), but times of day and dates are texts, so
 * that {@code 12:30} is not 750 (kubernetes-sigs/yaml:goyaml.v2/resolve.go). Aliases are followed. A hostile text costs
 * no more than a refusal: 5 MiB of text, 50 levels, 50 aliases of collections, a million values with all aliases
 * written out, and nothing but plain values is ever constructed.
 */
public final class HelmYaml {

    private static final int MAX_CHARACTERS = 5 << 20;
    private static final int MAX_VALUES = 1_000_000;
    private static final int MAX_DEPTH = 50;
    private static final double EXACT_AS_LONG = 1e15;

    private final Code code;
    private final String name;
    private int values;

    private HelmYaml(Code code, String name) {
        this.code = code;
        this.name = name;
    }

    /**
     * Reads one mapping; empty text is an empty one.
     *
     * @param code what to throw if it cannot be read, such as {@link Code#VALUES_UNUSABLE}
     * @param name what the text is, for messages
     * @throws UpgradeException with that code, line and column; the text is never quoted, for it may hold passwords
     */
    public static ObjectNode parse(Code code, String name, String text) {
        return new HelmYaml(code, name).mapping(text);
    }

    private ObjectNode mapping(String text) {
        Object root = load(text);
        if (root == null) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (json(root, 1) instanceof ObjectNode object) {
            return object;
        }
        throw unusable("", "it is not made of keys and values");
    }

    private @Nullable Object load(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setNestingDepthLimit(MAX_DEPTH);
        DumperOptions never = new DumperOptions();
        try {
            return new Yaml(new SafeConstructor(options), new Representer(never), never, options, new HelmWords())
                    .load(text);
        } catch (MarkedYAMLException e) {
            throw unusable(place(e), "it is no valid YAML");
        } catch (YAMLException e) {
            throw unusable(
                    "",
                    text.length() > MAX_CHARACTERS
                            ? "it has more than " + MAX_CHARACTERS + " characters"
                            : "it is no valid YAML, or uses aliases or levels without measure");
        } catch (IllegalArgumentException e) {
            // What the parser lets out for numbers and escapes that are out of range.
            throw unusable("", "a number in it is out of range");
        }
    }

    /** Where a text is broken: {@code " at line 3, column 1"}; empty if the parser does not know. */
    static String place(MarkedYAMLException broken) {
        Mark mark = broken.getProblemMark() == null ? broken.getContextMark() : broken.getProblemMark();
        return mark == null ? "" : " at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }

    private JsonNode json(@Nullable Object value, int depth) {
        if (++values > MAX_VALUES || depth > MAX_DEPTH) {
            throw unusable(
                    "",
                    "with its aliases written out it has more than " + MAX_VALUES + " values or " + MAX_DEPTH
                            + " levels");
        }
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value == null) {
            return nodes.nullNode();
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = nodes.objectNode();
            map.forEach((key, entry) -> object.set(String.valueOf(key), json(entry, depth + 1)));
            return object;
        }
        if (value instanceof Set<?> set) {
            ObjectNode object = nodes.objectNode();
            set.forEach(key -> object.putNull(String.valueOf(key)));
            return object;
        }
        if (value instanceof Iterable<?> items) {
            ArrayNode array = nodes.arrayNode();
            items.forEach(item -> array.add(json(item, depth + 1)));
            return array;
        }
        return scalar(value);
    }

    private static JsonNode scalar(Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value instanceof Boolean flag) {
            return nodes.booleanNode(flag);
        }
        if (value instanceof Integer number) {
            return nodes.numberNode(number);
        }
        if (value instanceof Long number) {
            return nodes.numberNode(number);
        }
        if (value instanceof BigInteger number) {
            return nodes.numberNode(number);
        }
        if (value instanceof Double number && !number.isInfinite() && !number.isNaN()) {
            return whole(number) ? integer(number.longValue()) : nodes.numberNode(number);
        }
        if (value instanceof byte[] bytes) {
            return nodes.textNode(new String(bytes, UTF_8));
        }
        return nodes.textNode(String.valueOf(value));
    }

    /** Helm stores 1.0 as 1. */
    private static boolean whole(double number) {
        return number == Math.rint(number) && Math.abs(number) < EXACT_AS_LONG;
    }

    private static JsonNode integer(long number) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return (int) number == number ? nodes.numberNode((int) number) : nodes.numberNode(number);
    }

    private UpgradeException unusable(String place, String why) {
        return new UpgradeException(
                code, name + " cannot be read" + place + ": " + why + ". Correct it and try again.");
    }

    /** Which plain words are more than texts. */
    private static final class HelmWords extends Resolver {

        private static final Pattern INTEGER =
                Pattern.compile("[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)");
        private static final Pattern NUMBER = Pattern.compile(
                "[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
            addImplicitResolver(Tag.INT, INTEGER, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, NUMBER, "-+0123456789.");
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }
}
