package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a watch reports. */
abstract class WatchContract extends ApiContract {

    @Test
    void aWatchWithoutAVersionBeginsWithWhatIsThere() {
        labelled("a", "x");

        try (JsonApi.Watch watch = api().openWatch(core("configmaps"), "labelSelector=set=x", "timeoutSeconds=20")) {
            assertThat(summary(watch)).isEqualTo("ADDED a");
            api().patch(JsonApi.MERGE_PATCH, configMap("a"), "{data: {k: 'v'}}");
            assertThat(summary(watch)).isEqualTo("MODIFIED a");
            api().delete(configMap("a"));
            assertThat(summary(watch)).isEqualTo("DELETED a");
        }
    }

    @Test
    void aWatchFromAVersionMissesNothing() {
        labelled("a", "x");
        String version = api().get(core("configmaps")).at("/metadata/resourceVersion");
        labelled("b", "x");
        api().delete(configMap("a"));

        try (JsonApi.Watch watch = api().openWatch(
                        core("configmaps"), "labelSelector=set=x", "resourceVersion=" + version, "timeoutSeconds=20")) {
            assertThat(summary(watch)).isEqualTo("ADDED b");
            assertThat(summary(watch)).isEqualTo("DELETED a");
        }
    }

    @Test
    void anObjectThatNoLongerMatchesIsReportedAsDeleted() {
        labelled("a", "x");

        try (JsonApi.Watch watch = api().openWatch(core("configmaps"), "labelSelector=set=x", "timeoutSeconds=20")) {
            assertThat(summary(watch)).isEqualTo("ADDED a");
            api().patch(JsonApi.MERGE_PATCH, configMap("a"), "{metadata: {labels: {set: 'y'}}}");
            assertThat(summary(watch)).isEqualTo("DELETED a");
            api().patch(JsonApi.MERGE_PATCH, configMap("a"), "{metadata: {labels: {set: 'x'}}}");
            assertThat(summary(watch)).isEqualTo("ADDED a");
        }
    }

    @Test
    void aWatchEndsAfterItsTimeout() {
        labelled("a", "x");

        List<JsonNode> events = api().watch(core("configmaps"), "fieldSelector=metadata.name=a", "timeoutSeconds=1");

        assertThat(events).hasSize(1);
        assertThat(events.get(0).at("/object/kind").asText()).isEqualTo("ConfigMap");
        assertThat(events.get(0).at("/object/apiVersion").asText()).isEqualTo("v1");
    }

    @Test
    void aForgottenVersionIsExpired() {
        List<JsonNode> events = api().watch(core("configmaps"), "resourceVersion=1", "timeoutSeconds=5");

        assertThat(events).hasSize(1);
        assertThat(events.get(0).path("type").asText()).isEqualTo("ERROR");
        JsonNode status = events.get(0).path("object");
        assertThat(status.path("kind").asText()).isEqualTo("Status");
        assertThat(status.path("code").asInt()).isEqualTo(410);
        assertThat(status.path("reason").asText()).isEqualTo("Expired");
        assertThat(status.path("message").asText()).matches("too old resource version: 1 \\(\\d+\\)");
    }

    private void labelled(String name, String set) {
        api().create(core("configmaps"), json("{metadata: {name: '" + name + "', labels: {set: '" + set + "'}}}"));
    }

    private static String summary(JsonApi.Watch watch) {
        JsonNode event = Objects.requireNonNull(watch.next(), "the watch ended");
        return event.path("type").asText() + " "
                + event.at("/object/metadata/name").asText();
    }
}
