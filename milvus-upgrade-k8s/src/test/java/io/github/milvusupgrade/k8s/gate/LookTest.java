package io.github.milvusupgrade.k8s.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.probe.Seen;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.GateAnswer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What it means that a pod does not answer. */
class LookTest {

    private static final Seen.Blind<String> NO_ANSWER = new Seen.Blind<>("pod b: no answer came within 5 s");

    @Test
    void aReadyPodThatDoesNotAnswerMakesBlind() {
        assertThat(Look.unseen(List.of(pod("a", true), pod("b", true)), NO_ANSWER))
                .isEqualTo(GateAnswer.cannotBeSeen("pod b: no answer came within 5 s"));
    }

    @Test
    void aPodThatKubernetesDoesNotCallReadyIsWaitedFor() {
        assertThat(Look.unseen(List.of(pod("a", true), pod("b", false)), NO_ANSWER))
                .isEqualTo(GateAnswer.notYet("not ready: pod b"));
    }

    private static PodView pod(String name, boolean ready) {
        return new PodView(JsonApi.json("{metadata: {name: '" + name + "'}, status: {conditions: [{type: 'Ready',"
                + " status: '" + (ready ? "True" : "False") + "'}]}}"));
    }
}
