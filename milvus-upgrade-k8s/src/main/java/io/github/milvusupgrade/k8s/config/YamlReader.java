package io.github.milvusupgrade.k8s.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads one text into nodes. No object is ever constructed from it, whatever tags it bears, and its limits (1 MiB of
 * text, 50 levels, a million nodes with all aliases written out) keep a hostile text from costing more than a refusal.
 */
final class YamlReader {

    static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 50;
    private static final int MAX_NODES = 1_000_000;

    /** Where the parser's reasons go on to quote the text; names of token kinds such as {@code '<scalar>'} are none. */
    private static final Pattern QUOTE =
            Pattern.compile("(?s)(?:, but found(?! '<)|(?<=tag handle)|(?<=escape character)|(?<=valid version)).*");

    private final String fileName;
    private final String text;
    private final int[] offsets;
    private final ParserImpl events;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private final Set<String> aliased = new HashSet<>();
    private long nodes;
    private Span last = new Span(0, 0, 1, 1);

    private YamlReader(String fileName, String text) {
        this.fileName = fileName;
        this.text = text;
        int begin = text.indexOf(BYTE_ORDER_MARK) == 0 ? 1 : 0;
        offsets = codePointOffsets(text, begin);
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_BYTES);
        events = new ParserImpl(new StreamReader(text.substring(begin)), options);
    }

    /** A finished node with its size if every alias in it were written out; no node while it is still being read. */
    private record Anchored(@Nullable YamlNode node, long nodes) {}

    /** @throws MalformedYamlException if the text is not one YAML mapping, or exceeds the limits */
    static YamlDocument read(String fileName, String text) {
        int bytes = text.getBytes(UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw MalformedYamlException.tooLarge(fileName, bytes, MAX_BYTES);
        }
        YamlReader reader = new YamlReader(fileName, text);
        try {
            return reader.document();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            throw MalformedYamlException.syntax(
                    fileName, mark.getLine() + 1, mark.getColumn() + 1, withoutQuotes(e.getProblem()));
        } catch (ReaderException e) {
            Span place = reader.placeOf(e.getPosition());
            throw MalformedYamlException.syntax(
                    fileName,
                    place.line(),
                    place.column(),
                    "the character U+%04X is not allowed in YAML".formatted(e.getCodePoint()));
        } catch (YAMLException e) {
            throw MalformedYamlException.syntax(
                    fileName, reader.last.line(), reader.last.column(), withoutQuotes(e.getMessage()));
        } catch (NumberFormatException e) {
            // What the parser's scanner lets out for "\UFFFFFFFF".
            throw MalformedYamlException.syntax(
                    fileName,
                    reader.last.line(),
                    reader.last.column(),
                    "behind this place an escaped character has a number that is out of range");
        }
    }

    private YamlDocument document() {
        next();
        if (events.checkEvent(Event.ID.StreamEnd)) {
            return new YamlDocument(fileName, text, null, text.length(), aliased);
        }
        next();
        YamlNode root = node(next(), 1);
        DocumentEndEvent end = (DocumentEndEvent) next();
        if (!events.checkEvent(Event.ID.StreamEnd)) {
            throw refusal(
                    span(events.peekEvent()),
                    "a second document begins here, and Milvus reads only the first",
                    "Keep one document");
        }
        int contentEnd = end.getExplicit() ? offset(end.getStartMark()) : text.length();
        if (root instanceof YamlNode.Scalar scalar && scalar.isBlank()) {
            return new YamlDocument(fileName, text, null, contentEnd, aliased);
        }
        if (root instanceof YamlNode.Mapping mapping) {
            return new YamlDocument(fileName, text, mapping, contentEnd, aliased);
        }
        throw refusal(root.span(), "the text is not made of keys and values", "Write it as 'key: value' lines");
    }

    private YamlNode node(Event event, int depth) {
        if (depth > MAX_DEPTH) {
            throw refusal(span(event), "more than " + MAX_DEPTH + " levels are nested", "Flatten the file");
        }
        count(event, 1);
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        long before = nodes - 1;
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor != null) {
            anchors.put(anchor, new Anchored(null, 0));
        }
        YamlNode node = ownNode(event, anchor, depth);
        if (anchor != null) {
            anchors.put(anchor, new Anchored(node, nodes - before));
        }
        return node;
    }

    private YamlNode ownNode(Event event, @Nullable String anchor, int depth) {
        if (event instanceof ScalarEvent scalar) {
            YamlNode.Style style = scalar.isPlain()
                    ? YamlNode.Style.PLAIN
                    : scalar.isLiteral() || scalar.isFolded() ? YamlNode.Style.BLOCK : YamlNode.Style.QUOTED;
            return new YamlNode.Scalar(
                    span(event), new YamlNode.Properties(anchor, scalar.getTag()), style, scalar.getValue());
        }
        if (event instanceof SequenceStartEvent start) {
            List<YamlNode> items = new ArrayList<>();
            while (!events.checkEvent(Event.ID.SequenceEnd)) {
                items.add(node(next(), depth + 1));
            }
            return new YamlNode.Sequence(span(event, next()), new YamlNode.Properties(anchor, start.getTag()), items);
        }
        MappingStartEvent start = (MappingStartEvent) event;
        List<YamlNode.Entry> entries = entries(depth);
        return new YamlNode.Mapping(
                span(event, next()),
                new YamlNode.Properties(anchor, start.getTag()),
                start.isFlow(),
                offset(start.getEndMark()),
                entries);
    }

    private List<YamlNode.Entry> entries(int depth) {
        List<YamlNode.Entry> entries = new ArrayList<>();
        Map<String, Span> seen = new HashMap<>();
        while (!events.checkEvent(Event.ID.MappingEnd)) {
            YamlNode.Entry entry = new YamlNode.Entry(node(next(), depth + 1), node(next(), depth + 1));
            entries.add(entry);
            entry.name().ifPresent(name -> {
                Span place = entry.key().span();
                Span first = seen.putIfAbsent(name, place);
                if (first != null) {
                    throw refusal(
                            place,
                            "the key was already set at " + first.place() + ", so one of the two is ignored",
                            "Remove one of them");
                }
            });
        }
        return entries;
    }

    private YamlNode alias(AliasEvent alias) {
        Anchored anchored = anchors.get(alias.getAnchor());
        if (anchored == null) {
            throw refusal(span(alias), "an alias refers to an anchor that is not defined before it", "Correct it");
        }
        if (anchored.node() == null) {
            throw refusal(span(alias), "an alias refers to the node it is part of", "Write the value out");
        }
        count(alias, anchored.nodes());
        aliased.add(alias.getAnchor());
        return new YamlNode.Alias(span(alias), alias.getAnchor(), anchored.node());
    }

    private void count(Event event, long more) {
        nodes += more;
        if (nodes > MAX_NODES) {
            throw refusal(
                    span(event),
                    "with its aliases written out the file has more than " + MAX_NODES + " values",
                    "Remove aliases");
        }
    }

    private Event next() {
        Event event = events.getEvent();
        last = span(event);
        return event;
    }

    private Span span(Event event) {
        return span(event, event);
    }

    private Span span(Event first, Event last) {
        Mark start = first.getStartMark();
        return new Span(offset(start), offset(last.getEndMark()), start.getLine() + 1, start.getColumn() + 1);
    }

    /** Marks count code points behind the byte order mark; a String counts chars. */
    private int offset(Mark mark) {
        return offsets[mark.getIndex()];
    }

    private Span placeOf(int codePoint) {
        int offset = offsets[Math.min(codePoint, offsets.length - 1)];
        int line = 1
                + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
        int column = offset - text.lastIndexOf('\n', offset - 1);
        return new Span(offset, offset, line, column);
    }

    private MalformedYamlException refusal(Span place, String reason, String remedy) {
        return MalformedYamlException.unacceptable(fileName, place, reason, remedy);
    }

    private static int[] codePointOffsets(String text, int begin) {
        int[] offsets = new int[text.codePointCount(begin, text.length()) + 1];
        for (int i = 0, at = begin; i < offsets.length; i++) {
            offsets[i] = at;
            at += at < text.length() ? Character.charCount(text.codePointAt(at)) : 0;
        }
        return offsets;
    }

    private static String withoutQuotes(@Nullable String reason) {
        return reason == null
                ? "the parser gives no reason"
                : QUOTE.matcher(reason).replaceFirst("").strip();
    }
}
