package io.github.milvusupgrade.k8s.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.probe.MilvusProbe;
import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.k8s.rollout.Patience;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.step.GateAnswer;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepContext;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** How long a gate is waited at, in a time that passes only while the keeper pauses. */
class GatekeeperTest {

    private final FakeTime time = new FakeTime();
    private final Context context = new Context();
    private final List<Integer> looks = new ArrayList<>();

    @Test
    void aGateThatIsOpenCostsNoTime() throws InterruptedException {
        assertThat(pass(look -> GateAnswer.passed("all there"))).isEqualTo("all there");
        assertThat(time.seconds()).isZero();
        assertThat(looks).hasSize(1);
    }

    @Test
    void aGateIsAskedMoreAndMoreSeldom() throws InterruptedException {
        pass(look -> look < 8 ? GateAnswer.notYet("standby") : GateAnswer.passed("active"));

        assertThat(looks).containsExactly(0, 1, 3, 6, 10, 15, 20, 25);
        assertThat(context.told).containsExactly("gate after rootcoord: standby");
    }

    @Test
    void aGateThatDoesNotOpenStopsTheRunWithWhatIsMissing() {
        assertThatThrownBy(() -> pass(look -> GateAnswer.notYet("no rootcoord is active")))
                .isInstanceOf(UpgradeException.class)
                .hasMessage("rootcoord was rolled out, but the gate after it did not pass in 60 s. It asks that one"
                        + " rootcoord is active; last seen: no rootcoord is active. No component after it was touched."
                        + " Look at the log of these pods, then resume; or roll back.")
                .satisfies(e -> assertThat(((UpgradeException) e).code()).isEqualTo(Code.GATE_NOT_PASSED));
    }

    @Test
    void aGateThatComesNearerIsWaitedForLongerThanItsBudget() throws InterruptedException {
        pass(look -> look < 40 ? GateAnswer.notYet((40 - look) + " tasks are left") : GateAnswer.passed("loaded"));

        assertThat(time.seconds()).isGreaterThan(60);
    }

    @Test
    void aGateIsNotWaitedForLongerThanTheStepMayTake() {
        context.remaining = Duration.ofSeconds(30);

        assertThatThrownBy(() -> pass(look -> GateAnswer.notYet(look + " tasks are left")))
                .hasMessageContaining("did not pass in 30 s");
    }

    @Test
    void aPodThatDoesNotAnswerForMomentsIsNoReasonToGoOnBlind() throws InterruptedException {
        String seen = pass(look -> look < 4
                ? GateAnswer.cannotBeSeen("no answer came within 5 s")
                : look == 4
                        ? GateAnswer.notYet("standby")
                        : look < 7
                                ? GateAnswer.cannotBeSeen("no answer came within 5 s")
                                : GateAnswer.passed("active"));

        assertThat(seen).isEqualTo("active");
        assertThat(context.warned).isEmpty();
    }

    @Test
    void whoSeesNothingForTenSecondsGoesOnBlindAndSaysSo() throws InterruptedException {
        String seen = pass(look -> GateAnswer.cannotBeSeen("the account may not get pods/proxy (403)"));

        assertThat(seen).isEqualTo("blind");
        assertThat(time.seconds()).isEqualTo(10);
        assertThat(context.warned)
                .containsExactly(
                        "Blind after rootcoord: whether it serves was not seen, nothing was waited for instead:"
                                + " the account may not get pods/proxy (403)");
    }

    @Test
    void blinkingDoesNotMakeTheBudgetBeginAnew() {
        assertThatThrownBy(() -> pass(look -> look % 2 == 0
                        ? GateAnswer.cannotBeSeen("no answer came within 5 s")
                        : GateAnswer.notYet("no rootcoord is active")))
                .hasMessageContaining("; last seen: no rootcoord is active. ");
        assertThat(time.seconds()).isBetween(60, 70);
    }

    @Test
    void aCancelledRunLeavesTheGateWithinASecond() {
        context.cancelledAt = 2;

        assertThatThrownBy(() -> pass(look -> GateAnswer.notYet("standby"))).hasMessage("cancelled");
        assertThat(time.seconds()).isEqualTo(2);
    }

    private String pass(IntFunction<GateAnswer> answers) throws InterruptedException {
        KubeApi nobody = KubeApi.over(new ApiClient(), KubeApiOptions.defaults());
        LiveInstance nothing = new LiveInstance(nobody, time, new ClusterId("milvus", "my-release"));
        RolloutWatch watch = new RolloutWatch(nobody, nothing, time, Patience.standard(), Duration.ZERO);
        GateOptions options = new GateOptions(true, Duration.ofSeconds(60), Duration.ZERO, List.of());
        MilvusGate gate = new MilvusGate() {
            @Override
            public Component component() {
                return Component.ROOTCOORD;
            }

            @Override
            public String describe() {
                return "one rootcoord is active";
            }

            @Override
            public GateAnswer check(Look unused, StepContext also) {
                looks.add(time.seconds());
                return answers.apply(looks.size());
            }
        };
        Look nowhere =
                new Look(() -> InstancePods.among(List.of()), new MilvusProbe(nobody, "milvus", Duration.ofSeconds(5)));
        return new Gatekeeper(watch, time, options, any -> nowhere)
                .pass(List.of(gate), context)
                .get(0);
    }

    private final class Context implements StepContext {

        private final List<String> told = new ArrayList<>();
        private final List<String> warned = new ArrayList<>();
        private Duration remaining = Duration.ofHours(1);
        private int cancelledAt = Integer.MAX_VALUE;

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
            return Map.of();
        }

        @Override
        public void progress(String text) {
            told.add(text);
        }

        @Override
        public void warn(String text) {
            warned.add(text);
        }

        @Override
        public Duration remaining() {
            Duration left = remaining.minusSeconds(time.seconds());
            return left.isNegative() ? Duration.ZERO : left;
        }

        @Override
        public void checkpoint() {
            if (time.seconds() >= cancelledAt) {
                throw new UpgradeException(Code.CANCELLED, "cancelled");
            }
        }
    }

    private static final class FakeTime implements Time {

        private long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void sleep(Duration duration) {
            nanos += duration.toNanos();
        }

        int seconds() {
            return (int) (nanos / 1_000_000_000L);
        }
    }
}
