package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.component.Component;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The order in which coordinators that stand by take over from old ones. Immutable.
 *
 * @param sets one set after the other, those of a set at the same time; coordinators that are in none come last
 * @param settling how long a set has to take over before it is looked at, and again once it is active if it was not
 *     then; the next comes after it
 */
public record TakeOverOrder(List<Set<Component>> sets, Duration settling) {

    /** All at the same time. */
    public static final TakeOverOrder TOGETHER = new TakeOverOrder(List.of(), Duration.ZERO);

    /** Copy what is handed in. */
    public TakeOverOrder {
        sets = sets.stream().map(Set::copyOf).toList();
    }

    /** One after the other, each when the one before has settled. */
    public static TakeOverOrder oneAfterTheOther(Duration settling, Component... coordinators) {
        return new TakeOverOrder(Stream.of(coordinators).map(Set::of).toList(), settling);
    }

    /** The sets for some components. */
    List<Set<Component>> of(List<Component> components) {
        Set<Component> last = components.stream()
                .filter(component -> sets.stream().noneMatch(set -> set.contains(component)))
                .collect(Collectors.toSet());
        return Stream.concat(sets.stream(), Stream.of(last))
                .map(set -> components.stream().filter(set::contains).collect(Collectors.toSet()))
                .filter(set -> !set.isEmpty())
                .toList();
    }
}
