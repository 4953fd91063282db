package io.github.milvusupgrade.k8s.helm;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.testing.TestBed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Helm in this process keeps the contract on the rehearsal cluster, and disturbs nothing else in the process. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class HelmInProcessTest extends HelmInProcessContract {

    HelmInProcessTest() {
        super(HelmClientContract::rehearsal);
    }

    @Test
    void whatDoesNotReturnIsLeftBehind() {
        ((TestBed.Rehearsal) bed())
                .cluster()
                .inject(ApiFault.slow(Duration.ofSeconds(4)).on("list", "secrets"));
        HelmInProcess helm = new HelmInProcess(KubeConfigSource.contents(bed().kubeconfig()), Duration.ofMillis(100));

        assertFails(() -> helm.upgrade(upgrade("{}"), Duration.ofMillis(900), () -> false), Code.HELM_TIMED_OUT)
                .hasMessage(
                        "The %s did not end in its time, and cannot be ended in this process: it may still be at work. End"
                                + " this process; \"helm history\" then shows what became of the release.",
                        upgrade("{}"));
    }

    @Test
    void theProcessCanStillBeAskedToEnd() throws InterruptedException {
        Path done = charts.resolve("done");
        Process process = render(ChildJvm.CLASS_PATH, Map.of("KUBECONFIG", "/nowhere"), done);
        try {
            Awaitility.await().atMost(MINUTE).until(() -> Files.exists(done) || !process.isAlive());

            process.destroy();

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("it ended").isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
            assertThat(done).hasContent("3 objects");
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    helm-java   | java.lang.ClassNotFoundException: com.marcnuri.helm.Helm
                    linux-amd64 | java.lang.IllegalStateException: No NativeLibrary implementation found, please add one of the supported dependencies to your project
                    """)
    void withoutThePartsItSaysWhatToAdd(String missing, String why) throws InterruptedException {
        String rest = Stream.of(ChildJvm.CLASS_PATH.split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith(missing))
                .collect(joining(File.pathSeparator));
        Path done = charts.resolve("done");

        Process process = render(rest, Map.of(), done);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ended").isTrue();
        assertThat(done)
                .hasContent("MU-650 Helm cannot run in this process: " + why
                        + ". Add com.marcnuri.helm-java:helm-java and its part for this platform to the class path, or use"
                        + " the helm program.");
    }

    private Process render(String classPath, Map<String, String> environment, Path done) {
        return ChildJvm.start(
                RenderingProcess.class,
                classPath,
                environment,
                bed().kubeconfig(),
                namespace(),
                FixtureChart.NEW.archive(charts).toString(),
                done.toString());
    }

    /** Renders by Helm's own code, writes down what came of it, and then waits to be asked to end, unless it failed. */
    static final class RenderingProcess {

        private RenderingProcess() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            HelmClient helm = HelmInProcess.of(KubeConfigSource.contents(arguments[0]));
            HelmUpgrade upgrade =
                    new HelmUpgrade(arguments[1], "my-release", Path.of(arguments[2]), json("{}"), "not to be seen");
            try {
                RenderedRelease rendered = helm.render(upgrade);
                write(arguments[3], rendered.objects().size() + " objects");
            } catch (UpgradeException e) {
                write(arguments[3], e.code() + " " + e.getMessage());
                return;
            }
            Thread.currentThread().join();
        }

        /** All at once, since somebody waits for the file to be there. */
        private static void write(String file, String text) throws IOException {
            Path written = Files.writeString(Path.of(file + ".new"), text);
            Files.move(written, Path.of(file));
        }
    }
}
