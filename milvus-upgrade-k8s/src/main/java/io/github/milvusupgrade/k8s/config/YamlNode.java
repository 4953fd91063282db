package io.github.milvusupgrade.k8s.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A node of a parsed YAML text together with its place in that text. Aliases stay visible as such, because an edit must
 * never change two places at once.
 */
sealed interface YamlNode {

    Span span();

    Properties properties();

    /** What the node says, without where and in which order it says it; see {@link Meaning}. */
    Object meaning();

    /** The node an alias stands for, or the node itself. */
    default YamlNode target() {
        return this;
    }

    /** The anchor ({@code &name}) and the explicit tag ({@code !!str}) before a node. */
    record Properties(@Nullable String anchor, @Nullable String tag) {

        static final Properties NONE = new Properties(null, null);
    }

    /** How a scalar is written. */
    enum Style {
        PLAIN,
        QUOTED,
        /** Literal {@code |} or folded {@code >}. */
        BLOCK
    }

    record Scalar(Span span, Properties properties, Style style, String text) implements YamlNode {

        private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

        boolean isNull() {
            return "tag:yaml.org,2002:null".equals(properties.tag())
                    || (properties.tag() == null && style == Style.PLAIN && NULLS.contains(text));
        }

        /** Nothing is written at all, as in {@code rootCoord:} with nothing below. */
        boolean isBlank() {
            return span.start() == span.end();
        }

        @Override
        public Object meaning() {
            return isNull() && properties.anchor() == null
                    ? Meaning.NULL
                    : new Meaning.OfScalar(properties, style == Style.PLAIN, text);
        }
    }

    /**
     * Keys and values.
     *
     * @param bodyStart the offset behind the opening brace of a flow mapping
     */
    record Mapping(Span span, Properties properties, boolean flow, int bodyStart, List<Entry> entries)
            implements YamlNode {

        public Mapping {
            entries = List.copyOf(entries);
        }

        Optional<Entry> entry(String exactKey) {
            return entries.stream()
                    .filter(entry -> entry.name().equals(Optional.of(exactKey)))
                    .findFirst();
        }

        /** The first merge key ({@code <<}), which lends this mapping the entries of another one. */
        Optional<Entry> merge() {
            return entries.stream().filter(Entry::isMerge).findFirst();
        }

        @Override
        public Object meaning() {
            Map<Object, Object> meanings = new HashMap<>();
            entries.forEach(
                    entry -> meanings.put(entry.key().meaning(), entry.value().meaning()));
            return new Meaning.OfMapping(properties, meanings);
        }
    }

    record Sequence(Span span, Properties properties, List<YamlNode> items) implements YamlNode {

        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public Object meaning() {
            List<Object> meanings = new ArrayList<>();
            items.forEach(item -> meanings.add(item.meaning()));
            return new Meaning.OfSequence(properties, meanings);
        }

        /** As Milvus reads a list: its items joined by commas. */
        String joined() {
            return items.stream()
                    .map(YamlNode::target)
                    .map(item -> item instanceof Scalar scalar && !scalar.isNull() ? scalar.text() : "")
                    .collect(Collectors.joining(","));
        }
    }

    record Alias(Span span, String name, @Override YamlNode target) implements YamlNode {

        @Override
        public Properties properties() {
            return Properties.NONE;
        }

        @Override
        public Object meaning() {
            return new Meaning.OfAlias(name);
        }
    }

    record Entry(YamlNode key, YamlNode value) {

        /** The text of the key; empty for a key that is a list or a mapping itself. */
        Optional<String> name() {
            return key instanceof Scalar scalar ? Optional.of(scalar.text()) : Optional.empty();
        }

        boolean isMerge() {
            return key instanceof Scalar scalar
                    && scalar.style() == Style.PLAIN
                    && scalar.text().equals("<<");
        }
    }
}
