package io.github.milvusupgrade.k8s.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.k8s.rehearsal.RecordedRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PreflightChecksTest {

    private final Rehearsed given = Rehearsed.cluster();

    @AfterEach
    void stop() {
        given.close();
    }

    @Test
    void aHealthyInstanceIsLetThrough() {
        assertThat(given.upgrader().build().preflight(given.plan()).blockers()).isEmpty();
        assertThat(given.writes()).isEmpty();
    }

    @Test
    void checksComeInTheOrderOfTheirIds() {
        assertThat(given.checks(false))
                .extracting(Check::id)
                .containsExactly(
                        "P01", "P02", "P03", "P04", "P05", "P06", "P09", "P10", "P11", "P12", "P13", "P14", "P15",
                        "P16", "P17", "P22", "P27", "P28", "P29", "P30", "P31");
    }

    @Test
    void aRunThatGoesOnIsNotAskedWhatItHasChangedItself() {
        assertThat(given.checks(true)).extracting(Check::id).containsExactly("P01", "P02", "P04", "P29", "P31");
    }

    @Test
    void eachKindOfObjectIsReadOnceForAllChecks() {
        ClusterSnapshot snapshot = given.plan().snapshot();
        int before = given.cluster.requests().size();

        given.checks(false).forEach(check -> check.examine(snapshot));

        List<RecordedRequest> requests = given.cluster.requests();
        Map<String, Long> lists = requests.subList(before, requests.size()).stream()
                .filter(request -> request.verb().equals("list"))
                .collect(Collectors.groupingBy(RecordedRequest::resource, Collectors.counting()));
        assertThat(lists)
                .isEqualTo(Map.of(
                        "deployments", 1L,
                        "statefulsets", 1L,
                        "pods", 1L,
                        "nodes", 1L,
                        "horizontalpodautoscalers", 1L,
                        "poddisruptionbudgets", 1L,
                        "resourcequotas", 1L,
                        "configmaps", 1L));
    }
}
