package io.github.milvusupgrade.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionRangeTest {

    @ParameterizedTest
    @CsvSource({
        "2.2.2,      false",
        "2.2.3-rc1,  false",
        "2.2.3,      true",
        "2.2.9-beta, true",
        "2.2.16,     true",
        "2.3.0-beta, false",
        "2.3.0,      false",
    })
    void aRangeHoldsItsLowerEndAndNothingOfItsUpperEnd(String version, boolean within) {
        assertThat(VersionRange.of("2.2.3", "2.3.0").contains(MilvusVersion.parse(version)))
                .isEqualTo(within);
    }

    @Test
    void aRangePrintsAsRulesWriteIt() {
        assertThat(VersionRange.of("2.2.3", "2.3.0")).hasToString("2.2.3 ≤ v < 2.3");
        assertThat(VersionRange.of("2.2.0", "2.2.3")).hasToString("2.2.0 ≤ v < 2.2.3");
        assertThat(VersionRange.below("2.1.0")).hasToString("v < 2.1");
        assertThat(VersionRange.atLeast("2.6.0")).hasToString("v ≥ 2.6.0");
        assertThat(VersionRange.all()).hasToString("any v");
        assertThat(VersionRange.exactly("2.4.13")).hasToString("v = 2.4.13");
    }

    @Test
    void oneVersionAloneIsARangeToo() {
        VersionRange only = VersionRange.exactly("2.4.13");

        assertThat(only.contains(MilvusVersion.parse("v2.4.13-hotfix"))).isTrue();
        assertThat(only.contains(MilvusVersion.parse("2.4.14"))).isFalse();
    }

    @Test
    void aRangeWithoutUpperEndHoldsEverythingAfterItsLowerEnd() {
        assertThat(VersionRange.atLeast("2.6.0").contains(MilvusVersion.of(9, 0, 0)))
                .isTrue();
        assertThat(VersionRange.atLeast("2.6.0").contains(MilvusVersion.of(2, 5, 99)))
                .isFalse();
    }

    @Test
    void aRangeThatHoldsNothingIsRefused() {
        assertThatThrownBy(() -> VersionRange.of("2.3.0", "2.2.0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("No version is at least 2.3.0 and below 2.2.0.");
    }
}
