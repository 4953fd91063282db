package io.github.milvusupgrade.path;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.component.ComponentGraph;
import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;
import java.util.List;
import java.util.function.BiFunction;

/** What a rule does with the two versions it applies to. */
sealed interface RuleOutcome {

    /** Make one hop of them. */
    record Leads(
            PathKind kind,
            ComponentGraph graph,
            WayBack wayBack,
            List<ForTargets<Check>> conditions,
            List<ForTargets<String>> notes)
            implements RuleOutcome {

        Leads with(List<ForTargets<Check>> newConditions, List<ForTargets<String>> newNotes) {
            return new Leads(kind, graph, wayBack, List.copyOf(newConditions), List.copyOf(newNotes));
        }
    }

    /** Go to another version first, and ask the rules again from there. */
    record StopsAt(MilvusVersion stop) implements RuleOutcome {}

    /** Say no, and what to do instead. */
    record Refuses(BiFunction<MilvusVersion, MilvusVersion, NearestWay> nearest) implements RuleOutcome {}

    /** Something that holds only where the hop ends within a range. */
    record ForTargets<T>(VersionRange targets, T value) {}

    /** What of these holds for a hop that ends at this version. */
    static <T> List<T> holding(List<ForTargets<T>> all, MilvusVersion target) {
        return all.stream()
                .filter(one -> one.targets().contains(target))
                .map(ForTargets::value)
                .toList();
    }
}
