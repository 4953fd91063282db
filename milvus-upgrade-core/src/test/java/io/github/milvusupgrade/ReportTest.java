package io.github.milvusupgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeFailedException;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The texts of a report, whole. One run failed in its third step, one succeeded. */
class ReportTest {

    private static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    private final FakeCluster cluster = FakeCluster.running("2.2.4");
    private final Upgrader upgrader = cluster.upgrader()
            .listener(event -> {
                if (event.kind() == UpgradeEvent.Kind.RUN_STARTED) {
                    throw new IllegalStateException("the dashboard is down");
                }
            })
            .build();

    @Test
    void aFailureForTheTerminal() {
        UpgradeReport report = failed();

        assertThat(report.describe()).isEqualTo("""
                FAILED: upgrade 2.2.4 -> 2.2.16 of default/my-release, run %1$s, 41.5 s
                MU-512 Step "roll querynode to 2.2.16" failed: Container milvus | querynode-0 restarts again and again.
                last log line: ```out of range```
                  APPLIED         roll rootcoord to 2.2.16                        20.0 s  rootcoord runs milvusdb/milvus:v2.2.16
                  APPLIED         roll datanode to 2.2.16                         20.0 s  datanode runs milvusdb/milvus:v2.2.16
                  FAILED          roll querynode to 2.2.16                         1.5 s  Container milvus | querynode-0 restarts again and again.
                  NOT_STARTED     roll proxy to 2.2.16                             0.0 s
                  WARN    P11  etcd is old. Update it.
                  warning: A listener failed at RUN_STARTED: java.lang.IllegalStateException: the dashboard is down
                  go on after a fix: upgrader.resume("%1$s")
                  go back: upgrader.planRollback("%1$s")
                """.formatted(report.run()));
    }

    @Test
    void aFailureForAPullRequest() {
        UpgradeReport report = failed();

        assertThat(report.toMarkdown()).isEqualTo("""
                # FAILED: upgrade 2.2.4 -> 2.2.16 of default/my-release, run %1$s, 41.5 s

                **MU-512**

                ```
                Step "roll querynode to 2.2.16" failed: Container milvus | querynode-0 restarts again and again.
                last log line: '''out of range'''
                ```

                | step | status | took | |
                |---|---|---|---|
                | roll rootcoord to 2.2.16 | APPLIED | 20.0 s | rootcoord runs milvusdb/milvus:v2.2.16 |
                | roll datanode to 2.2.16 | APPLIED | 20.0 s | datanode runs milvusdb/milvus:v2.2.16 |
                | roll querynode to 2.2.16 | FAILED | 1.5 s | Container milvus \\| querynode-0 restarts again and again. |
                | roll proxy to 2.2.16 | NOT_STARTED | 0.0 s |  |

                ```mermaid
                gantt
                    dateFormat x
                    axisFormat %%H:%%M:%%S
                    roll rootcoord to 2.2.16 :1795370400000, 1795370420000
                    roll datanode to 2.2.16 :1795370420000, 1795370440000
                    roll querynode to 2.2.16 :crit, 1795370440000, 1795370441500
                ```

                ## What preflight found

                - WARN    P11  etcd is old. Update it.

                ## Warnings

                - A listener failed at RUN_STARTED: java.lang.IllegalStateException: the dashboard is down

                ## What to do now

                - go on after a fix: upgrader.resume("%1$s")
                - go back: upgrader.planRollback("%1$s")

                API requests: 4 {get deployments=2, patch deployments=2}
                """.formatted(report.run()));
    }

