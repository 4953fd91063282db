package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutSettingsTest {

    /** Percentages count as the Deployment controller counts them: surge is rounded up, unavailability down. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | {type: 'Recreate'} | {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}",
                "1 | {} | {}",
                "3 | {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: '25%', maxSurge: '25%'}}"
                        + " | {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: '25%', maxSurge: '25%'}}",
                "4 | {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: '25%', maxSurge: '25%'}}"
                        + " | {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 0, maxSurge: '25%'}}",
                "2 | {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}"
                        + " | {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}",
                "8 | {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 2, maxSurge: 3}}"
                        + " | {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 0, maxSurge: 3}}",
                "2 | {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}"
                        + " | {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}",
            })
    void noPodGoesBeforeItsSuccessorIsAvailable(int replicas, String before, String meanwhile) {
        RolloutSettings settings = new RolloutSettings(json(before), 0);

        assertThat(settings.gentle(replicas, 0).strategy()).isEqualTo(json(meanwhile));
    }

    @ParameterizedTest
    @CsvSource({"0, 30, 30", "10, 30, 30", "60, 30, 60", "5, 0, 5"})
    void aLongerProofOfReadinessIsNeverShortened(int configured, int minimum, int used) {
        assertThat(new RolloutSettings(json("{type: 'Recreate'}"), configured)
                        .gentle(1, minimum)
                        .minReadySeconds())
                .isEqualTo(used);
    }

    @Test
    void aPatchBackToRecreateRemovesWhatOnlyARollingUpdateHas() {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();

        new RolloutSettings(json("{type: 'Recreate'}"), 0).patchInto(spec);

        assertThat(spec).isEqualTo(json("{minReadySeconds: 0, strategy: {type: 'Recreate', '$retainKeys': ['type']}}"));
    }

    private static JsonNode json(String text) {
        return JsonApi.json(text);
    }
}
