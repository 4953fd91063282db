package io.github.milvusupgrade.examples.availability;

import io.github.milvusupgrade.MilvusCluster;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.availability.AvailabilityBudget;
import io.github.milvusupgrade.availability.AvailabilityProbe;
import io.github.milvusupgrade.availability.AvailabilityWatch;
import io.github.milvusupgrade.availability.ProbeSchedule;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.rolling.RollingProfile;
import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import io.kubernetes.client.util.Config;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Upgrades an instance while clients insert and search, takes the upgrade back if searches have to wait too long, and
 * counts the rows at the end. Without arguments everything happens within this process; otherwise
 *
 * <pre>
 * WatchedUpgrade HOST:PORT KUBECONFIG NAMESPACE INSTANCE TARGET SECONDS
 * </pre>
 *
 * <p>names the address of Milvus for its clients, which has to stay while proxies are replaced (that of a Service, not
 * of a forwarded pod), the instance on Kubernetes, the version to reach, and the longest gap that is allowed.
 */
public final class WatchedUpgrade {

    private static final int ARGUMENTS = 6;

    private final MilvusCluster milvus;
    private final Traffic traffic;
    private final Duration surroundings;
    private final PrintStream out;

    WatchedUpgrade(MilvusCluster milvus, Traffic traffic, Duration surroundings, PrintStream out) {
        this.milvus = milvus;
        this.traffic = traffic;
        this.surroundings = surroundings;
        this.out = out;
    }

    /** Run the example. */
    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            rehearse(Duration.ofMillis(1500), Duration.ofSeconds(10), Duration.ofSeconds(1), System.out);
        } else if (args.length == ARGUMENTS) {
            live(args);
        } else {
            System.err.println("WatchedUpgrade [HOST:PORT KUBECONFIG NAMESPACE INSTANCE TARGET SECONDS]");
            System.exit(2);
        }
    }

    private static void live(String[] args) throws Exception {
        String[] address = args[0].split(":");
        MilvusCluster milvus = KubernetesMilvusCluster.connect(Config.fromConfig(args[1]), args[2], args[3]);
        String collection = "watched_upgrade_" + Clock.systemUTC().millis();
        try (Traffic traffic = MilvusTraffic.connect(address[0], Integer.parseInt(address[1]), collection)) {
            new WatchedUpgrade(milvus, traffic, Duration.ofSeconds(10), System.out)
                    .run(MilvusVersion.parse(args[4]), Duration.ofSeconds(Long.parseLong(args[5])));
        }
    }

    /** In the rehearsal cluster are pods, but no Milvus; there, searches fail for a while as a script says. */
    static void rehearse(Duration outage, Duration longestGap, Duration surroundings, PrintStream out)
            throws Exception {
        try (RehearsalCluster cluster = RehearsalCluster.builder().speed(20).start();
                Traffic traffic = new ScriptedTraffic(Clock.systemUTC(), "roll querynode to ", outage)) {
            cluster.seed(MilvusBlueprint.cluster("my-release").version("2.2.4"));
            MilvusCluster milvus = KubernetesMilvusCluster.connect(
                    cluster.apiClient(),
                    "default",
                    "my-release",
                    KubernetesOptions.defaults()
                            .withProfile(RollingProfile.official())
                            .withCoordinatorSettling(Duration.ofSeconds(1)));
            new WatchedUpgrade(milvus, traffic, surroundings, out).run(MilvusVersion.parse("2.2.16"), longestGap);
        }
    }

    private void run(MilvusVersion target, Duration longestGap) throws Exception {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ExecutorService workers = Executors.newCachedThreadPool();
        try {
            // tag::watch-availability[]
            AvailabilityWatch watch = AvailabilityWatch.on(timer, workers)
                    .surroundings(surroundings)
                    .probe(
                            AvailabilityProbe.named("search", traffic::search),
                            ProbeSchedule.perSecond(20),
                            AvailabilityBudget.noGapOver(longestGap).orTakeBack())
                    .probe(AvailabilityProbe.named("insert", traffic::insert), ProbeSchedule.perSecond(10));
            Upgrader upgrader = Upgrader.forCluster(milvus)
                    .watchAvailability(watch)
                    .listener(this::show)
                    .listener(traffic)
                    .build();
            UpgradeReport report = upgrader.execute(upgrader.plan(target));
            // end::watch-availability[]
            out.println("\n" + report.toMarkdown());
        } finally {
            timer.shutdownNow();
            workers.shutdownNow();
        }
        out.println(traffic.count().describe());
    }

    private void show(UpgradeEvent event) {
        switch (event.kind()) {
            case STEP_STARTED, GAP_OPENED, GAP_CLOSED, BUDGET_BROKEN -> out.println(event.describe());
            default -> {
                // The report at the end says the rest.
            }
        }
    }
}
