package io.github.milvusupgrade.k8s.helm;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A manifest is read as Helm reads it, or not at all. */
class ManifestTest {

    @Test
    void documentsAndListsAreObjects() {
        assertThat(Manifest.objects("""
                        ---
                        # Source: milvus/templates/empty.yaml
                        ---
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: a}
                        ---
                        apiVersion: v1
                        kind: ConfigMapList
                        items:
                        - {apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: other}}
                        - {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}
                        """, "default"))
                .hasToString("[Secret default/a, ConfigMap other/b, ConfigMap default/c]");
        assertThat(Manifest.objects("", "default")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    0644         | 420
                    0x1F         | 31
                    1_000        | 1000
                    -7           | -7
                    1.5          | 1.5
                    1e3          | 1000.0
                    yes          | true
                    off          | false
                    10:30        | '10:30'
                    2026-11-22   | '2026-11-22'
                    2.2.16       | '2.2.16'
                    08           | 8.0
                    '0644'       | '0644'
                    null         | null
                    {1: a}       | {'1': 'a'}
                    [on, "on"]   | [true, 'on']
                    """)
    void scalarsAreThoseOfYaml11(String yaml, String value) {
        String manifest = "kind: A\nmetadata: {name: a}\nvalue: " + yaml;

        assertThat(Manifest.objects(manifest, "default").get(0).json().path("value"))
                .isEqualTo(json("{value: " + value + "}").path("value"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    a: [b                      | document 1 is no YAML mapping
                    text                       | document 1 is no YAML mapping
                    kind: A                    | document 1 has no kind or no name
                    metadata: {name: a}        | document 1 has no kind or no name
                    {kind: AList, items: [1]}  | document 1 is no YAML mapping
                    a: !!java.net.URL [x]      | document 1 is no YAML mapping
                    """)
    void whatIsNoManifestIsRefusedAndNotQuoted(String text, String why) {
        assertThatThrownBy(() -> Manifest.objects(text, "default"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    void aSecretIsNotInTheText() {
        assertThat(Manifest.objects("{kind: Secret, metadata: {name: a}, data: {password: c2VjcmV0}}", "default"))
                .hasToString("[Secret default/a]");
    }
}
