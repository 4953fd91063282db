package io.github.milvusupgrade.journal;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.plan.Waiver;
import io.github.milvusupgrade.step.RunId;
import java.util.List;
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

    /** Copy what is handed in. */
    public JournalHeader {
        waivers = List.copyOf(waivers);
    }
}
