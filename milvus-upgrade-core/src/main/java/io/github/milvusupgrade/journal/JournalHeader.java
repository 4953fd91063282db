package io.github.milvusupgrade.journal;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.plan.Waiver;
import io.github.milvusupgrade.step.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is written down once, when a run begins.
 *
 * @param run its name
 * @param cluster the instance it upgrades
 * @param begunAt when, in ISO-8601
 * @param plan the plan, as {@code UpgradePlan.toJson} wrote it
 * @param rollbackOf the run that it takes back, if it does
 * @param waivers the checks that a person decided to ignore
 */
public record JournalHeader(
        RunId run,
        ClusterId cluster,
        String begunAt,
        String plan,
        @Nullable RunId rollbackOf,
        List<Waiver> waivers) {

    /** Refuse what says nothing, which is what damage looks like, and copy what is handed in. */
    public JournalHeader {
        Objects.requireNonNull(run, "a run has a name");
        Objects.requireNonNull(cluster, "a run is of an instance");
        Objects.requireNonNull(plan, "a run has a plan");
        Instant.parse(begunAt);
        waivers = List.copyOf(waivers);
    }
}
