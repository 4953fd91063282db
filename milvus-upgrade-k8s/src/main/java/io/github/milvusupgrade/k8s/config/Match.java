package io.github.milvusupgrade.k8s.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A place in a document where a setting stands: the entries that lead to it, outermost first, each with the mapping it
 * was found in.
 *
 * @param borrowed true if an alias or a merge key leads there, so that the text found belongs to another place too
 */
record Match(List<Step> steps, boolean borrowed) {

    Match {
        steps = List.copyOf(steps);
    }

    record Step(YamlNode.Mapping mapping, YamlNode.Entry entry) {}

    /** Every place where Milvus would find the setting, those spelled exactly like the path first. */
    static List<Match> all(YamlDocument document, KeyPath path) {
        if (document.root() == null) {
            return List.of();
        }
        List<Match> found = new ArrayList<>();
        collect(new Match(List.of(), false), document.root(), path.folded(), found);
        return Stream.of(true, false)
                .flatMap(exact -> found.stream().filter(match -> match.isSpelled(path) == exact))
                .toList();
    }

    /** The place at the end of exactly these keys, ignoring what is borrowed. */
    static Optional<Match> at(YamlDocument document, List<String> keys) {
        List<Step> steps = new ArrayList<>();
        YamlNode node = document.root();
        for (String key : keys) {
            Optional<YamlNode.Entry> entry =
                    node instanceof YamlNode.Mapping mapping ? mapping.entry(key) : Optional.empty();
            if (!(node instanceof YamlNode.Mapping mapping) || entry.isEmpty()) {
                return Optional.empty();
            }
            steps.add(new Step(mapping, entry.get()));
            node = entry.get().value();
        }
        return Optional.of(new Match(steps, false));
    }

    Step last() {
        return steps.get(steps.size() - 1);
    }

    YamlNode value() {
        return last().entry().value();
    }

    List<String> keys() {
        return steps.stream().flatMap(step -> step.entry().name().stream()).toList();
    }

    List<Object> keyMeanings() {
        return steps.stream().map(step -> step.entry().key().meaning()).toList();
    }

    boolean isSpelled(KeyPath path) {
        return KeyPath.of(keys()).equals(path);
    }

    private static void collect(Match so, YamlNode.Mapping mapping, String remaining, List<Match> found) {
        for (Member member : members(mapping)) {
            String key = KeyPath.fold(member.entry().name().orElse(""));
            if (key.isEmpty() || !remaining.startsWith(key)) {
                continue;
            }
            YamlNode value = member.entry().value();
            Match here =
                    so.then(new Step(mapping, member.entry()), member.borrowed() || value instanceof YamlNode.Alias);
            if (remaining.equals(key)) {
                found.add(here);
            } else if (value.target() instanceof YamlNode.Mapping inner) {
                collect(here, inner, remaining.substring(key.length()), found);
            }
        }
    }

    private Match then(Step step, boolean borrows) {
        return new Match(Stream.concat(steps.stream(), Stream.of(step)).toList(), borrowed || borrows);
    }

    private record Member(YamlNode.Entry entry, boolean borrowed) {}

    /** The mapping's own entries, then those that merge keys lend it and it does not have itself. */
    private static List<Member> members(YamlNode.Mapping mapping) {
        List<Member> members = new ArrayList<>();
        Set<Optional<String>> names = new HashSet<>();
        for (YamlNode.Entry own : mapping.entries()) {
            if (!own.isMerge()) {
                members.add(new Member(own, false));
                names.add(own.name());
            }
        }
        mapping.merge().stream()
                .flatMap(merge -> mergeSources(merge.value()))
                .flatMap(source -> members(source).stream())
                .filter(lent -> names.add(lent.entry().name()))
                .forEach(lent -> members.add(new Member(lent.entry(), true)));
        return members;
    }

    private static Stream<YamlNode.Mapping> mergeSources(YamlNode merged) {
        YamlNode target = merged.target();
        if (target instanceof YamlNode.Sequence sequence) {
            return sequence.items().stream().flatMap(Match::mergeSources);
        }
        return target instanceof YamlNode.Mapping mapping ? Stream.of(mapping) : Stream.empty();
    }
}
