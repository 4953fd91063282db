package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The etcd that the chart brings along as a sub-chart: a StatefulSet and its two Services. */
final class EtcdObjects {

    private EtcdObjects() {}

    static List<ObjectNode> of(MilvusBlueprint blueprint) {
        return List.of(
                statefulSet(blueprint),
                service(blueprint, serviceName(blueprint), false),
                service(blueprint, serviceName(blueprint) + "-headless", true));
    }

    /** The sub-chart's name collapses to the release's if that contains it. */
    static String serviceName(MilvusBlueprint blueprint) {
        return blueprint.release().contains("etcd") ? blueprint.release() : blueprint.release() + "-etcd";
    }

    private static ObjectNode statefulSet(MilvusBlueprint blueprint) {
        boolean old = blueprint.configStyle() == MilvusBlueprint.ConfigStyle.ONE_FILE;
        String image = "docker.io/milvusdb/etcd:" + (old ? "3.5.0-r6" : "3.5.5-r2");
        ObjectNode container = Json.object("name", "etcd", "image", image);
        container.set(
                "ports",
                Json.array(
                        Json.object("name", "client", "containerPort", 2379, "protocol", "TCP"),
                        Json.object("name", "peer", "containerPort", 2380, "protocol", "TCP")));
        ObjectNode template = Json.object("metadata", Json.object("labels", labels(blueprint)));
        template.set("spec", Json.object("containers", Json.array(container)));
        ObjectNode spec = Json.object("replicas", blueprint.replicas("etcd"));
        spec.put("serviceName", serviceName(blueprint) + "-headless").put("podManagementPolicy", "Parallel");
        spec.set("selector", Json.object("matchLabels", selector(blueprint)));
        spec.set("template", template);
        ObjectNode set = Json.object("kind", "StatefulSet", "apiVersion", "apps/v1");
        set.set("metadata", Json.object("name", serviceName(blueprint), "labels", labels(blueprint)));
        return set.<ObjectNode>set("spec", spec);
    }

    private static ObjectNode service(MilvusBlueprint blueprint, String name, boolean headless) {
        ArrayNode ports = Json.array(
                Json.object("name", "client", "port", 2379, "targetPort", "client"),
                Json.object("name", "peer", "port", 2380, "targetPort", "peer"));
        ObjectNode spec = Json.object("type", "ClusterIP", "clusterIP", headless ? "None" : null);
        spec.set("ports", ports);
        spec.set("selector", selector(blueprint));
        ObjectNode service = Json.object("kind", "Service", "apiVersion", "v1");
        service.set("metadata", Json.object("name", name, "labels", labels(blueprint)));
        return service.<ObjectNode>set("spec", spec);
    }

    private static ObjectNode selector(MilvusBlueprint blueprint) {
        return Json.object("app.kubernetes.io/name", "etcd", "app.kubernetes.io/instance", blueprint.release());
    }

    private static ObjectNode labels(MilvusBlueprint blueprint) {
        return selector(blueprint).put("app.kubernetes.io/managed-by", "Helm").put("helm.sh/chart", "etcd-6.3.3");
    }
}
