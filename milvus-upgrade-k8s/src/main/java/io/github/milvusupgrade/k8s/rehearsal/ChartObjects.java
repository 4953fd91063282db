package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The objects that the chart renders for a blueprint; {@code zilliztech/milvus-helm:charts/milvus/templates}. */
final class ChartObjects {

    private static final Map<String, Integer> PORTS = Map.of(
            "rootcoord",
            53100,
            "datacoord",
            13333,
            "indexcoord",
            31000,
            "querycoord",
            19531,
            "indexnode",
            21121,
            "datanode",
            21124,
            "querynode",
            21123);
    /** Where health and metrics are served. */
    static final int METRICS_PORT = 9091;

    private static final int CLIENT_PORT = 19530;

    private final MilvusBlueprint blueprint;
    private final String fullname;

    private ChartObjects(MilvusBlueprint blueprint) {
        this.blueprint = blueprint;
        this.fullname = blueprint.fullname();
    }

    static List<ObjectNode> of(MilvusBlueprint blueprint) {
        ChartObjects chart = new ChartObjects(blueprint);
        List<ObjectNode> objects = new ArrayList<>();
        objects.add(chart.config());
        for (String component : blueprint.components()) {
            objects.add(chart.deployment(component, ""));
            objects.add(chart.service(component));
        }
        blueprint.queryNodeGroups().forEach(group -> objects.add(chart.deployment("querynode", group)));
        if (blueprint.isStandalone()) {
            objects.add(0, chart.dataClaim());
        } else {
            objects.add(chart.frontService("proxy"));
        }
        if (blueprint.hasAttu()) {
            objects.add(chart.attu());
        }
        objects.addAll(EtcdObjects.of(blueprint));
        if (blueprint.hasHelmRelease()) {
            objects.add(HelmReleaseSecret.of(blueprint, List.copyOf(objects)));
        }
        return objects;
    }

    private ObjectNode config() {
        boolean oneFile = blueprint.configStyle() == MilvusBlueprint.ConfigStyle.ONE_FILE;
        String queue = "messageQueue: " + blueprint.messageQueue() + "\n"
                + (oneFile ? "" : "mq:\n  type: " + blueprint.messageQueue() + "\n");
        String etcd = "etcd:\n  endpoints:\n  - " + EtcdObjects.serviceName(blueprint) + ":2379\n  rootPath: "
                + blueprint.rootPath() + "\n  metaSubPath: meta\n  kvSubPath: kv\n";
        ObjectNode data = oneFile
                ? Json.object("milvus.yaml", etcd + "metastore:\n  type: etcd\n" + queue)
                : Json.object("default.yaml", etcd + queue, "user.yaml", blueprint.userYaml());
        // The chart gives its ConfigMap no labels at all.
        ObjectNode config = Json.object("kind", "ConfigMap", "apiVersion", "v1");
        config.set("metadata", Json.object("name", fullname));
        return config.<ObjectNode>set("data", data);
    }

    private ObjectNode deployment(String component, String group) {
        ObjectNode labels = labels(component);
        ObjectNode selector = matchLabels(component);
        String name = fullname + "-" + component;
        if (!group.isEmpty()) {
            name += "-" + group;
            labels.put("milvus.io/resource-group", group);
            selector.put("milvus.io/resource-group", group);
        }
        ObjectNode annotations = Json.object(
                "checksum/config", RandomName.hash(config().path("data").toString()));
        blueprint.podAnnotations(component).forEach(annotations::put);
        ObjectNode template = Json.object("metadata", Json.object("labels", selector, "annotations", annotations));
        template.set("spec", podSpec(component));
        ObjectNode spec = Json.object("replicas", blueprint.replicas(component));
        if (component.endsWith("coord") || component.equals("standalone")) {
            spec.set("strategy", Json.object("type", "Recreate"));
        }
        spec.set("selector", Json.object("matchLabels", selector));
        spec.set("template", template);
        return workload("Deployment", name, labels, spec);
    }

    private ObjectNode podSpec(String component) {
        boolean merged = blueprint.configStyle() == MilvusBlueprint.ConfigStyle.MERGED_AT_START;
        ObjectNode config = Json.object("name", "milvus-config", "configMap", Json.object("name", fullname));
        ArrayNode volumes = Json.array(config, Json.object("name", "tools", "emptyDir", Json.object()));
        if (component.equals("standalone")) {
            volumes.add(Json.object(
                    "name", "milvus-data-disk", "persistentVolumeClaim", Json.object("claimName", fullname)));
        }
        ArrayNode containers = Json.array();
        if (!blueprint.sidecar().isEmpty()) {
            containers.add(
                    Json.object("name", blueprint.sidecar(), "image", "sidecar/" + blueprint.sidecar() + ":1.0"));
        }
        containers.add(container(component));
        ObjectNode spec = Json.object("serviceAccountName", "default");
        if (merged) {
            spec.set("initContainers", Json.array(configTool()));
        }
        spec.set("containers", containers);
        return spec.<ObjectNode>set("volumes", volumes);
    }

    private ObjectNode container(String component) {
        List<String> args = new ArrayList<>();
        if (blueprint.configStyle() == MilvusBlueprint.ConfigStyle.MERGED_AT_START) {
            args.add("/milvus/tools/run-helm.sh");
        }
        args.addAll(
                component.equals("mixcoord")
                        ? List.of("milvus", "run", "mixture", "-rootcoord", "-querycoord", "-datacoord", "-indexcoord")
                        : List.of("milvus", "run", component));
        ArrayNode ports = Json.array();
        if (component.equals("proxy") || component.equals("standalone")) {
            ports.add(port("milvus", CLIENT_PORT));
        } else if (PORTS.containsKey(component)) {
            ports.add(port(component, PORTS.get(component)));
        }
        ports.add(port("metrics", METRICS_PORT));
        return Json.object(
                "name",
                component,
                "image",
                blueprint.image(component),
                "imagePullPolicy",
                "IfNotPresent",
                "args",
                args,
                "ports",
                ports,
                "livenessProbe",
                probe(),
                "readinessProbe",
                probe(),
                "resources",
                Json.object(),
                "volumeMounts",
                mounts(component));
    }

