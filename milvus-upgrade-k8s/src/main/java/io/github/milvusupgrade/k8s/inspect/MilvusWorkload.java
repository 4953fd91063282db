package io.github.milvusupgrade.k8s.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.k8s.view.ContainerSpec;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Recognises the Deployments of Milvus among those that carry the label of an instance, and the part of Milvus that
 * each runs: by the component label; failing that by what its container is told to run; failing that by the end of its
 * name, which is all that old charts offer.
 */
final class MilvusWorkload {

    /** A Deployment with the name label of Milvus that is no part of it: it has versions of its own. */
    private static final Set<String> NOT_MILVUS = Set.of("attu");

    private static final List<Component> KNOWN = List.of(
            Component.ROOTCOORD,
            Component.DATACOORD,
            Component.INDEXCOORD,
            Component.QUERYCOORD,
            Component.MIXCOORD,
            Component.INDEXNODE,
            Component.DATANODE,
            Component.QUERYNODE,
            Component.STREAMINGNODE,
            Component.PROXY,
            Component.STANDALONE,
            Component.CDC);

    private MilvusWorkload() {}

    /** Whether a Deployment of the instance runs Milvus, or at least claims to. */
    static boolean isMilvus(DeploymentView deployment) {
        if (NOT_MILVUS.contains(label(deployment).orElse(""))) {
            return false;
        }
        return "milvus".equals(deployment.labels().get(MilvusLabels.NAME))
                || (component(deployment).isPresent() && runsMilvus(deployment));
    }

    /** The part of Milvus that a Deployment runs, if that can be told. */
    static Optional<Component> component(DeploymentView deployment) {
        return label(deployment)
                .flatMap(MilvusWorkload::known)
                .or(() -> fromArguments(deployment))
                .or(() -> fromName(deployment));
    }

    /** Whether nothing but the name of the Deployment tells what it is. */
    static boolean isKnownByNameOnly(DeploymentView deployment) {
        return label(deployment).flatMap(MilvusWorkload::known).isEmpty()
                && fromArguments(deployment).isEmpty();
    }

    /** The Deployment as a workload of a component, if its Milvus container can be told from sidecars. */
    static Optional<Workload> workload(DeploymentView deployment, Component component) {
        return container(deployment, component)
                .map(container -> new Workload(
                        deployment.name(), component, container.name(), container.image(), deployment.replicas()));
    }

    /** The container called like the component, as in every chart; else the one that runs Milvus; else the only one. */
    private static Optional<ContainerSpec> container(DeploymentView deployment, Component component) {
        List<ContainerSpec> containers = deployment.containers();
        return containers.stream()
                .filter(container -> container.name().equals(component.name()))
                .findFirst()
                .or(() -> containers.stream()
                        .filter(container ->
                                commandOf(deployment, container.name()).contains("milvus"))
                        .findFirst())
                .or(() -> containers.size() == 1 ? Optional.of(containers.get(0)) : Optional.empty());
    }

    private static Optional<String> label(DeploymentView deployment) {
        return Optional.ofNullable(deployment.labels().get(MilvusLabels.CHART_COMPONENT))
                .or(() -> Optional.ofNullable(deployment.labels().get(MilvusLabels.OPERATOR_COMPONENT)));
    }

    private static Optional<Component> known(String name) {
        return KNOWN.stream().filter(component -> component.name().equals(name)).findFirst();
    }

    private static boolean runsMilvus(DeploymentView deployment) {
        return deployment.containers().stream()
                .anyMatch(container -> container.image().contains("milvus")
                        || commandOf(deployment, container.name()).contains("milvus"));
    }

    /** {@code milvus run querynode}; a mixcoord is {@code milvus run mixture -rootcoord …}. */
    private static Optional<Component> fromArguments(DeploymentView deployment) {
        return deployment.containers().stream()
                .map(container -> commandOf(deployment, container.name()))
                .map(words -> {
                    int run = words.indexOf("run");
                    return run >= 0 && run + 1 < words.size() ? words.get(run + 1) : "";
                })
                .map(role -> role.equals("mixture") ? Component.MIXCOORD.name() : role)
                .map(MilvusWorkload::known)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Component> fromName(DeploymentView deployment) {
        return KNOWN.stream()
                .filter(component -> deployment.name().endsWith("-" + component.name()))
                .findFirst();
    }

    private static List<String> commandOf(DeploymentView deployment, String container) {
        for (JsonNode node : deployment.raw().at("/spec/template/spec/containers")) {
            if (node.path("name").asText().equals(container)) {
                return Stream.of("command", "args")
                        .flatMap(field -> stream(node.path(field)))
                        .map(JsonNode::asText)
                        .toList();
            }
        }
        return List.of();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
