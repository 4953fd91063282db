package io.github.milvusupgrade.k8s.helm;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Values reach Helm as they are. */
class ValuesFileTest {

    @Test
    void everyTextIsQuoted() {
        assertThat(ValuesFile.textOf(json("{tag: '2.20', replicas: 2, gone: null, 'on': ['yes', true]}")))
                .isEqualTo("""
                        {
                          "tag" : "2.20",
                          "replicas" : 2,
                          "gone" : null,
                          "on" : [ "yes", true ]
                        }""");
    }

    @Test
    void whatYamlWouldNotTakeIsEscaped() {
        ObjectNode values = json("{}").put("odd", "\u007f\u0085\u009f\u2028\u2029\ufeff\ufffe\u00a0\u00fc\ud83d\ude00");

        assertThat(ValuesFile.textOf(values))
                .contains("\\u007F\\u0085\\u009f\\u2028\\u2029\\ufeff\\ufffe\u00a0\u00fc\ud83d\ude00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u0085 \u2028 \ufeff", "a\nb\n", "\t\u0000\u001b", "# - : {{ }}", "\ud83d\ude00", "\u007f"})
    void yamlReadsThemBack(String text) {
        String file = ValuesFile.textOf(json("{}").put(text, text));

        assertThat(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(file))
                .isEqualTo(Map.of(text, text));
    }
}
