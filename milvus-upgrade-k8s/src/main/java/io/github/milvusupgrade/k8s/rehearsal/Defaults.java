package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.rehearsal.Json.child;
import static io.github.milvusupgrade.k8s.rehearsal.Json.setIfAbsent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Fills in what the API server fills in. Works in place, on the caller's own copy. */
final class Defaults {

    private Defaults() {}

    static void apply(ResourceType type, ObjectNode object) {
        ObjectNode spec = type.hasStatus() ? child(object, "spec") : Json.object();
        switch (type) {
            case DEPLOYMENTS -> deployment(spec);
            case REPLICA_SETS -> {
                setIfAbsent(spec, "replicas", 1);
                podSpec(child(child(spec, "template"), "spec"));
            }
            case STATEFUL_SETS -> statefulSet(spec);
            case PODS -> {
                podSpec(spec);
                setIfAbsent(spec, "enableServiceLinks", true);
                setIfAbsent(spec, "serviceAccountName", "default");
                setIfAbsent(spec, "serviceAccount", spec.path("serviceAccountName"));
            }
            case SERVICES -> service(spec);
            case CLAIMS -> {
                setIfAbsent(spec, "storageClassName", ClaimController.DEFAULT_CLASS);
                setIfAbsent(spec, "volumeMode", "Filesystem");
            }
            case SECRETS -> setIfAbsent(object, "type", "Opaque");
            case NAMESPACES -> {
                setIfAbsent(spec, "finalizers", List.of("kubernetes"));
                setIfAbsent(
                        child(child(object, "metadata"), "labels"),
                        "kubernetes.io/metadata.name",
                        object.path("metadata").path("name"));
            }
            default -> {}
        }
    }

    private static void deployment(ObjectNode spec) {
        setIfAbsent(spec, "replicas", 1);
        setIfAbsent(spec, "revisionHistoryLimit", 10);
        setIfAbsent(spec, "progressDeadlineSeconds", 600);
        ObjectNode strategy = child(spec, "strategy");
        setIfAbsent(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            ObjectNode rolling = child(strategy, "rollingUpdate");
            setIfAbsent(rolling, "maxUnavailable", "25%");
            setIfAbsent(rolling, "maxSurge", "25%");
        }
        podSpec(child(child(spec, "template"), "spec"));
    }

    private static void statefulSet(ObjectNode spec) {
        setIfAbsent(spec, "replicas", 1);
        setIfAbsent(spec, "revisionHistoryLimit", 10);
        setIfAbsent(spec, "podManagementPolicy", "OrderedReady");
        ObjectNode strategy = child(spec, "updateStrategy");
        setIfAbsent(strategy, "type", "RollingUpdate");
        podSpec(child(child(spec, "template"), "spec"));
    }

    private static void podSpec(ObjectNode spec) {
        setIfAbsent(spec, "restartPolicy", "Always");
        setIfAbsent(spec, "terminationGracePeriodSeconds", 30);
        setIfAbsent(spec, "dnsPolicy", "ClusterFirst");
        setIfAbsent(spec, "securityContext", Json.object());
        setIfAbsent(spec, "schedulerName", "default-scheduler");
        if (spec.hasNonNull("serviceAccountName")) {
            setIfAbsent(spec, "serviceAccount", spec.path("serviceAccountName"));
        }
        spec.path("containers").forEach(Defaults::container);
        spec.path("initContainers").forEach(Defaults::container);
        for (JsonNode volume : spec.path("volumes")) {
            if (volume.path("configMap") instanceof ObjectNode configMap) {
                setIfAbsent(configMap, "defaultMode", 420);
            }
            if (volume.path("secret") instanceof ObjectNode secret) {
                setIfAbsent(secret, "defaultMode", 420);
            }
        }
    }

    private static void container(JsonNode node) {
        if (!(node instanceof ObjectNode container)) {
            return;
        }
        String image = container.path("image").asText();
        boolean floating = image.endsWith(":latest")
                || !image.substring(image.lastIndexOf('/') + 1).matches(".*[:@].*");
        setIfAbsent(container, "imagePullPolicy", floating ? "Always" : "IfNotPresent");
        setIfAbsent(container, "terminationMessagePath", "/dev/termination-log");
        setIfAbsent(container, "terminationMessagePolicy", "File");
        setIfAbsent(container, "resources", Json.object());
        for (JsonNode port : container.path("ports")) {
            setIfAbsent((ObjectNode) port, "protocol", "TCP");
        }
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.path(probe) instanceof ObjectNode settings) {
                setIfAbsent(settings, "timeoutSeconds", 1);
                setIfAbsent(settings, "periodSeconds", 10);
                setIfAbsent(settings, "successThreshold", 1);
                setIfAbsent(settings, "failureThreshold", 3);
                if (settings.path("httpGet") instanceof ObjectNode httpGet) {
                    setIfAbsent(httpGet, "scheme", "HTTP");
                }
            }
        }
    }

    private static void service(ObjectNode spec) {
        setIfAbsent(spec, "type", "ClusterIP");
        setIfAbsent(spec, "sessionAffinity", "None");
        if (!spec.path("type").asText().equals("ExternalName")) {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            setIfAbsent(spec, "clusterIP", "10.96." + random.nextInt(256) + "." + random.nextInt(1, 255));
            setIfAbsent(spec, "clusterIPs", List.of(spec.path("clusterIP")));
        }
        for (JsonNode port : spec.path("ports")) {
            setIfAbsent((ObjectNode) port, "protocol", "TCP");
            setIfAbsent((ObjectNode) port, "targetPort", port.path("port"));
        }
    }
}
