package io.github.milvusupgrade.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SemVerTest {

    @ParameterizedTest(name = "{0} < {1}")
    @CsvSource({
        "4.0.9, 4.0.10",
        "4.0.34, 4.1.0",
        "4.9.9, 5.0.0",
        "5.0.0-beta, 5.0.0",
        "5.0.0-beta.2, 5.0.0-beta.10",
        "5.0.0-1, 5.0.0-alpha",
        "5.0.0-alpha, 5.0.0-alpha.1",
        "5.0.0-alpha, 5.0.0-beta",
        "v4, 4.0.1",
    })
    void ordersAsSemanticVersionsAre(String lower, String higher) {
        SemVer one = SemVer.find(lower).orElseThrow();
        SemVer other = SemVer.find(higher).orElseThrow();

        assertThat(one).isLessThan(other);
        assertThat(other).isGreaterThan(one);
    }

    @ParameterizedTest
    @CsvSource({"4.0.34+build.7, 4.0.34", "v4.0.34, 4.0.34", "4.1, 4.1.0"})
    void readsWhatHelmReads(String lenient, String strict) {
        assertThat(SemVer.find(lenient)).isEqualTo(SemVer.find(strict)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latest", "4.0.34.1", "../4.0.34", "4.0.34/x", "4.-1", "99999999999.0.0"})
    void findsNoVersionInOtherTexts(String text) {
        assertThat(SemVer.find(text)).isEmpty();
    }
}
