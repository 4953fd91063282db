package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;

/** A Pod of {@code v1}. */
public record PodView(JsonNode raw) implements ConditionedView {

    /** {@code Pending}, {@code Running}, {@code Succeeded}, {@code Failed} or {@code Unknown}. */
    public String phase() {
        return Fields.text(raw, "status", "phase");
    }

    /** Whether its containers have ended for good: it is kept as a record, and counts no more. */
    public boolean ended() {
        return phase().equals("Succeeded") || phase().equals("Failed");
    }

    /** Tells pods of one Deployment apart by the template they came from; empty if it is not a Deployment's pod. */
    public String podTemplateHash() {
        return Fields.text(raw, "metadata", "labels", "pod-template-hash");
    }

    /**
     * Whether it belongs to a Deployment. Its labels alone do not tell, because the selector of one Deployment may
     * select the pods of another too; the Deployment controller names ReplicaSets after Deployment and template.
     */
    public boolean isOfDeployment(String deployment) {
        return controllerName().equals(deployment + "-" + podTemplateHash());
    }

    /** Whether one of its containers has a name and runs an image. */
    public boolean runs(String container, String image) {
        return containers().stream().anyMatch(one -> one.name().equals(container) && one.runs(image));
    }

    /** The node it runs on; empty until it is scheduled. */
    public String node() {
        return Fields.text(raw, "spec", "nodeName");
    }

    /** Its address; empty until it has one. */
    public String ip() {
        return Fields.text(raw, "status", "podIP");
    }

    /** Why the whole pod is as it is, such as {@code Evicted}; mostly empty. */
    public String reason() {
        return Fields.text(raw, "status", "reason");
    }

    public String message() {
        return Fields.text(raw, "status", "message");
    }

    public boolean ready() {
        return condition("Ready").filter(Condition::isTrue).isPresent();
    }

    /** The containers as asked for, without init containers. */
    public List<ContainerSpec> containers() {
        return Fields.each(ContainerSpec::of, raw, "spec", "containers");
    }

    /** The ports that one of its containers says it listens at. */
    public List<Integer> ports(String container) {
        return Fields.each(node -> node, raw, "spec", "containers").stream()
                .filter(node -> Fields.text(node, "name").equals(container))
                .flatMap(node -> Fields.each(port -> Fields.number(port, 0, "containerPort"), node, "ports").stream())
                .toList();
    }

    /** The containers as reported, init containers first; empty until a kubelet took the pod. */
    public List<ContainerState> containerStates() {
        return Stream.concat(
                        Fields.each(node -> ContainerState.of(node, true), raw, "status", "initContainerStatuses")
                                .stream(),
                        Fields.each(node -> ContainerState.of(node, false), raw, "status", "containerStatuses")
                                .stream())
                .toList();
    }

    /** Seconds between SIGTERM and SIGKILL; 30 if the object does not say. */
    public int terminationGraceSeconds() {
        return Fields.number(raw, 30, "spec", "terminationGracePeriodSeconds");
    }
}
