package io.github.milvusupgrade.k8s.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.helm.ChildProcess.Finished;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The {@code helm} program, 3.14 or later or 4, as a child process. It sees nothing of this process but {@code HOME},
 * {@code PATH}, the settings of proxies and certificates, and what {@link Builder#environment} adds, so that neither a
 * {@code KUBECONFIG} nor {@code HELM_…} settings lead it to another cluster. Values and kubeconfig are handed over in
 * files that only this user may read, and that are deleted when the call returns.
 *
 * <p>When the time is over, on cancellation, on an interrupt and at the end of this process, Helm and all that it
 * started are asked to end, and killed if they do not within the {@link Builder#grace}. Immutable.
 */
public final class HelmCommand implements HelmClient {

    /** Helm's own default, written down because the environment could change it. */
    private static final int REVISIONS_KEPT = 10;

    private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubeConfigSource kubeConfig;
    private final HelmProgram program;
    private final Duration renderTimeout;

    private HelmCommand(Builder builder) {
        kubeConfig = builder.kubeConfig;
        program = new HelmProgram(builder.binary, builder.environment, builder.grace);
        renderTimeout = builder.renderTimeout;
    }

    /** Settings of a client for the cluster of this kubeconfig. */
    public static Builder builder(KubeConfigSource kubeConfig) {
        return new Builder(kubeConfig);
    }

    @Override
    public String version() {
        try (HelmCall call = program.call(VERSION_TIMEOUT, () -> false, Mask.ofNothing())) {
            return call.version().text();
        }
    }

    @Override
    public RenderedRelease render(HelmUpgrade upgrade) {
        String operation = "dry run of the " + upgrade;
        try (HelmCall call = program.call(renderTimeout, () -> false, Mask.of(upgrade.values()))) {
            call.supportedVersion();
            List<String> command = upgradeCommand(call, upgrade, renderTimeout);
            command.add("--dry-run=server");
            command.add("--output=json");
            return rendered(operation, upgrade, call.run(operation, command));
        }
    }

    @Override
    public void upgrade(HelmUpgrade upgrade, Duration timeout, BooleanSupplier cancelled) {
        try (HelmCall call = program.call(timeout, cancelled, Mask.of(upgrade.values()))) {
            call.supportedVersion();
            call.run(upgrade.toString(), upgradeCommand(call, upgrade, timeout));
        }
    }

    @Override
    public void rollback(String namespace, String release, int revision, Duration timeout, BooleanSupplier cancelled) {
        HelmUpgrade.requireNames(namespace, release);
        if (revision < 1) {
            throw new IllegalArgumentException("revision " + revision + " : revisions are counted from 1.");
        }
        String operation = "rollback of " + namespace + "/" + release + " to revision " + revision;
        try (HelmCall call = program.call(timeout, cancelled, Mask.ofNothing())) {
            HelmVersion version = call.supportedVersion();
            List<String> connection = connection(call, namespace);
            List<String> command = new ArrayList<>(List.of("rollback", release, String.valueOf(revision)));
            command.addAll(connection);
            command.addAll(limits(timeout));
            if (version.knowsApplyMethods()) {
                List<String> question =
                        new ArrayList<>(List.of("get", "metadata", release, "--revision=" + revision, "--output=json"));
                question.addAll(connection);
                command.addAll(precedence(json(operation, call.run(operation, question))));
            }
            call.run(operation, command);
        }
    }

    /**
     * Where the server applies a release, Helm refuses to change a field that somebody else has set since, this library
     * included; but whoever goes back wants what was there.
     */
    private static List<String> precedence(JsonNode metadata) {
        return metadata.path("applyMethod").asText().equals("ssa") ? List.of("--force-conflicts") : List.of();
    }

    private List<String> upgradeCommand(HelmCall call, HelmUpgrade upgrade, Duration timeout) {
        Path values = call.folder().write("values.yaml", ValuesFile.textOf(upgrade.values()));
        List<String> command = new ArrayList<>(List.of(
                "upgrade",
                upgrade.release(),
                upgrade.chart().toAbsolutePath().toString(),
                "--reset-values",
                // By its name alone, since Helm takes a comma in a path for the end of it.
                "--values=" + values.getFileName(),
                "--description=" + upgrade.description()));
        command.addAll(connection(call, upgrade.namespace()));
        command.addAll(limits(timeout));
        return command;
    }

    private List<String> connection(HelmCall call, String namespace) {
        return List.of("--namespace=" + namespace, "--kubeconfig=" + kubeConfig.in(call.folder()));
    }

    private static List<String> limits(Duration timeout) {
        return List.of("--history-max=" + REVISIONS_KEPT, "--timeout=" + Math.max(1, timeout.toMillis()) + "ms");
    }

    private static RenderedRelease rendered(String operation, HelmUpgrade upgrade, Finished finished) {
        JsonNode release = json(operation, finished);
        int revision = release.path("version").asInt();
        if (revision < 1 || !release.path("name").asText().equals(upgrade.release())) {
            throw unreadable(operation, "it describes no revision of the release");
        }
        StringBuilder hooks = new StringBuilder();
        for (JsonNode hook : release.path("hooks")) {
            hooks.append("\n---\n").append(hook.path("manifest").asText());
        }
        try {
            return new RenderedRelease(
                    revision,
                    Manifest.objects(release.path("manifest").asText(), upgrade.namespace()),
                    Manifest.objects(hooks.toString(), upgrade.namespace()));
        } catch (IllegalArgumentException e) {
            throw unreadable(operation, "in the manifest " + e.getMessage());
        }
    }

    private static JsonNode json(String operation, Finished finished) {
        if (finished.outIsCut()) {
            throw unreadable(operation, "it is too long");
        }
        try {
            return JSON.readTree(finished.out());
        } catch (JsonProcessingException e) {
            // Without the cause, whose message quotes what was printed: a manifest may hold Secrets.
            throw unreadable(operation, "it is no JSON (line " + e.getLocation().getLineNr() + ")");
        }
    }

    private static UpgradeException unreadable(String operation, String why) {
        return new UpgradeException(
                Code.HELM_OUTPUT_UNREADABLE,
                "What Helm printed for the " + operation + " cannot be understood: " + why
                        + ". Check that the binary is Helm 3.14 or later, or 4.");
    }

    /** Settings of a {@link HelmCommand}. Not safe for use by several threads. */
    public static final class Builder {

        private final KubeConfigSource kubeConfig;
        private final Map<String, String> environment = new LinkedHashMap<>();
        private String binary = "helm";
        private Duration renderTimeout = Duration.ofMinutes(2);
        private Duration grace = Duration.ofSeconds(10);

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

        /** The client; starts nothing yet. */
        public HelmCommand build() {
            return new HelmCommand(this);
        }
    }
}
