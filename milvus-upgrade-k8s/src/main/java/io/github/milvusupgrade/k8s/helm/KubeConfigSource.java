package io.github.milvusupgrade.k8s.helm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    /**
     * The cluster of a client that talks plain HTTP and so has no credentials, as that of a
     * {@link io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster} does.
     *
     * @throws IllegalArgumentException if the address does not begin with {@code http://}
     */
    public static KubeConfigSource unsecured(ApiClient client) {
        String server = client.getBasePath();
        if (!server.startsWith("http://")) {
            throw new IllegalArgumentException("No kubeconfig can be made for " + server
                    + " : its credentials cannot be taken out of an ApiClient. Pass the kubeconfig itself.");
        }
        return contents(kubeconfigOf(server));
    }

    private static String kubeconfigOf(String server) {
        String name = "unsecured";
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("apiVersion", "v1").put("kind", "Config").put("current-context", name);
        named(config, "clusters", name).putObject("cluster").put("server", server);
        named(config, "users", name).putObject("user");
        named(config, "contexts", name)
                .putObject("context")
                .put("cluster", name)
                .put("user", name);
        return config.toString();
    }

    private static ObjectNode named(ObjectNode config, String list, String name) {
        return config.putArray(list).addObject().put("name", name);
    }

    /** The file to point Helm to, made in the folder unless there is one already. */
    Path in(PrivateFolder folder) {
        return provide.apply(folder);
    }
}
