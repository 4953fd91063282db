package io.github.milvusupgrade.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FindingTest {

    static Stream<Arguments> findings() {
        return Stream.of(
                Arguments.of(Finding.pass("P05", "one version."), false, "PASS    P05  one version."),
                Arguments.of(Finding.warn("P05", "two versions.", "Look."), false, "WARN    P05  two versions. Look."),
                Arguments.of(Finding.fail("P05", "two versions.", "Look."), true, "FAIL    P05  two versions. Look."),
                Arguments.of(
                        Finding.unknown("P05", "no answer.", "Ask again."),
                        true,
                        "UNKNOWN P05  no answer. Ask again."));
    }

    @ParameterizedTest
    @MethodSource("findings")
    void whatFailsOrIsUnknownBlocksAndEverythingIsOneLine(Finding finding, boolean blocks, String line) {
        assertThat(finding.blocks()).isEqualTo(blocks);
        assertThat(finding).hasToString(line);
    }

    @Test
    void whatIsWaivedDoesNotBlockAndSaysWhy() {
        Finding waived = Finding.fail("P05", "two versions.", "Look.").waived("we know");

        assertThat(waived.blocks()).isFalse();
        assertThat(waived).hasToString("WAIVED  P05  two versions. (waived: we know) Look.");
    }
}
