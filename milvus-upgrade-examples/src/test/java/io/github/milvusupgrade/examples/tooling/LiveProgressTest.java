package io.github.milvusupgrade.examples.tooling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.run.StepReport;
import io.github.milvusupgrade.run.UpgradeEvent.GapOpened;
import io.github.milvusupgrade.run.UpgradeEvent.StepFinished;
import io.github.milvusupgrade.run.UpgradeEvent.StepProgressed;
import io.github.milvusupgrade.run.UpgradeEvent.StepStarted;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveProgressTest {

    private static final RunId RUN = RunId.of("r1");
    private static final StepId STEP = StepId.of("2.2.16/roll/proxy");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String ERASE = "\r\u001b[2K";

    private final ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    private final LiveProgress progress = LiveProgress.start(
            new PrintStream(drawn, true, StandardCharsets.UTF_8), Clock.fixed(NOON.plusSeconds(75), ZoneOffset.UTC));

    @AfterEach
    void close() {
        progress.close();
    }

    @Test
    void showsTheCurrentStepWithItsTimeAndHowFarItIs() {
        progress.onEvent(new StepStarted(RUN, NOON, STEP, "roll proxy", 9, 10));
        progress.onEvent(new StepProgressed(RUN, NOON, STEP, "1 of 2 pods"));
        assertThat(lastDrawn()).isEqualTo(cutOff("[ 9/10] roll proxy  1 min 15 s  1 of 2 pods"));
    }

    @Test
    void showsTheFirstLineOfALongStory() {
        progress.onEvent(new StepStarted(RUN, NOON, STEP, "roll proxy", 9, 10));
        progress.onEvent(new StepProgressed(RUN, NOON, STEP, "it crashes\n  and this is its log"));
        assertThat(lastDrawn()).isEqualTo(cutOff("[ 9/10] roll proxy  1 min 15 s  it crashes"));
    }

    @Test
    void leavesALineForAStepThatIsOver() {
        progress.onEvent(new StepStarted(RUN, NOON, STEP, "roll proxy", 9, 10));
        progress.onEvent(finished(StepReport.Status.APPLIED));
        assertThat(lastDrawn()).isEqualTo("[ 9/10] roll proxy  12 s\n");
    }

    @Test
    void saysWhenAStepFailed() {
        progress.onEvent(new StepStarted(RUN, NOON, STEP, "roll proxy", 9, 10));
        progress.onEvent(finished(StepReport.Status.FAILED));
        assertThat(lastDrawn()).isEqualTo("[ 9/10] roll proxy  12 s  FAILED\n");
    }

    @Test
    void leavesALineWhenClientsGetNoAnswerAndGoesOnWithTheStep() {
        progress.onEvent(new StepStarted(RUN, NOON, STEP, "roll proxy", 9, 10));
        progress.onEvent(new GapOpened(RUN, NOON.plusSeconds(2), "search", NOON, "UNAVAILABLE"));
        assertThat(drawn.toString(StandardCharsets.UTF_8))
                .contains(ERASE + "  search: no success for 2.0 s: UNAVAILABLE\n");
        assertThat(lastDrawn()).isEqualTo(cutOff("[ 9/10] roll proxy  1 min 15 s  "));
    }

    private static StepFinished finished(StepReport.Status status) {
        return new StepFinished(
                RUN, NOON, new StepReport(STEP, "roll proxy", status, "", NOON, Duration.ofMillis(12_300)));
    }

    private static String cutOff(String line) {
        return "\u001b[?7l" + line + "\u001b[?7h";
    }

    private String lastDrawn() {
        String all = drawn.toString(StandardCharsets.UTF_8);
        return all.substring(all.lastIndexOf(ERASE) + ERASE.length());
    }
}