    private ArrayNode mounts(String component) {
        ArrayNode mounts = Json.array();
        if (blueprint.configStyle() == MilvusBlueprint.ConfigStyle.ONE_FILE) {
            mounts.add(configMount("milvus.yaml"));
        } else {
            mounts.add(configMount("default.yaml")).add(configMount("user.yaml"));
        }
        mounts.add(Json.object("name", "tools", "mountPath", "/milvus/tools"));
        if (component.equals("standalone")) {
            mounts.add(Json.object("name", "milvus-data-disk", "mountPath", "/var/lib/milvus"));
        }
        return mounts;
    }

    private static ObjectNode configMount(String file) {
        return Json.object("name", "milvus-config", "mountPath", "/milvus/configs/" + file, "subPath", file)
                .put("readOnly", true);
    }

    private static ObjectNode configTool() {
        return Json.object(
                "name",
                "config",
                "image",
                "milvusdb/milvus-config-tool:v0.1.1",
                "imagePullPolicy",
                "IfNotPresent",
                "command",
                List.of("/cp", "/run-helm.sh,/merge", "/milvus/tools/run-helm.sh,/milvus/tools/merge"),
                "volumeMounts",
                Json.array(Json.object("name", "tools", "mountPath", "/milvus/tools")));
    }

    private static ObjectNode probe() {
        return Json.object(
                "httpGet",
                Json.object("path", "/healthz", "port", "metrics"),
                "initialDelaySeconds",
                90,
                "periodSeconds",
                30,
                "timeoutSeconds",
                5,
                "failureThreshold",
                5);
    }

    private ObjectNode service(String component) {
        if (component.equals("standalone")) {
            return frontService(component);
        }
        ArrayNode ports = Json.array();
        if (PORTS.containsKey(component)) {
            ports.add(servicePort(component, PORTS.get(component), component));
        }
        ports.add(servicePort("metrics", METRICS_PORT, "metrics"));
        return service(fullname + "-" + component, component, ports);
    }

    private ObjectNode frontService(String component) {
        ArrayNode ports = Json.array(
                servicePort("milvus", CLIENT_PORT, "milvus"), servicePort("metrics", METRICS_PORT, "metrics"));
        return service(fullname, component, ports);
    }

    private ObjectNode service(String name, String component, ArrayNode ports) {
        ObjectNode service = Json.object("kind", "Service", "apiVersion", "v1");
        service.set("metadata", Json.object("name", name, "labels", labels(component)));
        service.set("spec", Json.object("type", "ClusterIP", "ports", ports, "selector", matchLabels(component)));
        return service;
    }

    private ObjectNode dataClaim() {
        ObjectNode claim = Json.object("kind", "PersistentVolumeClaim", "apiVersion", "v1");
        ObjectNode annotations = Json.object("helm.sh/resource-policy", "keep");
        claim.set("metadata", Json.object("name", fullname, "annotations", annotations, "labels", labels("")));
        ObjectNode resources = Json.object("requests", Json.object("storage", "50Gi"));
        claim.set("spec", Json.object("accessModes", List.of("ReadWriteOnce"), "resources", resources));
        return claim;
    }

    private ObjectNode attu() {
        ObjectNode container = Json.object("name", "attu", "image", "zilliz/attu:v2.2.6");
        container.set("ports", Json.array(port("attu", 3000)));
        ObjectNode selector = matchLabels("attu");
        ObjectNode template = Json.object("metadata", Json.object("labels", selector));
        template.set("spec", Json.object("containers", Json.array(container)));
        ObjectNode spec = Json.object("replicas", 1, "selector", Json.object("matchLabels", selector));
        return workload("Deployment", fullname + "-attu", labels("attu"), spec.set("template", template));
    }

    private ObjectNode labels(String component) {
        ObjectNode labels = matchLabels(component);
        labels.put("app.kubernetes.io/version", blueprint.version());
        if (blueprint.isOperatorManaged()) {
            return labels.put("app.kubernetes.io/managed-by", "milvus-operator");
        }
        return labels.put("app.kubernetes.io/managed-by", "Helm").put("helm.sh/chart", "milvus-" + blueprint.chart());
    }

    private ObjectNode matchLabels(String component) {
        ObjectNode labels = Json.object(
                "app.kubernetes.io/name", blueprint.name(), "app.kubernetes.io/instance", blueprint.release());
        if (!component.isEmpty()) {
            labels.put(blueprint.isOperatorManaged() ? "app.kubernetes.io/component" : "component", component);
        }
        return labels;
    }

    private static ObjectNode workload(String kind, String name, ObjectNode labels, ObjectNode spec) {
        ObjectNode workload = Json.object("kind", kind, "apiVersion", "apps/v1");
        workload.set("metadata", Json.object("name", name, "labels", labels));
        return workload.<ObjectNode>set("spec", spec);
    }

    private static ObjectNode port(String name, int number) {
        return Json.object("name", name, "containerPort", number, "protocol", "TCP");
    }

    private static ObjectNode servicePort(String name, int number, String target) {
        return Json.object("name", name, "port", number, "protocol", "TCP", "targetPort", target);
    }
}
