package io.github.milvusupgrade.k8s.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.helm.ChildProcess.Ending;
import io.github.milvusupgrade.k8s.helm.ChildProcess.Finished;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The {@code helm} program, 3.14 or later or 4, as a child process. It sees nothing of this process but {@code HOME},
 * {@code PATH}, the proxy settings and what {@link Builder#environment} adds, so that neither a {@code KUBECONFIG} nor
 * {@code HELM_…} settings lead it to another cluster. Values and kubeconfig are handed over in files that only this
 * user may read, and that are deleted when the call returns.
 *
 * <p>When the time is over, on cancellation, on an interrupt and at the end of this process, Helm and all that it
 * started are asked to end, and killed if they do not within the {@link Builder#grace}. Immutable.
 */
public final class HelmCommand implements HelmClient {

    /** Helm's own default, written down because the environment could change it. */
    private static final int REVISIONS_KEPT = 10;

    private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(30);
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
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubeConfigSource kubeConfig;
    private final String binary;
    private final Map<String, String> environment;
    private final Duration renderTimeout;
    private final Duration grace;
    private final Time time;

    private HelmCommand(Builder builder) {
        kubeConfig = builder.kubeConfig;
        binary = builder.binary;
        environment = Map.copyOf(builder.environment);
        renderTimeout = builder.renderTimeout;
        grace = builder.grace;
        time = builder.time;
    }

    /** Settings of a client for the cluster of this kubeconfig. */
    public static Builder builder(KubeConfigSource kubeConfig) {
        return new Builder(kubeConfig);
    }

    @Override
    public String version() {
        try (PrivateFolder folder = PrivateFolder.create()) {
            return version(folder, deadline(VERSION_TIMEOUT), () -> false).text();
        }
    }

    @Override
    public RenderedRelease render(HelmUpgrade upgrade) {
        String operation = "dry run of the " + upgrade;
        try (PrivateFolder folder = PrivateFolder.create()) {
            Deadline deadline = deadline(renderTimeout);
            supported(folder, deadline, () -> false);
            List<String> command = upgradeCommand(folder, upgrade, renderTimeout);
            command.add("--dry-run=server");
            command.add("--output=json");
            Finished finished = succeed(folder, command, operation, deadline, () -> false);
            return rendered(operation, upgrade, finished);
        }
    }

    @Override
    public void upgrade(HelmUpgrade upgrade, Duration timeout, BooleanSupplier cancelled) {
        try (PrivateFolder folder = PrivateFolder.create()) {
            Deadline deadline = deadline(timeout);
            supported(folder, deadline, cancelled);
            List<String> command = upgradeCommand(folder, upgrade, timeout);
            succeed(folder, command, upgrade.toString(), deadline, cancelled);
        }
    }

    @Override
    public void rollback(
            String namespace, String release, int revision, Duration timeout, BooleanSupplier cancelled) {
        HelmUpgrade.requireNames(namespace, release);
        if (revision < 1) {
            throw new IllegalArgumentException("revision " + revision + " : revisions are counted from 1.");
        }
        String operation = "rollback of " + namespace + "/" + release + " to revision " + revision;
        Deadline deadline = deadline(timeout);
        try (PrivateFolder folder = PrivateFolder.create()) {
            HelmVersion version = supported(folder, deadline, cancelled);
            List<String> connection = connection(folder, namespace);
            List<String> command = new ArrayList<>(List.of("rollback", release, String.valueOf(revision)));
            command.addAll(connection);
            command.addAll(limits(timeout));
            if (version.knowsApplyMethods()) {
                command.addAll(forced(folder, connection, release, revision, operation, deadline, cancelled));
            }
            succeed(folder, command, operation, deadline, cancelled);
        }
    }

    /**
     * Where the server applies a release, Helm refuses to change a field that somebody else has set since, this library
     * included; but whoever goes back wants what was there.
     */
    private List<String> forced(
            PrivateFolder folder,
            List<String> connection,
            String release,
            int revision,
            String operation,
            Deadline deadline,
            BooleanSupplier cancelled) {
        List<String> command = new ArrayList<>(
                List.of("get", "metadata", release, "--revision=" + revision, "--output=json"));
        command.addAll(connection);
        Finished finished = succeed(folder, command, operation, deadline, cancelled);
        boolean byServer =
                json(operation, finished).path("applyMethod").asText().equals("ssa");
        return byServer ? List.of("--force-conflicts") : List.of();
    }

    private List<String> upgradeCommand(PrivateFolder folder, HelmUpgrade upgrade, Duration timeout) {
        List<String> command = new ArrayList<>(List.of(
                "upgrade",
                upgrade.release(),
                upgrade.chart().toAbsolutePath().toString(),
                "--reset-values",
                "--values=" + folder.write("values.yaml", ValuesFile.textOf(upgrade.values())).getFileName(),
                "--description=" + upgrade.description()));
        command.addAll(connection(folder, upgrade.namespace()));
        command.addAll(limits(timeout));
        return command;
    }

    private List<String> connection(PrivateFolder folder, String namespace) {
        return List.of("--namespace=" + namespace, "--kubeconfig=" + kubeConfig.in(folder));
    }

    private static List<String> limits(Duration timeout) {
        return List.of("--history-max=" + REVISIONS_KEPT, "--timeout=" + Math.max(1, timeout.toMillis()) + "ms");
    }

    private Finished succeed(
            PrivateFolder folder,
            List<String> command,
            String operation,
            Deadline deadline,
            BooleanSupplier cancelled) {
        Finished finished = execute(folder, command, operation, deadline, cancelled);
        if (finished.exitCode() != 0) {
            String printed = finished.err().isBlank() ? finished.out() : finished.err();
            throw HelmFailure.of(operation, printed, null);
        }
        return finished;
    }

    private HelmVersion supported(PrivateFolder folder, Deadline deadline, BooleanSupplier cancelled) {
        HelmVersion version = version(folder, deadline, cancelled);
        version.requireSupported(binary);
        return version;
    }

    private HelmVersion version(PrivateFolder folder, Deadline deadline, BooleanSupplier cancelled) {
        List<String> command = List.of("version", "--template={{.Version}}");
        Finished finished = execute(folder, command, "question for the version of Helm", deadline, cancelled);
        return HelmVersion.parse(binary, finished.exitCode() == 0 ? finished.out() : finished.err());
    }

    private Finished execute(
            PrivateFolder folder,
            List<String> arguments,
            String operation,
            Deadline deadline,
            BooleanSupplier cancelled) {
        if (cancelled.getAsBoolean()) {
            throw stopped(Code.CANCELLED, operation, "it was cancelled before Helm was started");
        }
        List<String> command = new ArrayList<>(List.of(binary));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.path().toFile());
        builder.environment().keySet().retainAll(INHERITED);
        for (String home : List.of("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME")) {
            builder.environment().put(home, folder.path().toString());
        }
        builder.environment().putAll(environment);
        Finished finished;
        try {
            finished = ChildProcess.run(builder, deadline, grace, cancelled);
        } catch (IOException e) {
            throw new UpgradeException(
                    Code.HELM_UNAVAILABLE,
                    "Cannot start \"" + binary + "\" : " + e.getMessage()
                            + ". Install Helm 3.14 or later, or 4, or name its path.",
                    e);
        }
        if (finished.ending() == Ending.TIMED_OUT) {
            throw stopped(Code.HELM_TIMED_OUT, operation, "it was not done in its time, and was ended");
        } else if (finished.ending() == Ending.CANCELLED) {
            throw stopped(Code.CANCELLED, operation, "it was cancelled, and Helm was ended");
        }
        return finished;
    }

    private static UpgradeException stopped(Code code, String operation, String why) {
        return new UpgradeException(
                code, "The " + operation + " was stopped: " + why + ". \"helm history\" shows what became of it.");
    }

    private static RenderedRelease rendered(String operation, HelmUpgrade upgrade, Finished finished) {
        JsonNode release = json(operation, finished);
        int revision = release.path("version").asInt();
        if (revision < 1 || !release.path("name").asText().equals(upgrade.release())) {
            throw unreadable(operation, "it describes no revision of the release", null);
        }
        StringBuilder hooks = new StringBuilder();
        release.path("hooks")
                .forEach(hook ->
                        hooks.append("\n---\n").append(hook.path("manifest").asText()));
        try {
            return new RenderedRelease(
                    revision,
                    Manifest.objects(release.path("manifest").asText(), upgrade.namespace()),
                    Manifest.objects(hooks.toString(), upgrade.namespace()));
        } catch (IllegalArgumentException e) {
            throw unreadable(operation, "in the manifest " + e.getMessage(), e);
        }
    }

    private static JsonNode json(String operation, Finished finished) {
        if (finished.outIsCut()) {
            throw unreadable(operation, "it is too long", null);
        }
        try {
            return JSON.readTree(finished.out());
        } catch (JsonProcessingException e) {
            // Without the cause, whose message quotes what was printed: a manifest may hold Secrets.
            throw unreadable(operation, "it is no JSON (line " + e.getLocation().getLineNr() + ")", null);
        }
    }

    private static UpgradeException unreadable(
            String operation, String why, @Nullable Throwable cause) {
        return new UpgradeException(
                Code.HELM_OUTPUT_UNREADABLE,
                "What Helm printed for the " + operation + " cannot be understood: " + why
                        + ". Check that the binary is Helm 3.14 or later, or 4.",
                cause);
    }

    private Deadline deadline(Duration timeout) {
        return Deadline.after(timeout, time);
    }

    /** Settings of a {@link HelmCommand}. Not safe for use by several threads. */
    public static final class Builder {

        private final KubeConfigSource kubeConfig;
        private final Map<String, String> environment = new LinkedHashMap<>();
        private String binary = "helm";
        private Duration renderTimeout = Duration.ofMinutes(2);
        private Duration grace = Duration.ofSeconds(10);
        private Time time = Time.system();

        private Builder(KubeConfigSource kubeConfig) {
            this.kubeConfig = kubeConfig;
        }

        /** The program: a name to be looked for in {@code PATH}, or a path. Default {@code helm}. */
        public Builder binary(String binary) {
            this.binary = binary.contains(File.separator)
                    ? Path.of(binary).toAbsolutePath().toString()
                    : binary;
            return this;
        }

        /** One more variable for Helm, such as {@code AWS_PROFILE} for a plugin that gets credentials. */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** The most time for a dry run. Default 2 min. */
        public Builder renderTimeout(Duration timeout) {
            renderTimeout = timeout;
            return this;
        }

        /**
         * How long a Helm that is to end may take to write down what became of the release, before it is killed.
         * Default 10 s.
         */
        public Builder grace(Duration grace) {
            this.grace = grace;
            return this;
        }

        Builder time(Time time) {
            this.time = time;
            return this;
        }

        public HelmCommand build() {
            return new HelmCommand(this);
        }
    }
}
