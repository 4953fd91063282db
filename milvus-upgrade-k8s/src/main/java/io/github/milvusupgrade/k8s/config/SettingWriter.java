package io.github.milvusupgrade.k8s.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes one setting into one document: in place if the key is there, into its section if not, else at the end. */
final class SettingWriter {

    private static final int DEFAULT_STEP = 2;

    private final YamlDocument document;
    private final Setting setting;
    private final ScalarText value;

    private SettingWriter(YamlDocument document, Setting setting) {
        this.document = document;
        this.setting = setting;
        this.value = ScalarText.of(setting.value());
    }

    record Written(YamlDocument document, Change change) {}

    /** The document with the setting, or nothing if it has its value already. */
    static Optional<Written> write(YamlDocument document, Setting setting) {
        return new SettingWriter(document, setting).write();
    }

    private Optional<Written> write() {
        List<Match> matches = Match.all(document, setting.path());
        if (!matches.isEmpty() && matches.stream().allMatch(this::isMet)) {
            return Optional.empty();
        }
        if (matches.size() > 1) {
            Match second = matches.get(1);
            throw refusal(
                    second.last().entry().key().span(),
                    "Milvus takes two keys for this setting, here and at "
                            + matches.get(0).last().entry().key().span().place());
        }
        return Optional.of(matches.isEmpty() ? insert() : replace(matches.get(0)));
    }

    private boolean isMet(Match match) {
        return ConfigValue.of(match.value()).filter(setting::isMetBy).isPresent();
    }

    private Written replace(Match match) {
        YamlNode node = match.value();
        if (match.borrowed()) {
            throw refusal(match.last().entry().key().span(), "its value comes from an anchor that other keys share");
        }
        match.steps().forEach(step -> requireUnshared(step.mapping()));
        requireUnshared(node);
        if (!(node instanceof YamlNode.Scalar old)) {
            throw refusal(node.span(), "a section or a list stands where its value is expected");
        }
        if (old.style() == YamlNode.Style.BLOCK) {
            throw refusal(node.span(), "a block of text stands where its value is expected");
        }
        Change change = Change.replaced(KeyPath.of(match.keys()), document.source(old), value.source());
        return written(change, match.keyMeanings(), Stream.of(inPlaceOf(old, value.source())));
    }

    private Written insert() {
        List<String> missing = setting.path().keys();
        List<Match.Step> steps = new ArrayList<>();
        YamlNode.Mapping section = document.root();
        while (section != null) {
            requireUnshared(section);
            Optional<YamlNode.Entry> next = missing.size() > 1 ? entryLike(section, missing.get(0)) : Optional.empty();
            if (next.isEmpty()) {
                break;
            }
            steps.add(new Match.Step(section, next.get()));
            missing = missing.subList(1, missing.size());
            YamlNode inner = next.get().value();
            if (inner instanceof YamlNode.Scalar scalar && scalar.isNull()) {
                requireUnshared(scalar);
                return fill(scalar, new Match(steps, false), missing);
            }
            if (!(inner instanceof YamlNode.Mapping mapping)) {
                throw refusal(
                        inner.span(),
                        next.get().name().orElse("") + " is "
                                + (inner instanceof YamlNode.Alias
                                        ? "an alias of another section"
                                        : "a value, not a section"));
            }
            section = mapping;
        }
        Match place = new Match(steps, false);
        Change change = Change.added(KeyPath.of(concat(place.keys(), missing)), value.source(), missing.size() - 1);
        return written(change, concat(place.keyMeanings(), meanings(missing)), insertions(section, place, missing));
    }

    /** The ways to put new keys into a section, the nicest first; each is tried until one has the right meaning. */
    private Stream<Splice> insertions(YamlNode.@Nullable Mapping section, Match place, List<String> keys) {
        if (section == null) {
            return Stream.of(appended("", keys));
        }
        if (section.flow()) {
            return Stream.of(
                    section.entries().isEmpty()
                            ? Splice.insertion(section.bodyStart(), flow(keys))
                            : Splice.insertion(start(section), flow(keys) + ", "));
        }
        int first = document.lineStart(start(section));
        if (!document.isSpaces(first, start(section))) {
            throw refusal(section.span(), "its section does not begin on a line of its own");
        }
        String indent = document.text().substring(first, start(section));
        Splice nicest = place.steps().isEmpty()
                ? appended(indent, keys)
                : lineAbove(document.nextLine(place.last().entry().key().span().end()), indent, keys);
        return Stream.of(nicest, lineAbove(first, indent, keys));
    }

