package io.github.milvusupgrade.k8s.view;

import static io.github.milvusupgrade.k8s.view.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodViewTest {

    @Test
    void readsWhatTellsAPodInTroubleFromAHealthyOne() {
        PodView pod = new PodView(json("""
                {"metadata":{"name":"p","deletionTimestamp":"2026-01-02T03:04:05Z",
                    "labels":{"pod-template-hash":"6c9f"},
                    "ownerReferences":[{"uid":"no","controller":false},{"uid":"rs1","controller":true}]},
                 "spec":{"nodeName":"n1","terminationGracePeriodSeconds":1800,
                    "containers":[{"name":"milvus","image":"milvusdb/milvus:v2.2.16"}]},
                 "status":{"phase":"Running","reason":"Evicted","message":"low on disk",
                   "conditions":[{"type":"Ready","status":"False"}],
                   "initContainerStatuses":[{"name":"config","ready":true,
                     "state":{"terminated":{"reason":"Completed","exitCode":0}}}],
                   "containerStatuses":[{"name":"milvus","image":"docker.io/milvusdb/milvus:v2.2.16",
                     "imageID":"sha256:1","ready":false,"restartCount":3,
                     "state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 40s"}},
                     "lastState":{"terminated":{"reason":"OOMKilled","exitCode":137,"message":"",
                       "finishedAt":"2026-01-02T03:00:00Z"}}}]}}"""));

        assertThat(pod.phase()).isEqualTo("Running");
        assertThat(pod.deleting()).isTrue();
        assertThat(pod.podTemplateHash()).isEqualTo("6c9f");
        assertThat(pod.controllerUid()).isEqualTo("rs1");
        assertThat(pod.node()).isEqualTo("n1");
        assertThat(pod.terminationGraceSeconds()).isEqualTo(1800);
        assertThat(pod.reason()).isEqualTo("Evicted");
        assertThat(pod.message()).isEqualTo("low on disk");
        assertThat(pod.ready()).isFalse();
        assertThat(pod.containers()).containsExactly(new ContainerSpec("milvus", "milvusdb/milvus:v2.2.16"));
        assertThat(pod.containerStates())
                .containsExactly(
                        new ContainerState(
                                "config",
                                "",
                                "",
                                true,
                                true,
                                0,
                                Optional.empty(),
                                Optional.of(new ContainerState.Terminated("Completed", 0, "", Optional.empty())),
                                Optional.empty()),
                        new ContainerState(
                                "milvus",
                                "docker.io/milvusdb/milvus:v2.2.16",
                                "sha256:1",
                                false,
                                false,
                                3,
                                Optional.of(new ContainerState.Waiting("CrashLoopBackOff", "back-off 40s")),
                                Optional.empty(),
                                Optional.of(new ContainerState.Terminated(
                                        "OOMKilled", 137, "", Optional.of(Instant.parse("2026-01-02T03:00:00Z"))))));
    }

    @Test
    void podThatNobodyTookYetIsEmptyButReadable() {
        PodView pod = new PodView(json("{\"status\":{\"phase\":\"Pending\",\"containerStatuses\":null}}"));

        assertThat(pod.containerStates()).isEmpty();
        assertThat(pod.node()).isEmpty();
        assertThat(pod.podTemplateHash()).isEmpty();
        assertThat(pod.ready()).isFalse();
        assertThat(pod.terminationGraceSeconds()).isEqualTo(30);
    }
}
