package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.inspect.InstanceInspector;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.view.StatefulSetView;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.plan.UpgradePlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every workload of the instance is known to run a certain component. One that is not would silently stay on the old
 * version; {@code rollingUpdate.sh} skips these and reports success
 * (milvus-io/milvus:deployments/upgrade/rollingUpdate.sh).
 */
record EveryWorkloadIsMapped(LiveCluster live, UpgradePlan plan) implements Check {

    @Override
    public String id() {
        return "P03";
    }

    @Override
    public String title() {
        return "every workload of the instance is known to run a certain component";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        Optional<String> unmapped = snapshot.fact(InstanceInspector.UNMAPPED);
        if (unmapped.isPresent()) {
            return Finding.fail(
                    id(),
                    "Which component of Milvus runs in Deployment " + spaced(unmapped.get()) + " of " + snapshot.id()
                            + " cannot be told, so it would stay on the old version.",
                    "Label it " + MilvusLabels.CHART_COMPONENT + "=<component> as the chart does, or, if it is not"
                            + " Milvus, give it another " + MilvusLabels.NAME + " than milvus.");
        }
        Map<Boolean, List<String>> sets = statefulSets();
        List<String> components = sets.getOrDefault(true, List.of());
        List<String> others = sets.getOrDefault(false, List.of());
        if (!components.isEmpty()) {
            return Finding.fail(
                    id(),
                    "StatefulSet " + String.join(", ", components) + " of " + snapshot.id()
                            + " runs a component, but only Deployments are rolled: it would stay on the old version.",
                    "Move the component to a Deployment, or upgrade it by hand and waive P03.");
        }
        Optional<String> byName = snapshot.fact(InstanceInspector.MAPPED_BY_NAME);
        if (byName.isPresent()) {
            return Finding.warn(
                    id(),
                    "Only the name tells which component runs in Deployment " + spaced(byName.get()) + " of "
                            + snapshot.id() + ".",
                    "Look at the plan: is the component right? A label " + MilvusLabels.CHART_COMPONENT
                            + "=<component> would say so.");
        }
        if (!others.isEmpty()) {
            return Finding.warn(
                    id(),
                    "StatefulSet " + String.join(", ", others) + " of " + snapshot.id()
                            + " carries the name of Milvus and is no component of it: it stays as it is.",
                    "Upgrade it with its chart if the release notes of the target ask for that.");
        }
        return Finding.pass(
                id(),
                snapshot.workloads().stream()
                        .map(workload -> workload.name() + " (" + workload.component() + ")")
                        .collect(Collectors.joining(
                                ", ", "All " + snapshot.workloads().size() + " are known: ", ".")));
    }

    /** The StatefulSets that claim to be Milvus, by whether they run a component that a hop knows. */
    private Map<Boolean, List<String>> statefulSets() {
        Set<String> components = plan.path().hops().stream()
                .map(Hop::graph)
                .flatMap(graph -> graph.components().stream())
                .map(Component::name)
                .collect(Collectors.toSet());
        return live.statefulSets().stream()
                .filter(set ->
                        "milvus".equals(set.labels().get(MilvusLabels.NAME)) || components.contains(componentOf(set)))
                .collect(Collectors.partitioningBy(
                        set -> components.contains(componentOf(set)),
                        Collectors.mapping(set -> set.name() + " (" + componentOf(set) + ")", Collectors.toList())));
    }

    private static String componentOf(StatefulSetView set) {
        return Stream.of(MilvusLabels.CHART_COMPONENT, MilvusLabels.OPERATOR_COMPONENT)
                .map(label -> set.labels().getOrDefault(label, ""))
                .filter(component -> !component.isEmpty())
                .findFirst()
                .orElse("no component label");
    }

    private static String spaced(String names) {
        return names.replace(",", ", ");
    }
}
