package io.github.milvusupgrade.availability;

import io.github.milvusupgrade.step.OnFailure;
import java.util.List;

/**
 * What clients of the instance saw of one execution.
 *
 * @param enforced whether budgets could stop the run; those of a way back cannot
 * @param probes each probe, in the order in which they were registered
 */
public record AvailabilityReport(boolean enforced, List<ProbeReport> probes) {

    /** Whether a budget was broken whose owner wants the run to be taken back. */
    public boolean wantsTakeBack() {
        return probes.stream()
                .flatMap(probe -> probe.broken().stream())
                .anyMatch(broken -> broken.budget().onBreak() == OnFailure.TAKE_BACK);
    }
}
