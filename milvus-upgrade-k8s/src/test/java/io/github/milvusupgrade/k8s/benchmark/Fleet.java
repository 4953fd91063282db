package io.github.milvusupgrade.k8s.benchmark;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Upgrades many instances at once on a rehearsal cluster, each with a thread of its own, all with one client. */
public final class Fleet {

    private static final double NANOS = 1e9;
    private static final long MIB = 1024 * 1024;

    private Fleet() {}

    public static void main(String[] arguments) throws Exception {
        int size = Integer.parseInt(arguments[0]);
        try (RehearsalCluster cluster = RehearsalCluster.builder().speed(5).start()) {
            for (int i = 0; i < size; i++) {
                cluster.seed(MilvusBlueprint.cluster("milvus-" + i)
                        .namespace("team-" + i)
                        .version("2.2.4"));
            }
            ApiClient client = cluster.apiClient();
            ExecutorService threads = Executors.newFixedThreadPool(size);
            long begin = System.nanoTime();
            List<Future<UpgradeReport>> running = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                int number = i;
                running.add(threads.submit(() -> upgrade(client, number)));
            }
            int succeeded = 0;
            for (Future<UpgradeReport> run : running) {
                UpgradeReport report = run.get();
                succeeded += report.succeeded() ? 1 : 0;
                report.failure().ifPresent(failure -> System.out.println(failure.message()));
            }
            threads.shutdown();
            Runtime runtime = Runtime.getRuntime();
            System.out.printf(
                    Locale.ROOT,
                    "%d of %d succeeded in %.1f s, heap %d of %d MiB%n",
                    succeeded,
                    size,
                    (System.nanoTime() - begin) / NANOS,
                    (runtime.totalMemory() - runtime.freeMemory()) / MIB,
                    runtime.maxMemory() / MIB);
            System.exit(succeeded == size ? 0 : 1);
        }
    }

    private static UpgradeReport upgrade(ApiClient client, int number) {
        KubernetesOptions options =
                KubernetesOptions.defaults().withProfile(Profiles.official(1)).withCoordinatorSettling(Duration.ZERO);
        Upgrader upgrader = Upgrader.forCluster(
                        KubernetesMilvusCluster.connect(client, "team-" + number, "milvus-" + number, options))
                .build();
        return upgrader.execute(upgrader.plan(MilvusVersion.parse("2.2.16")));
    }
}
