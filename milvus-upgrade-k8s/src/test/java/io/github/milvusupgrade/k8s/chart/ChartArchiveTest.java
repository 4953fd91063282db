package io.github.milvusupgrade.k8s.chart;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartArchiveTest {

    private static final String CHART_YAML = """
            apiVersion: v2
            name: milvus
            version: 4.2.40
            appVersion: 2.5.5
            dependencies:
            - {name: etcd, version: 6.3.3, repository: https://charts.test, condition: etcd.enabled}
            - {name: pulsar, version: ">= 2.7.0"}
            - {name: pulsar, version: 3.3.0, alias: pulsarv3}
            - {name: kafka, version: 15.5.1}
            """;

    private static final ChartFixture MILVUS = ChartFixture.empty()
            .with("milvus/Chart.yaml", CHART_YAML)
            .with("milvus/values.yaml", "image: {all: {tag: v2.5.5}}\netcd: {replicaCount: 3}\n")
            .with("milvus/templates/" + "deep/".repeat(30) + "proxy.yaml", "kind: Deployment")
            .with("milvus/README.md", "read me")
            .with("milvus/charts/etcd/Chart.yaml", "name: etcd\nversion: 6.3.3\n")
            .with("milvus/charts/etcd/values.yaml", "replicaCount: 1\nimage: {tag: 3.5.5}\n")
            .with(
                    "milvus/charts/pulsar-3.3.0.tgz",
                    ChartFixture.empty()
                            .with("pulsar/Chart.yaml", "name: pulsar\nversion: 3.3.0\n")
                            .with("pulsar/values.yaml", "zookeeper: {replicaCount: 3}\n")
                            .packed());

    @TempDir
    private Path temporary;

    @Test
    void readsAPackedChart() {
        ChartArchive chart = ChartArchive.parse("here", MILVUS.packed());

        assertThat(chart).hasToString("chart milvus 4.2.40 (Milvus 2.5.5) from here");
        assertThat(chart.name()).isEqualTo("milvus");
        assertThat(chart.version()).isEqualTo("4.2.40");
        assertThat(chart.appVersion()).isEqualTo("2.5.5");
        assertThat(chart.values()).isEqualTo(json("{image: {all: {tag: 'v2.5.5'}}, etcd: {replicaCount: 3}}"));
        assertThat(chart.dependencies())
                .contains(
                        new ChartArchive.Dependency("etcd", "6.3.3", "", "etcd.enabled"),
                        new ChartArchive.Dependency("pulsar", "3.3.0", "pulsarv3", ""))
                .extracting(ChartArchive.Dependency::section)
                .containsExactly("etcd", "pulsar", "pulsarv3", "kafka");
    }

    @Test
    void putsItsOwnDefaultsOverThoseOfItsSubcharts() {
        ChartArchive chart = ChartArchive.parse("here", MILVUS.packed());

        assertThat(chart.allValues()).isEqualTo(json("""
                {image: {all: {tag: 'v2.5.5'}}, etcd: {replicaCount: 3, image: {tag: '3.5.5'}},
                 pulsar: {zookeeper: {replicaCount: 3}}, pulsarv3: {zookeeper: {replicaCount: 3}}}"""));
        assertThat(chart.unknownSections()).containsExactly("kafka");
    }

    @Test
    void twoVersionsOfOneSubchartAreToldApart() {
        ChartFixture two = ChartFixture.empty()
                .with("milvus/Chart.yaml", """
                        {name: milvus, version: 4.2.40, dependencies: [
                          {name: pulsar, version: 2.7.8}, {name: pulsar, version: 3.3.0, alias: pulsarv3}]}""")
                .with("milvus/charts/pulsar-2.7.8/Chart.yaml", "{name: pulsar, version: 2.7.8}")
                .with("milvus/charts/pulsar-2.7.8/values.yaml", "from: two")
                .with("milvus/charts/pulsar-3.3.0/Chart.yaml", "{name: pulsar, version: 3.3.0}")
                .with("milvus/charts/pulsar-3.3.0/values.yaml", "from: three");

        assertThat(ChartArchive.parse("here", two.packed()).allValues())
                .isEqualTo(json("{pulsar: {from: 'two'}, pulsarv3: {from: 'three'}}"));
    }

    @Test
    void readsTheDependenciesOfTheFirstFormat() {
        ChartFixture old = ChartFixture.milvus("3.2.18", "2.1.4")
                .with("milvus/requirements.yaml", "dependencies: [{name: minio, version: 8.0.10}]");

        assertThat(ChartArchive.parse("here", old.packed()).dependencies())
                .containsExactly(new ChartArchive.Dependency("minio", "8.0.10", "", ""));
    }

    @Test
    void isStoredAsHelmStoresIt() {
        ChartArchive chart = ChartArchive.parse("here", MILVUS.packed());

        assertThat(chart.stored().path("metadata").path("name").asText()).isEqualTo("milvus");
        assertThat(chart.stored().path("values")).isEqualTo(chart.allValues());
        assertThat(chart.stored().path("templates").toString())
                .isEqualTo("[{\"name\":\"templates/" + "deep/".repeat(30) + "proxy.yaml\",\"data\":\""
                        + base64("kind: Deployment") + "\"}]");
        assertThat(chart.stored().path("files").findValuesAsText("name")).containsExactly("README.md");
    }

    @Test
    void readsAFolderLikeAPackedChart() throws IOException {
        MILVUS.unpackInto(temporary);
        Path secret = Files.writeString(temporary.resolve("secret"), "hunter2");
        Files.createSymbolicLink(temporary.resolve("milvus/linked"), secret);

        ChartArchive chart = ChartArchive.read(temporary.resolve("milvus"));

        assertThat(chart.allValues())
                .isEqualTo(ChartArchive.parse("here", MILVUS.packed()).allValues());
        assertThat(chart.stored().path("files").findValuesAsText("name")).containsExactly("README.md");
    }

    /** As other programs pack it: entries begin with {@code ./}, one name is too long for a header, one is a link. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void packedByOthers(String form, String packed) {
        ChartArchive chart = ChartArchive.parse("here", Base64.getDecoder().decode(packed));

        assertThat(chart.version()).isEqualTo("4.0.34");
        assertThat(chart.values()).isEqualTo(json("{a: 1}"));
        assertThat(chart.stored().path("templates").findValuesAsText("name"))
                .containsExactly("templates/" + "x".repeat(120) + ".yaml");
        assertThat(chart.stored().path("files")).isEmpty();
    }

    static Stream<Arguments> packedByOthers() {
        return Stream.of(
                Arguments.of(
                        "GNU",
                        "H4sIAAAAAAACA+3XO07EMBQFUNezircCx45/Uiok2nSswAILrHEyKD/B7okYUWT4DBROJHJP45SRbu7zCy+amK"
                                + "axL1g+YuaMeT9nl+cXz05ZyciwFYz94DsitlP8I//bJ98N/NU3KUv+Vuvv81dmmb+USmhGAvln1/omVHT+Bg5T"
                                + "6Pp4aivSXHClDwx20/8U22Oe+p/nv3O/n/9SKVsyKiefxtBneiv0f5H/EJrn5IeQYRP48/0/z3/jcP+vkz8vbu"
                                + "pT+1jP/c+4//10/5elvNz/nLWMauS/Rf9fNpJ3zsNm+V/d/6Vd9l9ppS32/zUcY/tQ0V3opngfsPDvt/8Zd+2r"
                                + "/Ref/v+Ncuj/GnxFErUHAAAAAAAAAAD4n94AMeE0AQAoAAA="),
                Arguments.of(
                        "pax",
                        "H4sIAAAAAAACA+3a3W6CMBgGYI65il4BtvRPTTzayQ6X7AoabSIRmAEk7O5X2bI5NuNcKoi+zwnEHqAp7/fRYj"
                                + "R5Ms2jNStblJMsSetdGfhGHSVEe3S6R0q1+Drff86YpCwgTdCDXVmZwl0+uE+cElMlmV0wPZN8NuVSRYxLpqZK"
                                + "89CNLn+MxrwdjcMARi/6CP3kgtdoIy7l8fx3zxlVyuVfjin/3R83tvk/aAMPa1NU0avJ0qHqP5eUo/5faf139q"
                                + "MM9f+W6r/v0J+Tfy47+Y8VFQGhY8r/SOt/bjI7J+/3QFi76p+85HMiIhpxgYDfUf4P+n+a5BufleAf/Z9rjf6P"
                                + "9R/0ln/foe+u/1yg/77+E0rFAYlrk+5seaFvhf5/rP5XNtumprKlx/k/s/4L1P/rXf/NUP9vr/5/ht7/TuD5+3"
                                + "+xkhr7fwPN/0EnaLw4Vf95rL7PPxdUK9T/PjApyNZU68UvN0IzkPaBL0RnGij/3ufz5PMf6+ZfKqGw/9eHTZKv"
                                + "5uTZFnWytMgN9v9c1/e97P7H+k8L/P/jatd/eP93g/m/4F7byfzT7vs/TrlG/++DmRMEGQAAAAAAAAAAAAAAAA"
                                + "AAAAAAAGBk3gBpctReAFAAAA=="));
    }

    static Stream<Arguments> unusable() {
        byte[] packed = MILVUS.packed();
        byte[] tar = new byte[2048];
        Arrays.fill(tar, (byte) 'x');
        return Stream.of(
                Arguments.of("text", "no chart".getBytes(UTF_8), "it is not packed by gzip, or damaged"),
                Arguments.of("nothing", new byte[0], "it ends too early"),
                Arguments.of("half", Arrays.copyOf(packed, packed.length / 2), "it ends too early"),
                Arguments.of("no tar", ChartFixture.gzip(tar), "it is no tar archive, or damaged"),
                Arguments.of("empty tar", ChartFixture.empty().packed(), "there is no Chart.yaml in it"),
                Arguments.of(
                        "not in a folder",
                        ChartFixture.empty().with("Chart.yaml", CHART_YAML).packed(),
                        "there is no Chart.yaml in it"),
                Arguments.of(
                        "no version",
                        ChartFixture.milvus("newest", "").packed(),
                        "its Chart.yaml names no chart with a semantic version"),
                Arguments.of(
                        "large file",
                        ChartFixture.milvus("4.0.34", "")
                                .with("milvus/large", new byte[(5 << 20) + 1])
                                .packed(),
                        "a file in it has more than 5 MiB"),
                Arguments.of("bomb", bomb(21), "unpacked it has more than 100 MiB"));
    }

    private static byte[] bomb(int files) {
        ChartFixture bomb = ChartFixture.milvus("4.0.34", "");
        for (int i = 0; i < files; i++) {
            bomb.with("milvus/" + i, new byte[5 << 20]);
        }
        return bomb.packed();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void unusable(String what, byte[] packed, String why) {
        assertUnusable(packed, why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../values.yaml", "milvus/../../values.yaml", "/etc/cron.d/x", "milvus\\..\\..\\x", "C:/x"})
    void aPathThatLeadsOutIsRefused(String path) {
        assertUnusable(ChartFixture.milvus("4.0.34", "").with(path, "x").packed(), "a path in it leads out of it");
    }

    @Test
    void malformedValuesAreRefusedWithTheirPlace() {
        byte[] packed = ChartFixture.milvus("4.0.34", "")
                .with("milvus/values.yaml", "a: [")
                .packed();

        assertThatThrownBy(() -> ChartArchive.parse("here", packed))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNUSABLE))
                .hasMessageStartingWith("values.yaml of the chart here cannot be read at line 1, column 5: ");
    }

    @Test
    void aChartThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ChartArchive.read(temporary.resolve("none.tgz")))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNAVAILABLE))
                .hasMessageStartingWith("The chart " + temporary.resolve("none.tgz") + " cannot be read: ");
    }

    private static void assertUnusable(byte[] packed, String why) {
        assertThatThrownBy(() -> ChartArchive.parse("here", packed))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNUSABLE))
                .hasMessage(
                        "The chart here cannot be used: " + why + ". Fetch it again, or take it from another place.");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
