package io.github.milvusupgrade.k8s.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexFileTest {

    @Test
    void listsTheVersionsOfOneChartTheNewestFirst() {
        assertThat(versions("""
                apiVersion: v1
                entries:
                  attu:
                  - {name: attu, version: 9.9.9}
                  milvus:
                  - apiVersion: v2
                    appVersion: 2.2.13
                    created: "2023-07-25T03:22:33.123456789Z"
                    dependencies:
                    - {name: etcd, version: 6.3.3, condition: etcd.enabled}
                    digest: abc
                    name: milvus
                    urls:
                    - https://example.com/milvus-4.0.9.tgz
                    version: 4.0.9
                  - {name: milvus, version: 4.0.34, appVersion: 2.20}
                  - {name: milvus, version: nonsense}
                generated: "2023-08-01T00:00:00Z"
                """))
                .containsExactly(
                        new ChartVersion("milvus", "4.0.34", "2.20", List.of(), Optional.empty(), Optional.empty()),
                        new ChartVersion(
                                "milvus",
                                "4.0.9",
                                "2.2.13",
                                List.of("https://example.com/milvus-4.0.9.tgz"),
                                Optional.of("abc"),
                                Optional.of(Instant.parse("2023-07-25T03:22:33.123456789Z"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"entries: {}", "entries:", "entries: ~", "`entries: {other: []}`", "`entries: {milvus: }`"})
    void aChartThatIsNotThereHasNoVersions(String index) {
        assertThat(versions(index)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | it is not made of keys and values",
                "`<html><body>Sign in</body></html>` | it is not made of keys and values",
                "`apiVersion: v1` | it has no \"entries\"",
                "`entries: [milvus]` | it has no \"entries\"",
                "`entries: {milvus: [4.0.34]}` | what it lists as a version of milvus at line 1 is not made of keys and values",
                "`entries:\n  milvus:\n  - {version: 4.0.34` | it is no valid YAML at line 3, column 21",
                "`entries:\n\t- x` | it is no valid YAML at line 2, column 1",
            })
    void aMalformedIndexIsRefused(String index, String why) {
        assertThatThrownBy(() -> versions(index))
                .isInstanceOfSatisfying(
                        UpgradeException.class, e -> assertThat(e.code()).isEqualTo(Code.CHART_UNUSABLE))
                .hasMessage("The index of charts at https://charts.test/index.yaml cannot be used: " + why
                        + ". Check that the address is that of a Helm repository.");
    }

    @Test
    void aliasesCannotMakeItGrow() {
        assertThat(versions("""
                entries:
                  other: &all [&one {version: 1.0.0}, *one, *one]
                  milvus: [{version: 4.0.34, urls: [*all, *all]}]
                """)).extracting(ChartVersion::version).containsExactly("4.0.34");
    }

    private static List<ChartVersion> versions(String index) {
        return IndexFile.versions(index.getBytes(UTF_8), "https://charts.test/index.yaml", "milvus");
    }
}
