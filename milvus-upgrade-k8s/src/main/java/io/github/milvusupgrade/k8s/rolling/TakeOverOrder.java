package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.version.MilvusVersion;
import io.github.milvusupgrade.version.VersionRange;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The order in which coordinators that stand by take over from old ones. Immutable.
 *
 * @param together the versions of new coordinators that can take over all at the same time
 * @param others what those of other versions do instead: one set after the other; coordinators that are in none come
 *     last
 * @param settling how long a set must have served before the next takes over
 */
public record TakeOverOrder(VersionRange together, List<Set<Component>> others, Duration settling) {

    /** All at the same time, whatever they run. */
    public static final TakeOverOrder TOGETHER = new TakeOverOrder(VersionRange.all(), List.of(), Duration.ZERO);

    /** Copy what is handed in. */
    public TakeOverOrder {
        others = others.stream().map(Set::copyOf).toList();
    }

    /** The sets for some components, of which the new ones run a version. */
    List<Set<Component>> of(List<Component> components, MilvusVersion version) {
        if (together.contains(version)) {
            return List.of(Set.copyOf(components));
        }
        Set<Component> last = components.stream()
                .filter(component -> others.stream().noneMatch(set -> set.contains(component)))
                .collect(Collectors.toSet());
        return Stream.concat(others.stream(), Stream.of(last))
                .map(set -> components.stream().filter(set::contains).collect(Collectors.toSet()))
                .filter(set -> !set.isEmpty())
                .toList();
    }
}
