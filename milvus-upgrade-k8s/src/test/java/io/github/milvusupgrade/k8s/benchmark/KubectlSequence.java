package io.github.milvusupgrade.k8s.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code rollingUpdate.sh} does with kubectl (milvus-io/milvus:deployments/upgrade), command for command:
 * ConfigMap read and applied, every rollout checked, then for each Deployment two reads, one patch and one
 * {@code rollout status}, and all of them checked again.
 */
final class KubectlSequence {

    private static final List<String> ORDER = List.of(
            "rootcoord", "datacoord", "indexcoord", "querycoord", "indexnode", "datanode", "querynode", "proxy");

    private final String kubectl;
    private final Path kubeconfig;
    private final String namespace;
    private final String release;

    KubectlSequence(String kubectl, Path kubeconfig, String namespace, String release) {
        this.kubectl = kubectl;
        this.kubeconfig = kubeconfig;
        this.namespace = namespace;
        this.release = release;
    }

    void run(String image, String version, int coordinatorMinReadySeconds) throws IOException, InterruptedException {
        String labels = "app.kubernetes.io/instance=" + release + ",app.kubernetes.io/name=milvus";
        kubectl("get", "deploy", "-l", labels, "-o", "name");
        kubectl("get", "configmap", release + "-milvus", "-o", "json");
        kubectl("get", "configmap", release + "-milvus", "-o", "jsonpath={.data.user\\.yaml}");
        standby();
        for (String component : ORDER) {
            kubectl("rollout", "status", "--watch=false", "deployment/" + name(component));
        }
        for (String component : ORDER) {
            kubectl("get", "deploy", name(component), "-o", "jsonpath={.spec.strategy.type}");
            kubectl("get", "deploy", name(component), "-o", "jsonpath={.spec.template.spec.containers[0].name}");
            kubectl(
                    "patch",
                    "deploy",
                    name(component),
                    "-p",
                    patch(component, image, version, coordinatorMinReadySeconds));
            kubectl("rollout", "status", "--watch=true", "deployment/" + name(component));
        }
        for (String component : ORDER) {
            kubectl("rollout", "status", "--watch=true", "deployment/" + name(component));
        }
    }

    private void standby() throws IOException, InterruptedException {
        kubectl(
                "patch",
                "configmap",
                release + "-milvus",
                "--type=merge",
                "-p",
                "{\"data\":{\"user.yaml\":\"rootCoord:\\n  enableActiveStandby: true\\nqueryCoord:\\n  enableActiveStandby:"
                        + " true\\ndataCoord:\\n  enableActiveStandby: true\\nindexCoord:\\n  enableActiveStandby: true\\n\"}}");
    }

    private static String patch(String component, String image, String version, int minReadySeconds) {
        String ready = component.endsWith("coord") ? "\"minReadySeconds\":" + minReadySeconds + "," : "";
        return "{\"metadata\":{\"labels\":{\"app.kubernetes.io/version\":\"" + version + "\"}},\"spec\":{" + ready
                + "\"strategy\":{\"type\":\"RollingUpdate\"},\"template\":{\"spec\":{\"containers\":[{\"name\":\""
                + component + "\",\"image\":\"" + image + "\"}]}}}}";
    }

    private String name(String component) {
        return release + "-milvus-" + component;
    }

    private void kubectl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(kubectl.split(" ")));
        command.addAll(List.of("--kubeconfig", kubeconfig.toString(), "-n", namespace));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("KUBECONFIG", kubeconfig.toString()));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output);
        }
    }
}
