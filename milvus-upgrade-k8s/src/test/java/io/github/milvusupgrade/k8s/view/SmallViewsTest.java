package io.github.milvusupgrade.k8s.view;

import static io.github.milvusupgrade.k8s.view.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SmallViewsTest {

    @Test
    void eventOfTheCoreGroup() {
        EventView event = new EventView(json("""
                {"reason":"FailedScheduling","message":"0/3 nodes are available","type":"Warning","count":4,
                 "lastTimestamp":"2026-01-02T03:04:05Z","eventTime":null,
                 "involvedObject":{"kind":"Pod","name":"p","uid":"u"}}"""));

        assertThat(event.reason()).isEqualTo("FailedScheduling");
        assertThat(event.message()).isEqualTo("0/3 nodes are available");
        assertThat(event.type()).isEqualTo("Warning");
        assertThat(event.count()).isEqualTo(4);
        assertThat(event.lastTime()).contains(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(event.regardingKind()).isEqualTo("Pod");
        assertThat(event.regardingName()).isEqualTo("p");
        assertThat(event.regardingUid()).isEqualTo("u");
    }

    @Test
    void eventOfTheNewerGroup() {
        EventView event = new EventView(json("""
                {"reason":"Pulled","note":"image pulled","eventTime":"2026-01-02T03:04:05.123456Z","deprecatedCount":2,
                 "series":{"count":7,"lastObservedTime":"2026-01-02T03:09:00.000000Z"},
                 "regarding":{"kind":"Pod","name":"p"}}"""));

        assertThat(event.message()).isEqualTo("image pulled");
        assertThat(event.count()).isEqualTo(7);
        assertThat(event.lastTime()).contains(Instant.parse("2026-01-02T03:09:00Z"));
        assertThat(event.regardingName()).isEqualTo("p");
    }

    @Test
    void eventWithoutAnythingHappenedOnceAtAnUnknownTime() {
        EventView event = new EventView(json("{\"lastTimestamp\":\"yesterday\"}"));

        assertThat(event.count()).isEqualTo(1);
        assertThat(event.lastTime()).isEmpty();
        assertThat(event.regardingKind()).isEmpty();
    }

    @Test
    void replicaSetIsARevision() {
        ReplicaSetView revision = new ReplicaSetView(json("""
                {"metadata":{"name":"rel-proxy-6c9f","creationTimestamp":"2026-01-02T03:04:05Z",
                    "annotations":{"deployment.kubernetes.io/revision":"12"},"labels":{"pod-template-hash":"6c9f"},
                    "ownerReferences":[{"uid":"d1","controller":true}]},
                 "spec":{"replicas":0},
                 "status":{"conditions":[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate",
                   "message":"exceeded quota"}]}}"""));

        assertThat(revision.revision()).isEqualTo(12);
        assertThat(revision.podTemplateHash()).isEqualTo("6c9f");
        assertThat(revision.controllerUid()).isEqualTo("d1");
        assertThat(revision.createdAt()).contains(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(revision.replicas()).isZero();
        assertThat(revision.condition("ReplicaFailure").orElseThrow().isTrue()).isTrue();
        assertThat(new ReplicaSetView(json("{}")).revision()).isZero();
    }

    @Test
    void configMapHoldsTexts() {
        ConfigMapView map = new ConfigMapView(
                json("{\"metadata\":{\"name\":\"c\"},\"immutable\":true,\"data\":{\"user.yaml\":\"a: 1\\n\"}}"));

        assertThat(map.data()).isEqualTo(Map.of("user.yaml", "a: 1\n"));
        assertThat(map.immutable()).isTrue();
        assertThat(new ConfigMapView(json("{}")).data()).isEmpty();
    }
}
