package io.github.milvusupgrade.examples.availability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Searches fail for some seconds when the query node is rolled. */
class WatchedUpgradeTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void showsTheGapAndCountsTheRows() throws Exception {
        WatchedUpgrade.rehearse(
                Duration.ofMillis(1500),
                Duration.ofSeconds(30),
                // The last steps take less than the gap: it must end while the run is still measured.
                Duration.ofSeconds(4),
                new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsSubsequence(
                        ": roll querynode to 2.2.16\n",
                        "  search: no success for ",
                        "UNAVAILABLE: no query node has loaded the collection\n",
                        "  search: succeeds again after ",
                        "# SUCCEEDED: upgrade 2.2.4 -> 2.2.16 of default/my-release",
                        "### Availability\n",
                        "| no gap over 30.0 s: kept |\n",
                        "    section search\n",
                        " :crit, ",
                        " × java.lang.IllegalStateException: UNAVAILABLE: no query node has loaded the collection\n",
                        " rows acknowledged, ",
                        " of them found, 0 missing; 0 more whose answer was lost\n");
    }

    @Test
    void goesBackIfSearchesHaveToWaitTooLong() throws Exception {
        WatchedUpgrade.rehearse(
                Duration.ofSeconds(6),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsSubsequence(
                        "probe \"search\" has had no success for 2.",
                        "# FAILED: upgrade 2.2.4 -> 2.2.16 of default/my-release",
                        "**MU-410**\n",
                        "The run is taken back now.\n",
                        "| no gap over 2.0 s: broken |\n",
                        "## Taken back: SUCCEEDED: rollback of run ",
                        "| no gap over 2.0 s: not in force |\n");
    }
}
