package io.github.milvusupgrade.k8s.helm;

import io.kubernetes.client.openapi.ApiClient;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where Helm's access to the cluster comes from: a kubeconfig whose current context is the cluster of the instance. Has
 * to be given, because an {@link ApiClient} does not give its credentials away, and Helm must not look for some of its
 * own. Immutable and safe for use by several threads.
 */
public final class KubeConfigSource {

    private final Function<PrivateFolder, Path> provide;

    private KubeConfigSource(Function<PrivateFolder, Path> provide) {
        this.provide = provide;
    }

    /** A file, which Helm is pointed to where it is; what it refers to by relative paths is found. */
    public static KubeConfigSource file(Path kubeconfig) {
        Path absolute = kubeconfig.toAbsolutePath();
        return new KubeConfigSource(folder -> absolute);
    }

    /**
     * The text of a kubeconfig, asked for anew before each call of Helm, so that tokens may be short-lived. Put into a
     * file that only this user may read, for the time of the call.
     */
    public static KubeConfigSource contents(Supplier<String> kubeconfig) {
        return new KubeConfigSource(folder -> folder.write("kubeconfig", kubeconfig.get()));
    }

    /** The same text each time. */
    public static KubeConfigSource contents(String kubeconfig) {
        return contents(() -> kubeconfig);
    }

    /** The file to point Helm to; made in the folder, unless it is one of the caller. */
    Path in(PrivateFolder folder) {
        return provide.apply(folder);
    }
}
