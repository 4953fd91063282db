package io.github.milvusupgrade;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.milvusupgrade.availability.AvailabilityBudget;
import io.github.milvusupgrade.availability.AvailabilityWatch;
import io.github.milvusupgrade.availability.ProbeSchedule;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What a report says of availability. Searches fail for 3 s while the data node is rolled; inserts are only measured.
 */
class AvailabilityReportTest {

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final FakeService searches = new FakeService(cluster.clock());
    private final UpgradeReport report = report();

    @Test
    void forTheTerminal() {
        assertThat(report.describe().lines())
                .containsSubsequence(
                        "  APPLIED         roll proxy to 2.2.16                            20.0 s  proxy runs"
                                + " milvusdb/milvus:v2.2.16",
                        "  probe search: 1000 of 1030 attempts succeeded (97.09 %), longest gap 3.1 s in"
                                + " \"roll datanode to 2.2.16\", p99 latency 4.0 ms before, 4.0 ms during, 4.0 ms after;"
                                + " budget: no gap over 5.0 s: kept",
                        "  probe insert: 103 of 103 attempts succeeded (100.00 %), longest gap 1.0 s, p99 latency 4.0 ms"
                                + " before, 4.0 ms during, 4.0 ms after; budget: none",
                        "  go back: upgrader.planRollback(\"" + report.run() + "\")");
    }

    @Test
    void forAPullRequest() {
        assertThat(report.toMarkdown()).contains("""

                ### Availability

                | probe | attempts | successes | longest gap | latency before | during | after | budget |
                |---|---|---|---|---|---|---|---|
                | search | 1030 | 1000 (97.09 %) | 3.1 s | 4.0 ms / 4.0 ms / 4.0 ms | 4.0 ms / 4.0 ms / 4.0 ms | 4.0 ms / 4.0 ms / 4.0 ms | no gap over 5.0 s: kept |
                | insert | 103 | 103 (100.00 %) | 1.0 s | 4.0 ms / 4.0 ms / 4.0 ms | 4.0 ms / 4.0 ms / 4.0 ms | 4.0 ms / 4.0 ms / 4.0 ms | none |

                Latency of successes: p50 / p99 / slowest.

                ```mermaid
                gantt
                    dateFormat x
                    axisFormat %H:%M:%S
                    section steps
                    roll rootcoord to 2.2.16 :1795370410000, 1795370430000
                    roll datanode to 2.2.16 :1795370430000, 1795370453000
                    roll querynode to 2.2.16 :1795370453000, 1795370473000
                    roll proxy to 2.2.16 :1795370473000, 1795370493000
                    section search
                    successes :done, 1795370400000, 1795370429904
                    none for 3.1 s :crit, 1795370429904, 1795370433004
                    successes :done, 1795370433004, 1795370503000
                    section insert
                    successes :done, 1795370400000, 1795370503000
                ```

                #### search, step by step

                | step | attempts | successes | longest gap | latency before | during | after |
                |---|---|---|---|---|---|---|
                | roll rootcoord to 2.2.16 | 200 | 200 | 0.1 s | 4.0 ms / 4.0 ms / 4.0 ms | 4.0 ms / 4.0 ms / 4.0 ms | 4.0 ms / 4.0 ms / 4.0 ms |
                | roll datanode to 2.2.16 | 230 | 200 | 3.1 s | 4.0 ms / 4.0 ms / 4.0 ms | 4.0 ms / 4.0 ms / 4.0 ms | 4.0 ms / 4.0 ms / 4.0 ms |
                """);
        assertThat(report.toMarkdown()).contains("\n- 30 × java.lang.IllegalStateException: UNAVAILABLE\n");
    }

    @Test
    void forMachines() throws Exception {
        JsonNode search = new ObjectMapper().readTree(report.toJson()).at("/availability/probes/0");

        assertThat(search.at("/probe").asText()).isEqualTo("search");
        assertThat(search.at("/attempts").asLong()).isEqualTo(1030);
        assertThat(search.at("/successes").asLong()).isEqualTo(1000);
        assertThat(search.at("/longestGapMillis").asLong()).isEqualTo(3100);
        assertThat(search.at("/budget/longestGapMillis").asLong()).isEqualTo(5000);
        assertThat(search.at("/budget/onBreak").asText()).isEqualTo("STOP");
        assertThat(search.at("/during/latencyMicros/p99").asLong()).isEqualTo(4000);
        assertThat(search.at("/steps/1/step").asText()).isEqualTo("2.2.16/roll/datanode");
        assertThat(search.at("/steps/1/during/successes").asLong()).isEqualTo(200);
        assertThat(search.at("/steps/1/longestGapMillis").asLong()).isEqualTo(3100);
        assertThat(search.at("/gaps/0")).isEqualTo(new ObjectMapper().readTree("""
                {"since": "2026-11-22T18:00:29.904Z", "durationMillis": 3100, "open": false, "failures": 30,
                 "lastFailure": "java.lang.IllegalStateException: UNAVAILABLE",
                 "steps": ["2.2.16/roll/datanode"]}
                """));
        assertThat(search.has("broken")).isFalse();
    }

    private UpgradeReport report() {
        FakeService inserts = new FakeService(cluster.clock());
        Upgrader upgrader = cluster.upgrader()
                .watchAvailability(AvailabilityWatch.on(new FakeTimer(cluster.clock()), searches)
                        .probe(
                                searches.probe("search"),
                                ProbeSchedule.perSecond(10),
                                AvailabilityBudget.noGapOver(Duration.ofSeconds(5)))
                        .probe(inserts.probe("insert"), ProbeSchedule.perSecond(1)))
                .build();
        cluster.during("2.2.16/roll/datanode", context -> {
            searches.refuse("UNAVAILABLE");
            cluster.clock().advance(Duration.ofSeconds(3));
            searches.recover();
        });
        return upgrader.execute(upgrader.plan(MilvusVersion.parse("2.2.16")));
    }
}
