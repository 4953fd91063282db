package io.github.milvusupgrade.k8s.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * What the pods of a migration need beside their work: how to pull, where to run, how much to take, as whom. Immutable;
 * every {@code with} returns changed settings. JSON is that of the fields of a pod.
 */
public final class PodSettings {

    private final ObjectNode pod;
    private final ObjectNode container;

    private PodSettings(ObjectNode pod, ObjectNode container) {
        this.pod = pod;
        this.container = container;
    }

    /** Nothing but what the namespace gives every pod. */
    public static PodSettings none() {
        return new PodSettings(JsonNodeFactory.instance.objectNode(), JsonNodeFactory.instance.objectNode());
    }

    /** Names of Secrets to pull images with. */
    public PodSettings withImagePullSecrets(List<String> names) {
        ArrayNode secrets = JsonNodeFactory.instance.arrayNode();
        names.forEach(name -> secrets.addObject().put("name", name));
        return withPodField("imagePullSecrets", secrets);
    }

    /** Labels that a node must have. */
    public PodSettings withNodeSelector(Map<String, String> labels) {
        ObjectNode selector = JsonNodeFactory.instance.objectNode();
        labels.forEach(selector::put);
        return withPodField("nodeSelector", selector);
    }

    /** Taints of nodes that are no obstacle, as the pod's field {@code tolerations} takes them. */
    public PodSettings withTolerations(ArrayNode tolerations) {
        return withPodField("tolerations", tolerations);
    }

    /** The pod's {@code securityContext}: users, groups, {@code fsGroup}. */
    public PodSettings withPodSecurityContext(ObjectNode context) {
        return withPodField("securityContext", context);
    }

    /** The container's {@code securityContext}: capabilities, privilege escalation. */
    public PodSettings withSecurityContext(ObjectNode context) {
        return withContainerField("securityContext", context);
    }

    /** The container's {@code resources}: a quota may demand them. */
    public PodSettings withResources(ObjectNode resources) {
        return withContainerField("resources", resources);
    }

    /** The account of the pod; its token is not mounted. */
    public PodSettings withServiceAccount(String name) {
        return withPodField("serviceAccountName", JsonNodeFactory.instance.textNode(name));
    }

    void putIntoPod(ObjectNode spec) {
        spec.setAll(pod.deepCopy());
    }

    void putIntoContainer(ObjectNode spec) {
        spec.setAll(container.deepCopy());
    }

    private PodSettings withPodField(String name, JsonNode value) {
        ObjectNode changed = pod.deepCopy();
        changed.set(name, value.deepCopy());
        return new PodSettings(changed, container);
    }

    private PodSettings withContainerField(String name, JsonNode value) {
        ObjectNode changed = container.deepCopy();
        changed.set(name, value.deepCopy());
        return new PodSettings(pod, changed);
    }
}
