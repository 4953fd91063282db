package io.github.milvusupgrade.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"2.2.16/roll/rootcoord", "acme/pause-ingest", "undo/2.2.16/roll/proxy", "a", "A_b.c-d"})
    void whatCanNameAStep(String name) {
        assertThat(StepId.of(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/roll", "-roll", "roll the proxy", "röll", "a\nb"})
    void whatCannotNameAStep(String name) {
        assertThatThrownBy(() -> StepId.of(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not a step id: \"" + name
                        + "\": letters, digits, dots, dashes, underscores and slashes, at most 120.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r1", "20261122-184502-7f3a", "r20261122-184502-7f3a2b", "a"})
    void whatCanNameARun(String name) {
        assertThat(RunId.of(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "R1", "r_1", "-r1", "r1-", "r.1", "../r1", "r1/r2"})
    void whatCannotNameARunBecauseItIsPartOfKubernetesNamesAndFiles(String name) {
        assertThatThrownBy(() -> RunId.of(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not a run id: \"" + name + "\": only lower-case letters, digits and dashes, at most 40.");
    }

    @Test
    void lengthsAreLimited() {
        assertThat(StepId.of("s".repeat(120)).value()).hasSize(120);
        assertThat(RunId.of("r".repeat(40)).value()).hasSize(40);
        assertThatThrownBy(() -> StepId.of("s".repeat(121))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RunId.of("r".repeat(41))).isInstanceOf(IllegalArgumentException.class);
    }
}
