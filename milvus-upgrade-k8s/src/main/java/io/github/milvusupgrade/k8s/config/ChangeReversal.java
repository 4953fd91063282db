package io.github.milvusupgrade.k8s.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes one change back from a document that somebody may have edited since. */
final class ChangeReversal {

    private static final Pattern SEPARATOR = Pattern.compile(",\\s*");

    private final Change change;

    private ChangeReversal(Change change) {
        this.change = change;
    }

    /** The document without the change; or the document as it was, and the reason why. */
    record Outcome(YamlDocument document, @Nullable String leftBecause) {}

    static Outcome reverse(YamlDocument document, Change change) {
        return new ChangeReversal(change).reverse(document);
    }

    private Outcome reverse(YamlDocument document) {
        List<Match> matches = Match.all(document, change.path()).stream()
                .filter(match -> !match.borrowed() && match.isSpelled(change.path()))
                .toList();
        if (matches.isEmpty()) {
            return new Outcome(document, "the key is not there any more");
        }
        Match match = matches.get(0);
        String source = document.source(match.value());
        if (change.previous().filter(source::equals).isPresent()) {
            return new Outcome(document, "it has its previous value already");
        }
        if (matches.size() > 1 || !source.equals(change.value())) {
            return new Outcome(document, "somebody has changed it since");
        }
        boolean shared = match.steps().stream().map(Match.Step::mapping).anyMatch(document::isAliased);
        return (shared ? Optional.<YamlDocument>empty() : reversed(document, match))
                .map(done -> new Outcome(done, null))
                .orElseGet(() -> new Outcome(document, "taking it back would change something else as well"));
    }

    private Optional<YamlDocument> reversed(YamlDocument document, Match match) {
        return change.previous().isPresent()
                ? restored(document, match, change.previous().get())
                : removed(document, match).flatMap(rest -> withoutOurSections(rest, match.keys()));
    }

    private static Optional<YamlDocument> restored(YamlDocument document, Match match, String source) {
        Span now = match.value().span();
        // A value written behind a bare "key:" brought its own space.
        int start = source.isEmpty() && document.isSpaces(now.start() - 1, now.start()) ? now.start() - 1 : now.start();
        Object others = Meaning.remove(document.meaning(), match.keyMeanings());
        return document.rewritten(
                new Splice(start, now.end(), source),
                reverted -> Meaning.remove(reverted.meaning(), match.keyMeanings())
                                .equals(others)
                        && Match.at(reverted, match.keys())
                                .filter(back -> reverted.source(back.value()).equals(source))
                                .isPresent());
    }

    /** First the sections we made, from the inside out, as far as they hold nothing else; then the one we filled. */
    private Optional<YamlDocument> withoutOurSections(YamlDocument document, List<String> keys) {
        YamlDocument rest = document;
        int depth = keys.size() - 1;
        for (int ours = change.createdSections(); ours > 0; ours--, depth--) {
            Optional<Match> section = emptySection(rest, keys.subList(0, depth));
            if (section.isEmpty()) {
                return Optional.of(rest);
            }
            Optional<YamlDocument> shorter = removed(rest, section.get());
            if (shorter.isEmpty()) {
                return shorter;
            }
            rest = shorter.get();
        }
        if (change.emptySection().isEmpty()) {
            return Optional.of(rest);
        }
        Optional<Match> braces = emptySection(rest, keys.subList(0, depth))
                .filter(section -> section.value() instanceof YamlNode.Mapping);
        return braces.isEmpty()
                ? Optional.of(rest)
                : restored(rest, braces.get(), change.emptySection().get());
    }

    private static Optional<Match> emptySection(YamlDocument document, List<String> keys) {
        return Match.at(document, keys)
                .filter(section -> section.value() instanceof YamlNode.Scalar scalar
                        ? scalar.isNull()
                        : section.value() instanceof YamlNode.Mapping mapping
                                && mapping.entries().isEmpty());
    }

    private static Optional<YamlDocument> removed(YamlDocument document, Match match) {
        YamlNode.Mapping mapping = match.last().mapping();
        List<Object> keys = match.keyMeanings();
        boolean leavesNull = !mapping.flow() && mapping.entries().size() == 1;
        Object expected = !leavesNull
                ? Meaning.remove(document.meaning(), keys)
                : Meaning.put(document.meaning(), keys.subList(0, keys.size() - 1), Meaning.NULL);
        Splice cut = mapping.flow()
                ? fromBraces(document, mapping, match.last().entry())
                : lines(document, match.last().entry());
        return document.rewritten(cut, reverted -> reverted.meaning().equals(expected));
    }

    /** An entry between braces, with the comma that separates it from its neighbour. */
    private static Splice fromBraces(YamlDocument document, YamlNode.Mapping mapping, YamlNode.Entry entry) {
        int index = mapping.entries().indexOf(entry);
        int start = entry.key().span().start();
        int end = entry.value().span().end();
        if (index + 1 < mapping.entries().size()) {
            int next = mapping.entries().get(index + 1).key().span().start();
            boolean adjacent =
                    SEPARATOR.matcher(document.text().substring(end, next)).matches();
            return Splice.cut(start, adjacent ? next : end);
        }
        return index == 0
                ? Splice.cut(start, end)
                : Splice.cut(mapping.entries().get(index - 1).value().span().end(), end);
    }

    /** An entry on lines of its own; at the end of a text without a last line break, with the break before it. */
    private static Splice lines(YamlDocument document, YamlNode.Entry entry) {
        int start = document.lineStart(entry.key().span().start());
        int end = document.nextLine(entry.value().span().end());
        return document.lineStart(end) == end ? Splice.cut(start, end) : Splice.cut(document.breakBefore(start), end);
    }
}
