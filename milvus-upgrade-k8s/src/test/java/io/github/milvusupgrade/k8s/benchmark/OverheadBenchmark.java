package io.github.milvusupgrade.k8s.benchmark;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.github.milvusupgrade.k8s.testing.RealCluster;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an upgrade of eight components costs beside the rollouts themselves, ours and the kubectl sequence of the
 * official script in turns on the same cluster. Both use the same {@code minReadySeconds}. The figures of one run can
 * be compared with each other, not with those of another machine.
 *
 * <pre>
 * MILVUS_UPGRADE_IT_KUBECONFIG=… KUBECTL=kubectl ./mvnw -q test-compile -Pbenchmark -Drounds=5 \
 *     -pl milvus-upgrade-k8s -am
 * </pre>
 */
public final class OverheadBenchmark {

    private static final String IMAGE = "milvusdb/milvus:v2.2.16";
    private static final int MIN_READY = 1;
    private static final double NANOS = 1e9;

    private OverheadBenchmark() {}

    private record Round(String who, double wall, double rollouts, List<Double> gaps) {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.getInteger("rounds", 5);
        String kubectl = System.getenv().getOrDefault("KUBECTL", "kubectl");
        RealCluster cluster = RealCluster.orSkip();
        List<Round> ours = new ArrayList<>();
        List<Round> theirs = new ArrayList<>();
        ours(cluster); // warms the JVM up; not counted
        for (int i = 0; i < rounds; i++) {
            ours.add(ours(cluster));
            theirs.add(theirs(cluster, kubectl));
        }
        System.out.println(
                "| who | wall, s (median) | rollouts, s | overhead per component, s: median | p95 | worst |");
        System.out.println("|---|---|---|---|---|---|");
        print("milvus-upgrade", ours);
        print("kubectl sequence of rollingUpdate.sh", theirs);
    }

    private static Round ours(RealCluster cluster) throws Exception {
        try (TestBed bed = install(cluster);
                RolloutTimes times = new RolloutTimes(bed.apiClient(), bed.namespace(), IMAGE)) {
            KubernetesOptions options = KubernetesOptions.defaults()
                    .withProfile(Profiles.official(MIN_READY))
                    .withCoordinatorSettling(Duration.ZERO);
            KubernetesMilvusCluster milvus =
                    KubernetesMilvusCluster.connect(bed.apiClient(), bed.namespace(), "my-release", options);
            Upgrader upgrader = Upgrader.forCluster(milvus).build();
            long planning = System.nanoTime();
            Map<String, Long> before = milvus.requests();
            UpgradePlan plan = upgrader.plan(MilvusVersion.parse("2.2.16"));
            long planned = System.nanoTime();
            long planRequests = total(milvus.requests()) - total(before);
            upgrader.preflight(plan);
            Map<String, Long> preflighted = milvus.requests();
            long begin = System.nanoTime();
            UpgradeReport report = upgrader.execute(plan).throwIfFailed();
            Round round = round("ours", begin, System.nanoTime(), times.spans());
            System.out.printf(
                    Locale.ROOT,
                    "plan: %.2f s, %d requests; preflight: %d requests; run with its preflight: %d requests %s%n",
                    (planned - planning) / NANOS,
                    planRequests,
                    total(preflighted) - planRequests - total(before),
                    total(report.requests()),
                    report.requests());
            return round;
        }
    }

    private static Round theirs(RealCluster cluster, String kubectl) throws Exception {
        try (TestBed bed = install(cluster);
                RolloutTimes times = new RolloutTimes(bed.apiClient(), bed.namespace(), IMAGE)) {
            KubectlSequence script = new KubectlSequence(kubectl, cluster.kubeconfig(), bed.namespace(), "my-release");
            long begin = System.nanoTime();
            script.run(IMAGE, "2.2.16", MIN_READY);
            return round("script", begin, System.nanoTime(), times.spans());
        }
    }

    private static TestBed install(RealCluster cluster) {
        TestBed bed = TestBed.real(cluster);
        bed.install(MilvusBlueprint.cluster("my-release").version("2.2.4"));
        return bed;
    }

    /** The gaps: from the start to the first rollout, from each end to the next begin, from the last end to the end. */
    private static Round round(String who, long begin, long end, List<RolloutTimes.Span> spans) {
        List<Double> gaps = new ArrayList<>();
        long last = begin;
        double rollouts = 0;
        for (RolloutTimes.Span span : spans) {
            gaps.add(Math.max(0, span.begin() - last) / NANOS);
            last = span.end() == 0 ? end : span.end();
            rollouts += (last - span.begin()) / NANOS;
        }
        gaps.add(Math.max(0, end - last) / NANOS);
        System.out.printf(
                Locale.ROOT,
                "%s: wall %.2f s, rollouts %.2f s, gaps %s%n",
                who,
                (end - begin) / NANOS,
                rollouts,
                gaps.stream()
                        .map(gap -> String.format(Locale.ROOT, "%.2f", gap))
                        .toList());
        return new Round(who, (end - begin) / NANOS, rollouts, gaps);
    }

    private static void print(String who, List<Round> rounds) {
        List<Double> perComponent = rounds.stream()
                .flatMap(round -> round.gaps().subList(1, round.gaps().size()).stream())
                .sorted()
                .toList();
        System.out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                who,
                median(rounds.stream().map(Round::wall).sorted().toList()),
                median(rounds.stream().map(Round::rollouts).sorted().toList()),
                median(perComponent),
                perComponent.get((int) Math.ceil(perComponent.size() * 0.95) - 1),
                perComponent.get(perComponent.size() - 1));
    }

    private static double median(List<Double> sorted) {
        return sorted.get(sorted.size() / 2);
    }

    private static long total(Map<String, Long> requests) {
        return requests.values().stream().mapToLong(Long::longValue).sum();
    }
}