    /** Gives a section that is there but empty its first key. */
    private Written fill(YamlNode.Scalar empty, Match place, List<String> keys) {
        Match.Step header = place.last();
        int start = header.entry().key().span().start();
        int line = document.lineStart(start);
        Splice splice;
        if (empty.isBlank() && !header.mapping().flow() && document.isSpaces(line, start)) {
            String indent = document.text().substring(line, start) + " ".repeat(step());
            splice = linesAt(document.nextLine(start), block(indent, keys));
        } else {
            splice = inPlaceOf(empty, "{" + flow(keys) + "}");
        }
        Change change = Change.addedToEmpty(
                KeyPath.of(concat(place.keys(), keys)), value.source(), keys.size() - 1, document.source(empty));
        return written(change, concat(place.keyMeanings(), meanings(keys)), Stream.of(splice));
    }

    private Splice lineAbove(int lineStart, String indent, List<String> keys) {
        return Splice.insertion(lineStart, block(indent, keys) + document.lineBreak());
    }

    private Splice appended(String indent, List<String> keys) {
        return linesAt(document.contentEnd(), block(indent, keys));
    }

    /** Whole lines between others. Where the last line of the text has no line break, the new last line gets none. */
    private Splice linesAt(int at, String lines) {
        return document.lineStart(at) == at
                ? Splice.insertion(at, lines + document.lineBreak())
                : Splice.insertion(at, document.lineBreak() + lines);
    }

    private Splice inPlaceOf(YamlNode.Scalar old, String source) {
        int start = old.span().start();
        return new Splice(start, old.span().end(), old.isBlank() ? " " + source : source);
    }

    private String block(String indent, List<String> keys) {
        int last = keys.size() - 1;
        return IntStream.rangeClosed(0, last)
                .mapToObj(depth -> indent
                        + " ".repeat(depth * step())
                        + ScalarText.of(keys.get(depth)).source()
                        + (depth < last ? ":" : ": " + value.source()))
                .collect(Collectors.joining(document.lineBreak()));
    }

    private String flow(List<String> keys) {
        return keys.stream().map(key -> ScalarText.of(key).source()).collect(Collectors.joining(": {")) + ": "
                + value.source() + "}".repeat(keys.size() - 1);
    }

    /** By how many spaces this text indents: as its first nested section does. */
    private int step() {
        YamlNode.Mapping root = document.root();
        return root == null
                ? DEFAULT_STEP
                : root.entries().stream()
                        .filter(entry -> entry.value() instanceof YamlNode.Mapping inner && !inner.flow())
                        .map(entry -> indent(entry.value()) - indent(root))
                        .filter(step -> step > 0)
                        .findFirst()
                        .orElse(DEFAULT_STEP);
    }

    private static int indent(YamlNode mapping) {
        return ((YamlNode.Mapping) mapping).entries().get(0).key().span().column();
    }

    private static int start(YamlNode.Mapping section) {
        return section.entries().get(0).key().span().start();
    }

    private void requireUnshared(YamlNode node) {
        if (document.isAliased(node)) {
            throw refusal(node.span(), "aliases elsewhere repeat this part of the file and would change with it");
        }
        if (node instanceof YamlNode.Mapping mapping) {
            mapping.merge().ifPresent(merge -> {
                throw refusal(merge.key().span(), "a merge key may override what is set next to it");
            });
        }
    }

    private static Optional<YamlNode.Entry> entryLike(YamlNode.Mapping section, String key) {
        return section.entry(key)
                .or(() -> section.entries().stream()
                        .filter(entry -> entry.name()
                                .filter(name -> KeyPath.fold(name).equals(KeyPath.fold(key)))
                                .isPresent())
                        .findFirst());
    }

    private Written written(Change change, List<Object> keys, Stream<Splice> splices) {
        Object expected = Meaning.put(document.meaning(), keys, value.meaning());
        return splices.flatMap(splice ->
                        document
                                .rewritten(
                                        splice, rewritten -> rewritten.meaning().equals(expected))
                                .stream())
                .findFirst()
                .map(rewritten -> new Written(rewritten, change))
                .orElseThrow(() -> refusal(
                        document.root() == null
                                ? new Span(0, 0, 1, 1)
                                : document.root().span(),
                        "the way the file is written leaves no place where it changes nothing else"));
    }

    private UneditableYamlException refusal(Span place, String reason) {
        return UneditableYamlException.at(document.fileName(), place, setting.name(), reason);
    }

    private static List<Object> meanings(List<String> keys) {
        return keys.stream().map(key -> ScalarText.of(key).meaning()).toList();
    }

    private static <T> List<T> concat(List<? extends T> first, List<? extends T> second) {
        List<T> both = new ArrayList<>(first);
        both.addAll(second);
        return Collections.unmodifiableList(both);
    }
}
