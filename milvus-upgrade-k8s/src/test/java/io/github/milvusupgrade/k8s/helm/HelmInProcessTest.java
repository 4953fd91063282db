package io.github.milvusupgrade.k8s.helm;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Helm in this process keeps the contract, on the rehearsal cluster, and its own promises. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class HelmInProcessTest extends HelmClientContract {

    private static RehearsalCluster cluster;
    private static JsonApi api;
    private static int tests;

    private String namespace;

    @BeforeAll
    static void start() {
        cluster = RehearsalCluster.builder().speed(10).start();
        api = new JsonApi(cluster.apiClient());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    void prepare() {
        namespace = "test-" + ++tests;
        cluster.createNamespace(namespace);
    }

    @Override
    JsonApi api() {
        return api;
    }

    @Override
    String namespace() {
        return namespace;
    }

    @Override
    HelmClient helm() {
        return HelmInProcess.of(KubeConfigSource.unsecured(cluster.apiClient()));
    }

    @Override
    boolean tellsHooks() {
        return false;
    }

    @Override
    void install(Path chart, ObjectNode values) {
        try {
            Path kubeconfig = Files.writeString(charts.resolve("kubeconfig"), cluster.kubeconfig());
            Path file = Files.writeString(charts.resolve("installed-values.yaml"), values.toString());
            SignalGuard.during(() -> new Helm(chart)
                    .install()
                    .withName("my-release")
                    .withNamespace(namespace)
                    .withKubeConfig(kubeconfig)
                    .withValuesFile(file)
                    .call());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void itCannotRollBack() {
        assertFails(() -> helm().rollback(namespace, "my-release", 1, MINUTE, () -> false), Code.HELM_UNSUPPORTED)
                .hasMessage(
                        "The rollback of %s/my-release to revision 1 is not possible: helm-java has no rollback. Use the"
                                + " helm program, or upgrade to the chart and the values of that revision.",
                        namespace);
    }

    @Test
    void anUpgradeToTheEarlierChartAndValuesDoesWhatARollbackWould() {
        helm().upgrade(upgrade("{image: {all: {tag: 'v2.2.16'}}}"), MINUTE, () -> false);

        ObjectNode earlier = (ObjectNode) release(1).path("config");
        Path chart = FixtureChart.OLD.folder(charts);
        helm().upgrade(new HelmUpgrade(namespace, "my-release", chart, earlier, "back to 1"), MINUTE, () -> false);

        assertThat(deployment().at(IMAGE).asText()).isEqualTo("milvusdb/milvus:v2.2.2");
        assertThat(deployment().at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(revisions()).containsExactly("1 superseded", "2 superseded", "3 deployed");
    }

    @Test
    void theProcessCanStillBeAskedToEnd() throws IOException, InterruptedException {
        Path ready = charts.resolve("ready");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RenderingProcess.class.getName(),
                        cluster.kubeconfig(),
                        namespace,
                        FixtureChart.NEW.archive(charts).toString(),
                        ready.toString())
                .inheritIO()
                .start();
        try {
            Awaitility.await().until(() -> Files.exists(ready) || !process.isAlive());

            process.destroy();

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("it ended").isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Renders by Helm's own code, which takes signals over, and then waits to be asked to end. */
    static final class RenderingProcess {

        private RenderingProcess() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            HelmClient helm = HelmInProcess.of(KubeConfigSource.contents(arguments[0]));
            helm.render(new HelmUpgrade(
                    arguments[1], "my-release", Path.of(arguments[2]), json("{}"), "rendered to be ended"));
            Files.createFile(Path.of(arguments[3]));
            Thread.currentThread().join();
        }
    }

    @Test
    void withoutTheLibraryItSaysWhatToAdd() throws IOException, ReflectiveOperationException {
        URL ours = HelmInProcess.class.getProtectionDomain().getCodeSource().getLocation();
        try (WithoutHelmJava loader = new WithoutHelmJava(ours)) {
            Class<?> source = loader.loadClass(KubeConfigSource.class.getName());
            Object kubeConfig = source.getMethod("contents", String.class).invoke(null, "");
            Class<?> type = loader.loadClass(HelmInProcess.class.getName());
            Object helm = type.getMethod("of", source).invoke(null, kubeConfig);

            assertFails(
                            () -> {
                                try {
                                    type.getMethod("version").invoke(helm);
                                } catch (InvocationTargetException e) {
                                    throw (UpgradeException) e.getCause();
                                }
                            },
                            Code.HELM_UNAVAILABLE)
                    .hasMessage(
                            "Helm cannot run in this process: java.lang.NoClassDefFoundError: com/marcnuri/helm/Helm."
                                    + " Add com.marcnuri.helm-java:helm-java and its part for this platform to the class path, or"
                                    + " use the helm program.");
        }
    }

    /** Loads our package anew, as if helm-java were not on the class path. */
    private static final class WithoutHelmJava extends URLClassLoader {

        WithoutHelmJava(URL ours) {
            super(new URL[] {ours}, HelmInProcess.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("com.marcnuri.")) {
                throw new ClassNotFoundException(name);
            }
            if (name.startsWith(HelmInProcess.class.getPackageName())) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
            return super.loadClass(name, resolve);
        }
    }
}
