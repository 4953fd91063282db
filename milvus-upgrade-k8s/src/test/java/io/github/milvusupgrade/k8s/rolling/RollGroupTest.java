package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.milvusupgrade.component.Component;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which components a profile replaces in one step; never in another order than that of the hop. */
class RollGroupTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "gentle;   rootcoord > datacoord > indexcoord > querycoord > indexnode > datanode,querynode > proxy;"
                        + " coordinators > nodes > proxy",
                "fast;     rootcoord > datacoord > indexcoord > querycoord > indexnode > datanode,querynode > proxy;"
                        + " coordinators > nodes > proxy",
                "official; rootcoord > datacoord > indexcoord > querycoord > indexnode > datanode,querynode > proxy;"
                        + " rootcoord > datacoord > indexcoord > querycoord > indexnode > datanode,querynode > proxy",
                "gentle;   mixcoord > indexnode > datanode,querynode > proxy; mixcoord > nodes > proxy",
                "gentle;   cdc > mixcoord > streamingnode > querynode > datanode > proxy; cdc > mixcoord > nodes > proxy",
                "gentle;   standalone; standalone",
            })
    void componentsOfAKindThatFollowEachOtherAreReplacedTogetherIfTheProfileSaysSo(
            String profile, String stages, String groups) {
        List<List<RollGroup>> made = RollGroup.of(stages(stages), RollingProfile.named(profile), Set.of());

        assertThat(names(made)).isEqualTo(groups);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "gentle;   rootcoord > datacoord > indexcoord > querycoord > indexnode > proxy;"
                        + " rootcoord > coordinators > indexnode > proxy",
                "official; rootcoord > datacoord > querycoord > proxy; rootcoord > datacoord > querycoord > proxy",
            })
    void thoseThatAreToBeApartAre(String profile, String stages, String groups) {
        assertThat(names(RollGroup.of(
                        stages(stages),
                        RollingProfile.named(profile),
                        Set.of(Component.ROOTCOORD, Component.MIXCOORD))))
                .isEqualTo(groups);
    }

    @Test
    void coordinatorsTakeOverOneAfterTheOtherAndThoseThatAreNotNamedLast() {
        assertThat(RollingProfile.gentle()
                        .handOver()
                        .of(List.of(
                                Component.MIXCOORD, Component.ROOTCOORD, Component.DATACOORD, Component.QUERYCOORD)))
                .containsExactly(
                        Set.of(Component.ROOTCOORD),
                        Set.of(Component.DATACOORD),
                        Set.of(Component.QUERYCOORD),
                        Set.of(Component.MIXCOORD));
    }

    @Test
    void anotherOrderMayBeGiven() {
        assertThat(RollingProfile.gentle()
                        .withHandOver(TakeOverOrder.TOGETHER)
                        .handOver()
                        .of(List.of(Component.ROOTCOORD, Component.DATACOORD)))
                .containsExactly(Set.of(Component.ROOTCOORD, Component.DATACOORD));
    }

    @Test
    void aProfileThatIsNotThereIsAnswered() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RollingProfile.named("gentel"))
                .withMessage("There is no rolling profile \"gentel\"; there are gentle, official, fast.");
    }

    private static String names(List<List<RollGroup>> stages) {
        return stages.stream()
                .map(stage -> stage.stream().map(RollGroup::name).collect(Collectors.joining(",")))
                .collect(Collectors.joining(" > "));
    }

    private static List<List<Component>> stages(String text) {
        return Arrays.stream(text.strip().split(" > "))
                .map(stage -> Arrays.stream(stage.split(",")).map(Component::of).toList())
                .toList();
    }
}
