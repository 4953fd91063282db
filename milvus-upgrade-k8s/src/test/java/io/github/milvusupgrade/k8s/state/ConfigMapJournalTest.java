package io.github.milvusupgrade.k8s.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.JournalEntry;
import io.github.milvusupgrade.journal.JournalHeader;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConfigMapJournalTest {

    private static final ClusterId CLUSTER = new ClusterId("default", "my-release");
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
    private static final StepId STEP = StepId.of("2.2.16/roll/proxy");

    private final RehearsalCluster cluster = RehearsalCluster.start();
    private final JsonApi api = new JsonApi(cluster.apiClient());
    private final ConfigMapJournal journal = journal();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void whatWasWrittenIsReadByAnotherProcess() {
        RunId run = RunId.of("r1");
        journal.begin(header(run, 1));
        journal.append(run, JournalEntry.of("t1", JournalEntry.Event.STARTED, STEP, Map.of("proxy.image", "old")));
        journal.append(run, JournalEntry.of("t2", JournalEntry.Event.APPLIED, STEP, Map.of()));

        JournaledRun read = journal().read(run).orElseThrow();

        assertThat(read.header()).isEqualTo(header(run, 1));
        assertThat(read.captured(STEP)).contains(Map.of("proxy.image", "old"));
        assertThat(read.isDone(STEP)).isTrue();
        assertThat(read.status()).isEqualTo(RunStatus.RUNNING);
    }

    @Test
    void theLastTenFinishedRunsAreKeptAndEveryUnfinishedOne() {
        RunId unfinished = RunId.of("r0");
        journal.begin(header(unfinished, 0));
        journal.append(unfinished, JournalEntry.of("t", JournalEntry.Event.STARTED, STEP, Map.of()));
        for (int i = 1; i <= 13; i++) {
            RunId run = RunId.of("r" + i);
            journal.begin(new JournalHeader(run, CLUSTER, begunAt(i), "{}", unfinished, List.of()));
            journal.append(run, JournalEntry.ended("t", RunStatus.SUCCEEDED));
        }

        assertThat(journal.runs(CLUSTER))
                .extracting(run -> run.header().run().value())
                .containsExactly("r0", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13");
    }

    @Test
    void runsOfOtherInstancesAreNeitherSeenNorForgotten() {
        ClusterId other = new ClusterId("default", "other");
        journal.begin(new JournalHeader(RunId.of("r-other"), other, begunAt(1), "{}", null, List.of()));

        assertThat(journal.runs(CLUSTER)).isEmpty();
        assertThat(journal.runs(other)).hasSize(1);
    }

    @Test
    void aProcessThatLostItsLockCannotWriteIntoTheJournalOfItsSuccessor() {
        RunId run = RunId.of("r1");
        journal.begin(header(run, 1));
        journal().append(run, JournalEntry.of("t1", JournalEntry.Event.STARTED, STEP, Map.of()));

        assertThatThrownBy(() -> journal.append(run, JournalEntry.of("t2", JournalEntry.Event.STARTED, STEP, Map.of())))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.JOURNAL_WRITE_FAILED))
                .hasMessageStartingWith(
                        "The journal configmaps default/milvus-upgrade-r1 could not be written, so what it"
                                + " was to announce was not done: ");
        assertThat(journal.read(run).orElseThrow().entries()).hasSize(1);
    }

    @Test
    void labelsAndAnnotationsOfOthersAreNoRival() {
        RunId run = RunId.of("r1");
        journal.begin(header(run, 1));
        api.patch(JsonApi.MERGE_PATCH, CONFIG_MAPS + "/milvus-upgrade-r1", "{metadata: {labels: {team: 'vectors'}}}");

        journal.append(run, JournalEntry.of("t1", JournalEntry.Event.STARTED, STEP, Map.of()));

        assertThat(journal.read(run).orElseThrow().entries()).hasSize(1);
    }

    @Test
    void aDeletedJournalIsSaidToBeDeleted() {
        RunId run = RunId.of("r1");
        journal.begin(header(run, 1));
        api.delete(CONFIG_MAPS + "/milvus-upgrade-r1");

        assertThatThrownBy(() -> journal.append(run, JournalEntry.ended("t", RunStatus.SUCCEEDED)))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.JOURNAL_WRITE_FAILED));
        assertThatThrownBy(() -> journal.append(run, JournalEntry.ended("t", RunStatus.SUCCEEDED)))
                .hasMessage(
                        "There is no configmaps default/milvus-upgrade-r1: the journal of run r1 was deleted, or the run"
                                + " was never begun here.");
    }

    @Test
    void aJournalWithoutAHeaderNamesItsConfigMap() {
        journal.begin(header(RunId.of("r1"), 1));
        api.patch(JsonApi.MERGE_PATCH, CONFIG_MAPS + "/milvus-upgrade-r1", "{data: {'header.json': null}}");

        assertThatThrownBy(() -> journal.runs(CLUSTER))
                .hasMessage("Cannot read the journal in ConfigMap default/milvus-upgrade-r1: it has no header.json."
                        + " Somebody changed it; compare the instance with the plan by hand and delete it.");
    }

    private ConfigMapJournal journal() {
        return new ConfigMapJournal(KubeApi.over(cluster.apiClient(), KubeApiOptions.defaults()), "default");
    }

    private static JournalHeader header(RunId run, int number) {
        return new JournalHeader(run, CLUSTER, begunAt(number), "{}", null, List.of());
    }

    private static String begunAt(int number) {
        return String.format("2026-01-01T00:00:%02dZ", number);
    }
}
