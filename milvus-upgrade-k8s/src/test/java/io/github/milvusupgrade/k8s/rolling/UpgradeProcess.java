package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.run.UpgradeReport;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** An upgrade in a process of its own, which can be killed. It prints a line for each event of its run. */
final class UpgradeProcess implements AutoCloseable {

    /** Something the process said, and when this process heard it. */
    record Line(long nanos, String text) {}

    private final Process process;
    private final List<Line> lines = new ArrayList<>();
    private boolean ended;

    private UpgradeProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "output of process " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static UpgradeProcess start(Path kubeconfig, InstalledMilvus milvus) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                UpgradeProcess.class.getName(),
                kubeconfig.toString(),
                milvus.namespace());
        try {
            return new UpgradeProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of both processes: they must agree, or the plan of one would not be the plan of the other. */
    static KubernetesOptions options() {
        return KubernetesOptions.defaults()
                .withProfile(Profiles.official(1))
                .withCoordinatorSettling(Duration.ofSeconds(1))
                .withLeaseDuration(Duration.ofSeconds(3));
    }

    public static void main(String[] args) throws IOException {
        try (Reader kubeconfig = Files.newBufferedReader(Path.of(args[0]))) {
            ApiClient client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(kubeconfig))
                    .build();
            Upgrader upgrader = Upgrader.forCluster(
                            KubernetesMilvusCluster.connect(client, args[1], RollingContract.RELEASE, options()))
                    .listener(event -> System.out.println(event.describe()))
                    .build();
            UpgradeReport report = upgrader.execute(upgrader.plan(RollingContract.TARGET));
            System.exit(report.succeeded() ? 0 : 1);
        }
    }

    /** Waits for a line; false if the process ends before it comes. */
    synchronized boolean awaitLine(Predicate<String> wanted) throws InterruptedException {
        while (lines.stream().noneMatch(line -> wanted.test(line.text()))) {
            if (ended) {
                return false;
            }
            wait();
        }
        return true;
    }

    synchronized List<Line> lines() {
        return List.copyOf(lines);
    }

    /** The step that it was in at last. */
    synchronized String step() {
        return lines.stream()
                .map(Line::text)
                .filter(text -> text.startsWith("step "))
                .reduce("before the first step", (before, after) -> after);
    }

    int await() throws InterruptedException {
        return process.waitFor();
    }

    /** Ends it by SIGKILL, as the kernel does for want of memory; answers whether it still lived. */
    boolean kill() throws InterruptedException {
        boolean alive = process.isAlive();
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
        return alive;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            String text = output.readLine();
            while (text != null) {
                add(text);
                text = output.readLine();
            }
        } catch (IOException e) {
            add("the output ended: " + e);
        } finally {
            end();
        }
    }

    private synchronized void add(String text) {
        lines.add(new Line(System.nanoTime(), text));
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}
