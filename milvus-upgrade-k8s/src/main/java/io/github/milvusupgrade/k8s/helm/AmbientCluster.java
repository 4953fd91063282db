package io.github.milvusupgrade.k8s.helm;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The cluster to which the environment of this process leads whoever is told no other. Helm inside this process cannot
 * always be told another, so that it is not used where that makes a difference.
 */
final class AmbientCluster {

    private final Map<String, String> environment;

    AmbientCluster(Map<String, String> environment) {
        this.environment = environment;
    }

    /** @throws UpgradeException if a variable is set that Helm obeys whatever it is told */
    void requireNoOverride() {
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith("HELM_KUBE") || name.equals("HELM_DRIVER")) {
                throw new UpgradeException(
                        Code.HELM_UNAVAILABLE,
                        "Helm cannot run in this process: " + name + " is set in its environment, and would lead Helm"
                                + " elsewhere. Unset it, or use the helm program.");
            }
        }
    }

    /** @throws UpgradeException if there is a kubeconfig in the environment, and it is not this one */
    void requireNoneBut(Path kubeconfig, Path chart) {
        List<Path> found = kubeconfigs();
        if (found.isEmpty() || found.size() == 1 && same(found.get(0), kubeconfig)) {
            return;
        }
        throw new UpgradeException(
                Code.HELM_UNSUPPORTED,
                "The chart " + chart
                        + " cannot be rendered in this process: it looks things up, and would find those of"
                        + " the cluster of " + found.get(0)
                        + ", which is not the kubeconfig that was given. Set KUBECONFIG"
                        + " to the one that was given, or use the helm program.");
    }

    private List<Path> kubeconfigs() {
        String named = environment.getOrDefault("KUBECONFIG", "");
        Stream<String> paths = named.isEmpty()
                ? Stream.of(environment.getOrDefault("HOME", "") + "/.kube/config")
                : Stream.of(named.split(File.pathSeparator));
        return paths.map(Path::of).filter(Files::isRegularFile).toList();
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.mismatch(one, other) < 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
