package io.github.milvusupgrade.k8s.release;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseValuesTest {

    /** As charts up to 4.0.6 have it: no mixCoordinator. */
    private static final String OLD_DEFAULTS = """
            {image: {all: {repository: 'milvusdb/milvus', tag: 'v2.2.2'}}, queryNode: {replicas: 1, old: 1},
             etcd: {image: {tag: '3.5.0-r7'}}, attu: {enabled: true}}""";

    private static final String NEW_DEFAULTS = """
            {image: {all: {repository: 'milvusdb/milvus', tag: 'v2.2.14'}}, queryNode: {replicas: 1, new: 1},
             mixCoordinator: {enabled: false}, etcd: {image: {tag: '3.5.5-r4'}}, attu: {enabled: false}}""";

    private static final String GIVEN = """
            {image: {all: {repository: 'mirror.test/milvus'}}, queryNode: {replicas: 3}, attu: null,
             minio: {secretKey: 'hunter2'}}""";

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "RESET_THEN_REUSE | {} | `{image: {all: {repository: 'mirror.test/milvus', tag: 'v2.2.16'}},"
                        + " queryNode: {replicas: 3}, attu: null, minio: {secretKey: 'hunter2'}}`",
                "RESET_THEN_REUSE | {queryNode: {replicas: null}, proxy: {replicas: 2}, standalone: null}"
                        + " | `{image: {all: {repository: 'mirror.test/milvus', tag: 'v2.2.16'}}, queryNode: {},"
                        + " attu: null, minio: {secretKey: 'hunter2'}, proxy: {replicas: 2}, standalone: null}`",
                "REUSE | {} | `{image: {all: {repository: 'mirror.test/milvus', tag: 'v2.2.16'}},"
                        + " queryNode: {replicas: 3, old: 1}, etcd: {image: {tag: '3.5.0-r7'}}, attu: null,"
                        + " minio: {secretKey: 'hunter2'}}`",
                "REUSE | {queryNode: {replicas: null}} | `{image: {all: {repository: 'mirror.test/milvus',"
                        + " tag: 'v2.2.16'}}, queryNode: {replicas: null, old: 1}, etcd: {image: {tag: '3.5.0-r7'}},"
                        + " attu: null, minio: {secretKey: 'hunter2'}}`",
                "RESET | {proxy: {replicas: 2}} | `{image: {all: {tag: 'v2.2.16'}}, proxy: {replicas: 2}}`",
                "RESET | {image: 'odd'} | `{image: {all: {tag: 'v2.2.16'}}}`",
                "RESET | `{image: {all: {tag: 'v2.2.14', pullPolicy: 'Always'}}}`"
                        + " | `{image: {all: {tag: 'v2.2.16', pullPolicy: 'Always'}}}`",
            })
    void makesTheCompleteValuesOfTheUser(ValuesPolicy policy, String overrides, String expected) {
        assertThat(values(policy, overrides).userValues()).isEqualTo(json(expected));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "RESET_THEN_REUSE | `{image: {all: {repository: 'mirror.test/milvus', tag: 'v2.2.16'}},"
                        + " queryNode: {replicas: 3, new: 1}, mixCoordinator: {enabled: false},"
                        + " etcd: {image: {tag: '3.5.5-r4'}}, minio: {secretKey: 'hunter2'}}`",
                "REUSE | `{image: {all: {repository: 'mirror.test/milvus', tag: 'v2.2.16'}},"
                        + " queryNode: {replicas: 3, old: 1, new: 1}, mixCoordinator: {enabled: false},"
                        + " etcd: {image: {tag: '3.5.0-r7'}}, minio: {secretKey: 'hunter2'}}`",
                "RESET | `{image: {all: {repository: 'milvusdb/milvus', tag: 'v2.2.16'}}, queryNode: {replicas: 1, new: 1},"
                        + " mixCoordinator: {enabled: false}, etcd: {image: {tag: '3.5.5-r4'}}, attu: {enabled: false}}`",
            })
    void whatTheTemplatesSee(ValuesPolicy policy, String effective) {
        assertThat(values(policy, "{}").effective()).isEqualTo(json(effective));
    }

    @Test
    void theDifferenceIsThatOfTheEffectiveValues() {
        assertThat(values(ValuesPolicy.RESET_THEN_REUSE, "{minio: {secretKey: 'hunter3'}}")
                        .diff())
                .hasToString("""
                changed etcd.image.tag: "3.5.0-r7" -> "3.5.5-r4"
                changed image.all.tag: "v2.2.2" -> "v2.2.16"
                changed minio.secretKey: (hidden) -> (hidden)
                added mixCoordinator: (section of 1)
                added queryNode.new: 1
                removed queryNode.old: 1""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.6", "20260101", "1e3", "true", "0x10"})
    void theTagStaysATextInTheFile(String tag) {
        ReleaseValues values = ReleaseValues.of(
                ValuesPolicy.RESET, ReleaseFixture.helmRelease("{}", "{}"), json("{}"), json("{on: 'no'}"), tag);

        assertThat(values.fileText()).contains("\"tag\" : \"" + tag + "\"").contains("\"on\" : \"no\"");
        assertThat(json(values.fileText())).isEqualTo(values.userValues());
    }

    @Test
    void nothingThatWasGivenIsChangedAndNoValueIsPrinted() {
        ObjectNode overrides = json("{minio: {secretKey: 'hunter3'}}");
        HelmRelease current = ReleaseFixture.helmRelease(OLD_DEFAULTS, GIVEN);

        ReleaseValues values = ReleaseValues.of(ValuesPolicy.REUSE, current, json(NEW_DEFAULTS), overrides, "v2.2.16");
        values.userValues().removeAll();

        assertThat(values.userValues().at("/minio/secretKey").asText()).isEqualTo("hunter3");
        assertThat(overrides).isEqualTo(json("{minio: {secretKey: 'hunter3'}}"));
        assertThat(current.config()).isEqualTo(json(GIVEN));
        assertThat(values).hasToString("values with image.all.tag v2.2.16");
    }

    @Test
    void imagesOfSingleComponentsAreReported() {
        assertThat(values(ValuesPolicy.RESET, """
                {queryNode: {image: {tag: 'v2.2.4', repository: 'mine/milvus'}}, proxy: {image: {tag: 'v2.2.16'}},
                 dataNode: {image: 'milvusdb/milvus:v2.2.4'}, indexNode: {image: 'milvusdb/milvus:v2.2.16'},
                 mixCoordinator: {image: {tag: null, digest: 'sha256:00'}}, attu: {image: {tag: 'v2.1.0'}}}""").imageOverrides())
                .extracting(ImageOverride::toString)
                .containsExactly(
                        "mixCoordinator.image.digest sha256:00",
                        "queryNode.image.tag v2.2.4",
                        "dataNode.image milvusdb/milvus:v2.2.4");
    }

    @Test
    void keysThatTheNewChartDoesNotKnowAreReported() {
        String defaults = """
                {proxy: {replicas: 1, nodeSelector: {}, extraEnv: []}, metrics: {enabled: true},
                 extraConfigFiles: {'user.yaml': ''}, etcd: {enabled: true}, kafka: {enabled: true}}""";
        String given = """
                {proxy: {replicas: 2, nodeSelector: {disk: 'ssd'}, extraEnv: [{name: 'A'}], 'a.b': 1, gone: null},
                 metrics: {old: {deep: 1}}, extraConfigFiles: {'more.yaml': 'a: 1'}, global: {x: 1},
                 etcd: {unheard: 1}, kafka: {heard: 1}, mysql: {enabled: false}, cluster: null}""";

        assertThat(unknownKeys(ValuesPolicy.RESET_THEN_REUSE, "{}", given, "{}", defaults))
                .containsExactly("etcd.unheard", "metrics.old", "mysql", "proxy.a\\.b");
    }

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "RESET_THEN_REUSE | {} | mysql",
                "RESET_THEN_REUSE | {quryNode: {replicas: 3}} | `mysql, quryNode`",
                "RESET_THEN_REUSE | {mysql: null} | ``",
                "REUSE | {} | mysql",
                "RESET | {} | ``",
                "RESET | {quryNode: {replicas: 3}} | quryNode",
            })
    void keysCountThatAreGivenNowOrGoOn(ValuesPolicy policy, String overrides, String unknown) {
        assertThat(String.join(
                        ", ",
                        unknownKeys(policy, "{etcd: {}, old: 1}", "{mysql: {enabled: true}}", overrides, "{etcd: {}}")))
                .isEqualTo(unknown);
    }

    @Test
    void shortcutOptionsThatTheNewChartIgnoresAreReported() {
        assertThat(lostShortcuts("3.2.18", """
                {metadata: {rootPath: 'mine'}, dataCoordinator: {replicas: 1, segment: {maxSize: 1024, 'a.b': 1}},
                 queryNode: {new: 2, gracefulTime: null}, authorization: {enabled: true},
                 standalone: {rocksmq: {retentionSizeInMB: 1}}, quotaAndLimits: {ddl: {enabled: true}}}""", "{}"))
                .containsExactly(
                        "metadata.rootPath (in user.yaml: etcd.rootPath)",
                        "authorization.enabled (in user.yaml: common.security.authorizationEnabled)",
                        "quotaAndLimits.ddl.enabled (in user.yaml: quotaAndLimits.ddl.enabled)",
                        "standalone.rocksmq.retentionSizeInMB (in user.yaml: rocksmq.retentionSizeInMB)",
                        "dataCoordinator.segment.maxSize (in user.yaml: dataCoord.segment.maxSize)",
                        "dataCoordinator.segment.a\\.b (in user.yaml: dataCoord.segment.a\\.b)");
    }

    @ParameterizedTest(name = "chart {0}")
    @CsvSource({"3.2.18, 1", "3.3.6, 1", "4.0.0, 0", "4.0.6, 0", "'', 1"})
    void shortcutOptionsGetLostOnceOnly(String chartVersion, int lost) {
        assertThat(lostShortcuts(chartVersion, "{metadata: {rootPath: 'mine'}}", "{}"))
                .hasSize(lost);
    }

    @Test
    void aSettingThatWasMovedIsNotLost() {
        assertThat(lostShortcuts("3.2.18", "{metadata: {rootPath: 'mine'}}", """
                {metadata: {rootPath: null}, extraConfigFiles: {'user.yaml': 'etcd: {rootPath: mine}'}}"""))
                .isEmpty();
    }

    @Test
    void shortcutOptionsThatTheNewChartHasAreNoneOfThem() {
        ReleaseValues values = ReleaseValues.of(
                ValuesPolicy.RESET_THEN_REUSE,
                ReleaseFixture.helmRelease("3.1.0", "{}", "{metadata: {rootPath: 'mine'}}"),
                json("{metadata: {rootPath: 'by-dev'}}"),
                json("{}"),
                "v2.1.4");

        assertThat(values.lostShortcuts()).isEmpty();
    }

    private static List<String> unknownKeys(
            ValuesPolicy policy, String oldDefaults, String given, String overrides, String newDefaults) {
        return ReleaseValues.of(
                        policy,
                        ReleaseFixture.helmRelease(oldDefaults, given),
                        json(newDefaults),
                        json(overrides),
                        "v2.2.16")
                .unknownKeys(Set.of("kafka", "image"));
    }

    private static List<String> lostShortcuts(String chartVersion, String given, String overrides) {
        return ReleaseValues.of(
                        ValuesPolicy.RESET_THEN_REUSE,
                        ReleaseFixture.helmRelease(chartVersion, OLD_DEFAULTS, given),
                        json(NEW_DEFAULTS),
                        json(overrides),
                        "v2.2.16")
                .lostShortcuts()
                .stream()
                .map(ShortcutOption::toString)
                .toList();
    }

    private static ReleaseValues values(ValuesPolicy policy, String overrides) {
        return ReleaseValues.of(
                policy,
                ReleaseFixture.helmRelease(OLD_DEFAULTS, GIVEN),
                json(NEW_DEFAULTS),
                json(overrides),
                "v2.2.16");
    }
}
