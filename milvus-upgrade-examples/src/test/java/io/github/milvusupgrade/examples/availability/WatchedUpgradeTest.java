package io.github.milvusupgrade.examples.availability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Searches fail for 1.5 s when the query node is rolled. */
class WatchedUpgradeTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void showsTheGapAndCountsTheRows() throws Exception {
        WatchedUpgrade.rehearse(Duration.ofSeconds(30), new PrintStream(out, true, StandardCharsets.UTF_8));

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
        WatchedUpgrade.rehearse(Duration.ofMillis(500), new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsSubsequence(
                        "probe \"search\" has had no success for 0.5 s, since ",
                        "# FAILED: upgrade 2.2.4 -> 2.2.16 of default/my-release",
                        "**MU-410**\n",
                        "The run is taken back now.\n",
                        "| no gap over 0.5 s: broken |\n",
                        "## Taken back: SUCCEEDED: rollback of run ",
                        "| no gap over 0.5 s: not in force |\n");
    }
}
