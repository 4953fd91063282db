package io.github.milvusupgrade.k8s.helmpath;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.testing.JsonApi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodReferencesTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "volumes: [{configMap: {name: 'a'}}] | [ConfigMap a]",
                "volumes: [{secret: {secretName: 'a'}}] | [Secret a]",
                "volumes: [{projected: {sources: [{secret: {name: 'a'}}, {configMap: {name: 'b'}}]}}] | [ConfigMap b, Secret a]",
                "containers: [{envFrom: [{configMapRef: {name: 'a'}}, {secretRef: {name: 'b'}}]}] | [ConfigMap a, Secret b]",
                "containers: [{env: [{valueFrom: {secretKeyRef: {name: 'a'}}}]}] | [Secret a]",
                "initContainers: [{env: [{valueFrom: {configMapKeyRef: {name: 'a'}}}]}] | [ConfigMap a]",
                "serviceAccountName: 'a', imagePullSecrets: [{name: 'b'}] | [Secret b, ServiceAccount a]",
                "volumes: [{emptyDir: {}}, {persistentVolumeClaim: {claimName: 'a'}}] | []",
            })
    void whatPodsReadWhenTheyStartIsFound(String spec, String found) {
        assertThat(PodReferences.of(JsonApi.json("{spec: {template: {spec: {" + spec + "}}}}")))
                .hasToString(found);
    }
}
