package io.github.milvusupgrade.plan;

import io.github.milvusupgrade.cluster.Finding;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What all checks of a plan found, without anything having been changed.
 *
 * @param findings one for each check, in the order of the checks
 */
public record PreflightReport(List<Finding> findings) {

    /** Copy what is handed in. */
    public PreflightReport {
        findings = List.copyOf(findings);
    }

    /** Whether at least one finding forbids the upgrade. */
    public boolean blocked() {
        return findings.stream().anyMatch(Finding::blocks);
    }

    /** The findings that forbid the upgrade. */
    public List<Finding> blockers() {
        return findings.stream().filter(Finding::blocks).toList();
    }

    /** One line for each finding. */
    public String describe() {
        return findings.stream().map(Finding::toString).collect(Collectors.joining("\n"));
    }
}
