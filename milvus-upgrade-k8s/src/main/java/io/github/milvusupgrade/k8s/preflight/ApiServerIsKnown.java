package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.api.ServerVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The API server answers, is of a version that this release was tested with, and its clock is near ours. */
record ApiServerIsKnown(LiveCluster live) implements Check {

    private static final int MAJOR = 1;
    private static final int OLDEST_MINOR = 25;
    private static final int NEWEST_MINOR = 36;
    private static final Duration TOLERATED = Duration.ofSeconds(5);

    @Override
    public String id() {
        return "P01";
    }

    @Override
    public String title() {
        return "the API server is of a tested version and its clock is near ours";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        LiveCluster.ClockedVersion found = live.version();
        ServerVersion server = found.server();
        String name = "Kubernetes "
                + (server.gitVersion().isEmpty() ? "of an unknown version" : server.gitVersion())
                + " at " + live.server();
        if (!live.servedApis().contains("apps/v1")) {
            return Finding.fail(
                    id(),
                    name + " does not serve apps/v1, in which Milvus' Deployments are read and changed.",
                    "Check the server address of the kubeconfig; Kubernetes serves it since 1.9.");
        }
        List<String> problems = new ArrayList<>();
        List<String> remedies = new ArrayList<>();
        if (!isTested(server)) {
            problems.add("it is outside of " + MAJOR + "." + OLDEST_MINOR + " to " + MAJOR + "." + NEWEST_MINOR
                    + ", which this release was tested with");
            remedies.add("Rehearse the upgrade on a cluster of this version first.");
        }
        Duration apart = apart(found);
        if (apart.abs().compareTo(TOLERATED) > 0) {
            problems.add("its clock is " + apart.abs().toSeconds() + " s "
                    + (apart.isNegative() ? "behind" : "ahead of") + " this machine's");
            remedies.add("Synchronise the clocks: the lock does not depend on them, but the times in journal and report"
                    + " do, and tokens may count as expired.");
        }
        return problems.isEmpty()
                ? Finding.pass(id(), name + ", and its clock agrees with this machine's.")
                : Finding.warn(id(), name + ": " + String.join("; ", problems) + ".", String.join(" ", remedies));
    }

    private static boolean isTested(ServerVersion server) {
        return server.major() == MAJOR && server.minor() >= OLDEST_MINOR && server.minor() <= NEWEST_MINOR;
    }

    /**
     * How far the server's clock is ahead, beyond what the time of the request and the missing fraction of the second
     * explain; zero if it does not tell.
     */
    private static Duration apart(LiveCluster.ClockedVersion found) {
        return found.server()
                .clock()
                .map(clock -> {
                    Instant latest = clock.plusSeconds(1);
                    if (clock.isAfter(found.answered())) {
                        return Duration.between(found.answered(), clock);
                    }
                    return latest.isBefore(found.asked()) ? Duration.between(found.asked(), latest) : Duration.ZERO;
                })
                .orElse(Duration.ZERO);
    }
}
