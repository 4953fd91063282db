package io.github.milvusupgrade.k8s.helm;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A {@code helm} and the surroundings it is started in.
 *
 * @param binary a name to be looked for in {@code PATH}, or a path
 * @param environment variables beside the inherited ones
 * @param grace how long it may take to end once it was asked to
 */
record HelmProgram(String binary, Map<String, String> environment, Duration grace) {

    private static final List<String> INHERITED = List.of(
            "HOME",
            "PATH",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR");
    private static final List<String> HOMES = List.of("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME");

    HelmProgram {
        environment = Map.copyOf(environment);
    }

    /** Begins one use of it, which may be several runs; to be closed. */
    HelmCall call(Duration timeout, BooleanSupplier cancelled, Mask mask) {
        return new HelmCall(this, timeout, cancelled, mask);
    }

    /** A run in this folder, in which all that Helm remembers is to be. */
    ProcessBuilder in(PrivateFolder folder, List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.path().toFile());
        Map<String, String> variables = builder.environment();
        variables.keySet().retainAll(INHERITED);
        HOMES.forEach(home -> variables.put(home, folder.path().toString()));
        variables.putAll(environment);
        return builder;
    }
}