    @Test
    void aFailureForMachines() throws Exception {
        UpgradeReport report = failed();

        assertThat(new ObjectMapper().readTree(report.toJson()))
                .isEqualTo(new ObjectMapper().readTree("""
                {
                  "schema": 1,
                  "run": "%1$s",
                  "namespace": "default",
                  "instance": "my-release",
                  "title": "upgrade 2.2.4 -> 2.2.16",
                  "outcome": "FAILED",
                  "started": "2026-11-22T18:00:00Z",
                  "durationMillis": 41500,
                  "failure": {
                    "code": "MU-512",
                    "message": "Step \\"roll querynode to 2.2.16\\" failed: Container milvus | querynode-0 restarts again and\
                 again.\\nlast log line: ```out of range```",
                    "step": "2.2.16/roll/querynode"
                  },
                  "steps": [
                    {"id": "2.2.16/roll/rootcoord", "title": "roll rootcoord to 2.2.16", "status": "APPLIED",
                     "summary": "rootcoord runs milvusdb/milvus:v2.2.16",
                     "started": "2026-11-22T18:00:00Z", "durationMillis": 20000},
                    {"id": "2.2.16/roll/datanode", "title": "roll datanode to 2.2.16", "status": "APPLIED",
                     "summary": "datanode runs milvusdb/milvus:v2.2.16",
                     "started": "2026-11-22T18:00:20Z", "durationMillis": 20000},
                    {"id": "2.2.16/roll/querynode", "title": "roll querynode to 2.2.16", "status": "FAILED",
                     "summary": "Container milvus | querynode-0 restarts again and again.\\nlast log line: ```out of\
                 range```",
                     "started": "2026-11-22T18:00:40Z", "durationMillis": 1500},
                    {"id": "2.2.16/roll/proxy", "title": "roll proxy to 2.2.16", "status": "NOT_STARTED",
                     "summary": "", "started": "2026-11-22T18:00:00Z", "durationMillis": 0}
                  ],
                  "findings": [
                    {"check": "PLAN", "status": "PASS",
                     "message": "the instance is as it was when the plan was made", "remedy": ""},
                    {"check": "P11", "status": "WARN", "message": "etcd is old.", "remedy": "Update it."}
                  ],
                  "warnings": [
                    "A listener failed at RUN_STARTED: java.lang.IllegalStateException: the dashboard is down"
                  ],
                  "requests": {"get deployments": 2, "patch deployments": 2},
                  "nextSteps": [
                    "go on after a fix: upgrader.resume(\\"%1$s\\")",
                    "go back: upgrader.planRollback(\\"%1$s\\")"
                  ]
                }
                """.formatted(report.run())));
    }

    @Test
    void aSuccessIsShort() {
        Upgrader quiet = cluster.upgrader().build();
        UpgradeReport report = quiet.execute(quiet.plan(TARGET));

        assertThat(report.describe()).isEqualTo("""
                SUCCEEDED: upgrade 2.2.4 -> 2.2.16 of default/my-release, run %1$s, 80.0 s
                  APPLIED         roll rootcoord to 2.2.16                        20.0 s  rootcoord runs milvusdb/milvus:v2.2.16
                  APPLIED         roll datanode to 2.2.16                         20.0 s  datanode runs milvusdb/milvus:v2.2.16
                  APPLIED         roll querynode to 2.2.16                        20.0 s  querynode runs milvusdb/milvus:v2.2.16
                  APPLIED         roll proxy to 2.2.16                            20.0 s  proxy runs milvusdb/milvus:v2.2.16
                  go back: upgrader.planRollback("%1$s")
                """.formatted(report.run()));
    }

    @Test
    void throwingIfFailedThrowsTheWholeReport() {
        UpgradeReport report = failed();

        assertThatThrownBy(report::throwIfFailed)
                .isInstanceOfSatisfying(UpgradeFailedException.class, e -> {
                    assertThat(e.code()).isEqualTo(Code.CRASH_LOOP);
                    assertThat(e.report()).isSameAs(report);
                })
                .hasMessage(report.describe());
    }

    @Test
    void throwingIfFailedReturnsTheReportOfASuccess() {
        Upgrader quiet = cluster.upgrader().build();
        UpgradeReport report = quiet.execute(quiet.plan(TARGET));

        assertThat(report.throwIfFailed()).isSameAs(report);
        assertThat(report.succeeded()).isTrue();
    }

    private UpgradeReport failed() {
        cluster.require(new FakeCheck("P11", Finding.warn("P11", "etcd is old.", "Update it.")));
        cluster.during("2.2.16/roll/querynode", context -> {
            cluster.clock().advance(Duration.ofMillis(1500));
            throw new UpgradeException(
                    Code.CRASH_LOOP,
                    "Container milvus | querynode-0 restarts again and again.\nlast log line: ```out of range```");
        });
        return upgrader.execute(upgrader.plan(TARGET));
    }
}
