package io.github.milvusupgrade.run;

import io.github.milvusupgrade.error.UpgradeException;

/** An execution did not succeed. Thrown by {@link UpgradeReport#throwIfFailed} only; the report says everything. */
public class UpgradeFailedException extends UpgradeException {

    private static final long serialVersionUID = 1L;

    private final transient UpgradeReport report;

    UpgradeFailedException(UpgradeReport report, UpgradeReport.Failure failure) {
        super(failure.code(), report.describe());
        this.report = report;
    }

    /** What happened. */
    public UpgradeReport report() {
        return report;
    }
}
