package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Deployment of {@code apps/v1}. */
public record DeploymentView(JsonNode raw) implements ConditionedView {

    /** The pods that are wanted; 1 if the object does not say, as Kubernetes has it. */
    public int replicas() {
        return Fields.number(raw, 1, "spec", "replicas");
    }

    public boolean paused() {
        return Fields.flag(raw, "spec", "paused");
    }

    /** {@code RollingUpdate} or {@code Recreate}. */
    public String strategyType() {
        String type = Fields.text(raw, "spec", "strategy", "type");
        return type.isEmpty() ? "RollingUpdate" : type;
    }

    /** {@code maxSurge} and {@code maxUnavailable} as they are written: numbers or percentages. */
    public JsonNode rollingUpdate() {
        return Fields.at(raw, "spec", "strategy", "rollingUpdate");
    }

    /** Seconds that a new pod must stay ready before it counts as available. */
    public int minReadySeconds() {
        return Fields.number(raw, 0, "spec", "minReadySeconds");
    }

    /** Seconds without progress after which Kubernetes gives the rollout up; 600 if the object does not say. */
    public int progressDeadlineSeconds() {
        return Fields.number(raw, 600, "spec", "progressDeadlineSeconds");
    }

    /** One label selector for the pods of several, at least one, in the form that list and watch requests take. */
    public static String selectorOfAny(Collection<DeploymentView> deployments) {
        return LabelSelector.textOfAny(deployments.stream()
                .map(deployment -> Fields.at(deployment.raw, "spec", "selector"))
                .toList());
    }

    /** Whether its selector asks for a value of a label. */
    public boolean selects(String label) {
        return Fields.texts(raw, "spec", "selector", "matchLabels").containsKey(label);
    }

    /** The pod template's {@code spec} as it is. */
    public JsonNode podSpec() {
        return Fields.at(raw, "spec", "template", "spec");
    }

    /** The annotations that its pods get. */
    public Map<String, String> podAnnotations() {
        return Fields.texts(raw, "spec", "template", "metadata", "annotations");
    }

    public List<ContainerSpec> containers() {
        return Fields.each(ContainerSpec::of, podSpec(), "containers");
    }

    /** The image of a container as it is written; empty if there is no such container. */
    public Optional<String> imageOf(String container) {
        return containers().stream()
                .filter(spec -> spec.name().equals(container))
                .map(ContainerSpec::image)
                .findFirst();
    }

    public List<ContainerSpec> initContainers() {
        return Fields.each(ContainerSpec::of, podSpec(), "initContainers");
    }

    /** The volumes of the pod template as they are: one of them holds the configuration of Milvus. */
    public List<JsonNode> volumes() {
        return Fields.each(volume -> volume, podSpec(), "volumes");
    }

    public long observedGeneration() {
        return Fields.longNumber(raw, "status", "observedGeneration");
    }

    /** Pods that are there, old and new, without those that are terminating. */
    public int currentReplicas() {
        return Fields.number(raw, 0, "status", "replicas");
    }

    public int updatedReplicas() {
        return Fields.number(raw, 0, "status", "updatedReplicas");
    }

    public int readyReplicas() {
        return Fields.number(raw, 0, "status", "readyReplicas");
    }

    public int availableReplicas() {
        return Fields.number(raw, 0, "status", "availableReplicas");
    }

    public int unavailableReplicas() {
        return Fields.number(raw, 0, "status", "unavailableReplicas");
    }

    /**
     * The field manager that set the image of a container, such as {@code kubectl-edit}; empty if none is on record.
     */
    public Optional<String> imageSetBy(String container) {
        String key = "k:{\"name\":\"" + container + "\"}";
        return Fields.each(entry -> entry, raw, "metadata", "managedFields").stream()
                .filter(entry -> Fields.present(
                        entry, "fieldsV1", "f:spec", "f:template", "f:spec", "f:containers", key, "f:image"))
                .map(entry -> Fields.text(entry, "manager"))
                .findFirst();
    }
}
