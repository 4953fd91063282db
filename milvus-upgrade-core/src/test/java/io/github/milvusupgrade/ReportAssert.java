package io.github.milvusupgrade;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.run.Outcome;
import io.github.milvusupgrade.run.StepReport;
import io.github.milvusupgrade.run.UpgradeReport;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Says of a report what people say of a run. */
final class ReportAssert extends AbstractAssert<ReportAssert, UpgradeReport> {

    private ReportAssert(UpgradeReport report) {
        super(report, ReportAssert.class);
    }

    static ReportAssert assertThat(UpgradeReport report) {
        return new ReportAssert(report);
    }

    ReportAssert succeeded() {
        return ended(Outcome.SUCCEEDED);
    }

    ReportAssert wasBlockedBy(Code code, String message) {
        ended(Outcome.BLOCKED);
        Assertions.assertThat(actual.failure()).contains(new UpgradeReport.Failure(code, message, Optional.empty()));
        return this;
    }

    ReportAssert wasBlockedBy(Code code) {
        ended(Outcome.BLOCKED);
        Assertions.assertThat(actual.failure()).map(UpgradeReport.Failure::code).contains(code);
        return this;
    }

    ReportAssert failedIn(String step, Code code) {
        return ended(Outcome.FAILED).stoppedIn(step, code);
    }

    ReportAssert wasCancelledIn(String step) {
        return ended(Outcome.CANCELLED).stoppedIn(step, Code.CANCELLED);
    }

    ReportAssert wasCancelledBetweenSteps() {
        ended(Outcome.CANCELLED);
        Assertions.assertThat(actual.failure())
                .contains(new UpgradeReport.Failure(Code.CANCELLED, "Cancelled between two steps.", Optional.empty()));
        return this;
    }

    ReportAssert says(String failure) {
        Assertions.assertThat(actual.failure())
                .map(UpgradeReport.Failure::message)
                .contains(failure);
        return this;
    }

    ReportAssert hasStatuses(StepReport.Status... statuses) {
        Assertions.assertThat(actual.steps()).extracting(StepReport::status).containsExactly(statuses);
        return this;
    }

    ReportAssert offers(String... nextSteps) {
        Assertions.assertThat(actual.nextSteps()).containsExactly(nextSteps);
        return this;
    }

    ReportAssert warns(String... warnings) {
        Assertions.assertThat(actual.warnings()).isEqualTo(List.of(warnings));
        return this;
    }

    private ReportAssert ended(Outcome outcome) {
        Assertions.assertThat(actual.outcome()).as(actual.describe()).isEqualTo(outcome);
        return this;
    }

    private ReportAssert stoppedIn(String step, Code code) {
        Assertions.assertThat(actual.failure().flatMap(UpgradeReport.Failure::step))
                .map(Object::toString)
                .contains(step);
        Assertions.assertThat(actual.failure()).map(UpgradeReport.Failure::code).contains(code);
        return this;
    }
}
