package io.github.milvusupgrade.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.plan.PreflightReport;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoggingListenerTest {

    private static final RunId RUN = RunId.of("r1");
    private static final StepId STEP = StepId.of("roll");
    private static final Instant NOW = Instant.parse("2026-11-22T18:00:00Z");

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream before = System.err;

    @BeforeEach
    void catchTheLog() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void letTheLogGo() {
        System.setErr(before);
    }

    @Test
    void failuresAreWarningsProgressIsForDebuggingTheRestIsInformation() {
        LoggingListener listener = new LoggingListener();

        listener.onEvent(new UpgradeEvent.PreflightFinished(
                RUN, NOW, new PreflightReport(List.of(Finding.fail("P11", "no quorum.", "Repair etcd.")))));
        listener.onEvent(new UpgradeEvent.StepStarted(RUN, NOW, STEP, "roll the proxy", 1, 4));
        listener.onEvent(new UpgradeEvent.StepProgressed(RUN, NOW, STEP, "1 of 2 pods is ready"));
        listener.onEvent(finished(StepReport.Status.APPLIED, "it rolled"));
        listener.onEvent(finished(StepReport.Status.FAILED, "it crashed"));

        String logger = " io.github.milvusupgrade.run - [r1] ";
        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "INFO" + logger + "preflight: blocked by 1 finding(s)",
                        "INFO" + logger + "step 1/4: roll the proxy",
                        "DEBUG" + logger + "  1 of 2 pods is ready",
                        "INFO" + logger + "  APPLIED: it rolled",
                        "WARN" + logger + "  FAILED: it crashed");
    }

    private static UpgradeEvent finished(StepReport.Status status, String summary) {
        return new UpgradeEvent.StepFinished(
                RUN, NOW, new StepReport(STEP, "roll the proxy", status, summary, NOW, Duration.ofSeconds(20)));
    }
}
