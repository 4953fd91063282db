package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.view.PodView;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepDownTest {

    /**
     * A coordinator of 2.2.4 that becomes active ends itself once; if it panics instead, somebody else has to serve.
     */
    @ParameterizedTest(name = "{0}: {4}")
    @CsvSource(
            delimiter = ';',
            value = {
                "has just ended;          datacoord; {terminated: {exitCode: 0}};             {};                        true",
                "is waited for;           datacoord; {waiting: {reason: 'CrashLoopBackOff'}}; {terminated: {exitCode: 0}}; true",
                "has crashed;             datacoord; {waiting: {reason: 'CrashLoopBackOff'}}; {terminated: {exitCode: 2}}; false",
                "is back;                 datacoord; {running: {}};                           {terminated: {exitCode: 0}}; false",
                "starts for the first time; datacoord; {waiting: {reason: 'ContainerCreating'}}; {};                     false",
                "of a sidecar;            sidecar;   {terminated: {exitCode: 0}};             {};                        false",
            })
    void aNewCoordinatorThatEndedItselfIsWaitedFor(
            String what, String container, String state, String before, boolean ended) {
        PodView pod = new PodView(JsonApi.json("{status: {containerStatuses: [{name: '" + container + "', state: "
                + state + ", lastState: " + before + "}]}}"));

        assertThat(StepDown.hasEndedItself(pod, "datacoord")).as(what).isEqualTo(ended);
    }
}
