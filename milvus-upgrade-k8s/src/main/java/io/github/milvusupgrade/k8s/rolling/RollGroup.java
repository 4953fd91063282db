package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.component.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Components that one step replaces.
 *
 * @param kind what they are; components of different kinds are never replaced together
 * @param components in the order of the hop, at least one
 */
record RollGroup(ComponentKind kind, List<Component> components) {

    RollGroup {
        components = List.copyOf(components);
    }

    /**
     * The groups of a hop, by the stages in which its order has the components.
     *
     * @param apart components that are in a group with no other one
     */
    static List<List<RollGroup>> of(List<List<Component>> stages, RollingProfile profile, Set<Component> apart) {
        List<List<RollGroup>> groups = new ArrayList<>();
        for (List<Component> stage : stages) {
            List<ComponentKind> kinds =
                    stage.stream().map(ComponentKind::of).distinct().toList();
            if (kinds.size() > 1 || !profile.manner(kinds.get(0)).together()) {
                groups.add(stage.stream()
                        .map(component -> new RollGroup(ComponentKind.of(component), List.of(component)))
                        .toList());
                continue;
            }
            RollGroup group = new RollGroup(kinds.get(0), stage);
            List<RollGroup> before = groups.isEmpty() ? List.of() : groups.get(groups.size() - 1);
            boolean stays = Stream.concat(before.stream(), Stream.of(group)).anyMatch(one -> one.hasOneOf(apart));
            if (before.size() == 1 && before.get(0).kind() == group.kind() && !stays) {
                groups.set(groups.size() - 1, List.of(before.get(0).and(group)));
            } else {
                groups.add(List.of(group));
            }
        }
        return groups;
    }

    boolean hasOneOf(Set<Component> some) {
        return components.stream().anyMatch(some::contains);
    }

    /** What the step is called: the component, or their kind if they are several. */
    String name() {
        return components.size() == 1 ? components.get(0).name() : kind.word();
    }

    /** For people: {@code indexnode, datanode and querynode}. */
    String text() {
        List<String> names = components.stream().map(Component::name).toList();
        int last = names.size() - 1;
        return last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    private RollGroup and(RollGroup more) {
        List<Component> all = new ArrayList<>(components);
        all.addAll(more.components());
        return new RollGroup(kind, all);
    }
}
