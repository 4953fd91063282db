package io.github.milvusupgrade.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UpgradeStepTest {

    private final UpgradeStep smallest = new UpgradeStep() {
        @Override
        public StepId id() {
            return StepId.of("acme/smallest");
        }

        @Override
        public String summary() {
            return "do it";
        }

        @Override
        public StepResult apply(StepContext context) {
            return StepResult.applied("did it");
        }
    };

    @Test
    void aStepNeedsThreeMethodsAndHasHarmlessDefaults() throws InterruptedException {
        StepContext context = context(Map.of());

        assertThat(smallest.components()).isEmpty();
        assertThat(smallest.checks()).isEmpty();
        assertThat(smallest.capture(context)).isEmpty();
        assertThat(smallest.undo()).isEqualTo(Undo.notNeeded("changes nothing"));
        assertThat(smallest.timeout()).isEqualTo(Duration.ofMinutes(15));
        assertThat(smallest.apply(context).summary()).isEqualTo("did it");
    }

    @Test
    void aFactThatWasCapturedIsHandedOut() {
        assertThat(context(Map.of("image", "old")).captured("image")).isEqualTo("old");
    }

    @Test
    void aFactThatWasNotCapturedIsAMistakeOfTheStep() {
        assertThatThrownBy(() -> context(Map.of("image", "old")).captured("replicas"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Nothing was captured under \"replicas\"; there is [image]. Let capture() record it.");
    }

    private static StepContext context(Map<String, String> captured) {
        return new StepContext() {
            @Override
            public RunId run() {
                return RunId.of("r1");
            }

            @Override
            public long fence() {
                return 1;
            }

            @Override
            public ClusterSnapshot snapshot() {
                return new ClusterSnapshot(new ClusterId("default", "my-release"), List.of(), new TreeMap<>());
            }

            @Override
            public Map<String, String> captured() {
                return captured;
            }

            @Override
            public void progress(String text) {
                throw new AssertionError("Nothing here says anything.");
            }

            @Override
            public Duration remaining() {
                return Duration.ofMinutes(15);
            }

            @Override
            public void checkpoint() {
                throw new AssertionError("Nothing here writes.");
            }
        };
    }
}
