package io.github.milvusupgrade.k8s.preflight;

import static io.github.milvusupgrade.k8s.preflight.Rehearsed.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodNeedsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "containers: [{resources: {requests: {cpu: 1}}}, {resources: {requests: {cpu: 500m}}}]|1500m",
                "containers: [{resources: {limits: {cpu: 2}}}]|2",
                "containers: [{resources: {requests: {cpu: 1}, limits: {cpu: 2}}}]|1",
                "{containers: [{resources: {requests: {cpu: 1}}}], initContainers: [{resources: {requests: {cpu: 3}}}]}|3",
                "{containers: [{resources: {requests: {cpu: 1}}}], initContainers: [{resources: {requests: {cpu: 500m}}}]}|1",
                "{containers: [{resources: {requests: {cpu: 1}}}], initContainers: [{restartPolicy: Always, resources: {requests: {cpu: 1}}}]}|2",
                "{containers: [{resources: {requests: {cpu: 1}}}], initContainers: [{restartPolicy: Always, resources: {requests: {cpu: 1}}}, {resources: {requests: {cpu: 4}}}]}|5",
                "{containers: [{resources: {requests: {cpu: 1}}}], overhead: {cpu: 250m}}|1250m",
                "containers: [{name: proxy}]|0",
            })
    void requestsAreCountedAsTheSchedulerCountsThem(String spec, String cpu) {
        assertThat(PodNeeds.of(yaml(spec)).request("cpu")).hasToString(cpu);
    }

    @Test
    void aLivingPodIsBelievedMoreThanItsTemplate() {
        DeploymentView deployment = new DeploymentView(yaml("spec: {template: {spec: {containers: [{name: proxy}]}}}"));
        PodView leaving = new PodView(yaml("""
                metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}
                spec: {containers: [{resources: {requests: {cpu: 7}}}]}"""));
        PodView living = new PodView(yaml("spec: {containers: [{resources: {requests: {cpu: 2}}}]}"));

        assertThat(PodNeeds.of(deployment, List.of(leaving, living)).request("cpu"))
                .hasToString("2");
        assertThat(PodNeeds.of(deployment, List.of()).request("cpu")).hasToString("0");
    }
}
