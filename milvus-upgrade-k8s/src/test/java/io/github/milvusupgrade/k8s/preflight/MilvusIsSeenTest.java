package io.github.milvusupgrade.k8s.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.rehearsal.PodAnswer;
import io.github.milvusupgrade.k8s.rehearsal.RecordedRequest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** P27: whether the gates between the steps will see anything. It never blocks. */
class MilvusIsSeenTest {

    private final Rehearsed given = Rehearsed.cluster();

    @AfterEach
    void stop() {
        given.close();
    }

    @Test
    void p27PassesIfOnePodOfEachComponentTellsHowItIs() {
        given.plan();
        int before = questions();

        assertThat(given.finding("P27"))
                .isEqualTo("PASS    P27  Milvus tells how it is: 8 pods were asked, one of each component.");
        assertThat(questions() - before).isEqualTo(8);
    }

    @Test
    void p27WarnsIfThePlanIsBlindForLackOfPermissionAndAsksNobody() {
        given.cluster.inject(ApiFault.forbidden().on("get", "pods/proxy"));
        given.plan();
        int before = questions();

        assertThat(given.finding("P27"))
                .isEqualTo(
                        "WARN    P27  The plan is blind: the account may not get pods/proxy (403). The upgrade goes by"
                                + " what Kubernetes says and rests after each component instead. For gates that see Milvus, allow"
                                + " the account to get pods/proxy (the Role of requiredAccess has it), then make a new plan.");
        assertThat(questions() - before).isZero();
    }

    @Test
    void p27WarnsIfAPodCannotBeSeenThatCouldBeWhenThePlanWasMade() {
        given.plan();
        given.cluster.podEndpoint(
                (pod, path) -> pod.toString().contains("datanode") ? PodAnswer.text(200, "OK") : null);

        assertThat(given.finding("P27"))
                .startsWith("WARN    P27  Pod my-release-milvus-datanode-")
                .contains(" of datanode cannot be seen: it answers OK without the states of its roles, as Milvus 2.1"
                        + " does. The upgrade goes by");
    }

    @Test
    void aMissingPermissionToAskPodsIsNoMissingPermission() {
        given.cluster.inject(ApiFault.forbidden().on("get", "pods/proxy"));

        assertThat(given.finding("P02")).startsWith("PASS ");
        assertThat(RequiredAccess.of(given.plan()).toRole()).contains("""
                  # ask Milvus whether it serves (optional)
                  - apiGroups: [""]
                    resources: ["pods/proxy"]
                    verbs: ["get"]
                """.indent(0));
    }

    @Test
    void whoMayNotEvenListPodsGetsABlindPlan() {
        given.cluster.inject(ApiFault.forbidden().on("list", "pods"));

        assertThat(given.plan().describe()).contains("gate: blind: the account may not list pods (403)");
    }

    private int questions() {
        List<RecordedRequest> requests = given.cluster.requests();
        return (int) requests.stream()
                .filter(request -> request.resource().equals("pods/proxy"))
                .count();
    }
}
