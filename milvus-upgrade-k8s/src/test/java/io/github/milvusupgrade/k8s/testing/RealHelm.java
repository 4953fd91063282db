package io.github.milvusupgrade.k8s.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;

/**
 * A {@code helm} program, in the hands of a person.
 *
 * @param binary its path
 */
public record RealHelm(Path binary) {

    private static final Set<String> MISSING = ConcurrentHashMap.newKeySet();

    /**
     * The one of a major version that the environment names. Skips the calling test if there is none, and says so once.
     */
    public static RealHelm orSkip(int major) {
        String variable = "MILVUS_UPGRADE_IT_HELM" + major;
        String binary = Objects.requireNonNullElse(System.getenv(variable), "");
        if (binary.isBlank()) {
            String why = "no helm for integration tests : " + variable + " is not set. Set it to the path of one.";
            if (MISSING.add(variable)) {
                System.out.println("SKIPPED: " + why);
            }
            Assumptions.abort(why);
        }
        return new RealHelm(Path.of(binary));
    }

    /**
     * What a command prints, and how it ends.
     *
     * @param exitCode 0 if all went well
     * @param text both streams
     */
    public record Outcome(int exitCode, String text) {}

    /** Installs a release. */
    public void install(String namespace, String release, Path chart, Path values, Path kubeconfig) {
        Outcome outcome = run(
                "install",
                release,
                chart.toString(),
                "--namespace=" + namespace,
                "--kubeconfig=" + kubeconfig,
                "--values=" + values);
        assertThat(outcome.exitCode()).as(outcome.text()).isZero();
    }

    /** Runs any command. */
    public Outcome run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(binary.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes());
            return new Outcome(process.waitFor(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
