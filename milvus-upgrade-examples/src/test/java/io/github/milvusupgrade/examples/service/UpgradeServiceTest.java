package io.github.milvusupgrade.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.examples.service.ServiceClient.Reply;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.PodFault;
import io.github.milvusupgrade.k8s.rehearsal.RecordedRequest;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.rolling.RollingProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpgradeServiceTest {

    private final RehearsalCluster cluster =
            RehearsalCluster.builder().speed(100).start();

    private UpgradeService service;
    private ServiceClient client;

    @BeforeEach
    void start() throws IOException {
        cluster.seed(MilvusBlueprint.cluster("my-release").version("2.2.4"));
        service = UpgradeService.start(
                KubernetesMilvusCluster.connect(
                        cluster.apiClient(),
                        "default",
                        "my-release",
                        KubernetesOptions.defaults()
                                .withProfile(RollingProfile.official())
                                .withCoordinatorSettling(Duration.ofSeconds(1))),
                0);
        client = ServiceClient.of(service);
    }

    @AfterEach
    void close() {
        service.close();
        cluster.close();
    }

    @Test
    void showsAPlanToApproveAndChangesNothing() {
        Reply plan = client.post("/plans", "{\"target\": \"2.2.16\"}");
        assertThat(plan.status()).isEqualTo(201);
        assertThat(plan.at("digest"))
                .matches("[0-9a-f]{64}")
                .isEqualTo(plan.body().at("/plan/digest").asText());
        assertThat(plan.at("description")).startsWith("Milvus default/my-release  2.2.4 -> 2.2.16");
        assertThat(plan.body().path("findings").findValuesAsText("status"))
                .isNotEmpty()
                .doesNotContain("FAIL");
        assertThat(writes()).isEmpty();
    }

    @Test
    void runsThePlanThatWasApprovedAndShowsItsSteps() {
        Reply plan = client.post("/plans", "{\"target\": \"2.2.16\"}");
        Reply begun = client.post("/runs", "{\"digest\": \"" + plan.at("digest") + "\"}");
        assertThat(begun.status()).isEqualTo(202);
        Reply over = client.over(begun.at("run"));
        assertThat(over.at("status")).isEqualTo("SUCCEEDED");
        assertThat(over.body().path("steps")).hasSize(10);
        JsonNode second = over.body().path("steps").get(1);
        assertThat(second.path("title").asText()).isEqualTo("roll rootcoord to 2.2.16");
        assertThat(second.path("status").asText()).isEqualTo("APPLIED");
        assertThat(second.path("detail").asText())
                .isEqualTo("rootcoord runs milvusdb/milvus:v2.2.16, rootcoord is active");
    }

    @Test
    void runsNothingThatNobodyPlanned() {
        client.post("/plans", "{\"target\": \"2.2.16\"}");
        Reply refused = client.post("/runs", "{\"digest\": \"7f3a9c\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.at("code")).isEqualTo("not-planned");
        assertThat(refused.at("message"))
                .isEqualTo("No plan with digest \"7f3a9c\" waits for approval. Plan, read, then approve its digest.");
        assertThat(writes()).isEmpty();
    }

    @Test
    void takesAnApprovalForOneRunOnly() {
        Reply plan = client.post("/plans", "{\"target\": \"2.2.16\"}");
        client.over(client.start(plan));
        assertThat(client.post("/runs", "{\"digest\": \"" + plan.at("digest") + "\"}")
                        .at("code"))
                .isEqualTo("not-planned");
    }

    @Test
    void stopsWhenToldToAndGoesBackWhenThatIsApproved() {
        cluster.inject(PodFault.neverReady().component("datacoord").tag("v2.2.16"));
        String run = client.upgradeTo("2.2.16");
        client.until(run, reply -> reply.body().at("/steps/2/status").asText().equals("RUNNING"));
        Reply cancelled = client.delete("/runs/" + run);
        assertThat(cancelled.status()).isEqualTo(202);
        assertThat(cancelled.body().path("cancelRequested").asBoolean()).isTrue();
        assertThat(client.over(run).at("status")).isEqualTo("CANCELLED");

        Reply back = client.post("/runs/" + run + "/rollback", "");
        assertThat(back.status()).isEqualTo(201);
        assertThat(back.at("description")).contains("roll back run " + run);
        assertThat(client.over(client.start(back)).at("status")).isEqualTo("SUCCEEDED");
    }

    @Test
    void saysWhyARunFailed() {
        cluster.inject(PodFault.imageMissing().component("rootcoord").tag("v2.2.16"));
        JsonNode over = client.over(client.upgradeTo("2.2.16")).body();
        assertThat(over.path("status").asText()).isEqualTo("FAILED");
        assertThat(over.at("/failure/code").asText()).isEqualTo("MU-511");
        assertThat(over.at("/steps/1/status").asText()).isEqualTo("FAILED");
        assertThat(over.at("/steps/2/status").asText()).isEqualTo("PENDING");
    }

    @Test
    void runsOneAtATime() {
        Reply one = client.post("/plans", "{\"target\": \"2.2.16\"}");
        Reply other = client.post("/plans", "{\"target\": \"2.2.15\"}");
        cluster.inject(PodFault.neverReady().component("rootcoord"));
        String run = client.start(one);
        Reply refused = client.post("/runs", "{\"digest\": \"" + other.at("digest") + "\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.at("message")).isEqualTo("A run of default/my-release goes on. Wait for it, or cancel it.");
        client.delete("/runs/" + run);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST /plans          | {"target": "new"}   | 400 | bad-request
            POST /plans          | {"goal": "2.2.16"}  | 400 | bad-request
            POST /plans          | {"target":          | 400 | bad-request
            POST /plans          | {"target": "2.2.3"} | 422 | MU-101
            POST /runs/r1/redo   | {}                  | 404 | not-found
            POST /runs/r1/rollback | {}                | 404 | MU-404
            GET /runs/r1         | {}                  | 404 | not-found
            GET /runs/R1         | {}                  | 400 | bad-request
            DELETE /runs/r1      | {}                  | 404 | not-found
            GET /                | {}                  | 404 | not-found
            PUT /plans           | {}                  | 404 | not-found
            """)
    void answersMistakesWithACodeAndAMessage(String request, String body, int status, String code) {
        String[] words = request.split(" ");
        Reply reply = client.send(words[0], words[1], body);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.at("code")).isEqualTo(code);
        assertThat(reply.at("message")).isNotBlank();
    }

    private List<RecordedRequest> writes() {
        return cluster.requests().stream()
                .filter(RecordedRequest::isWrite)
                .filter(request -> !request.resource().endsWith("selfsubjectaccessreviews"))
                .toList();
    }
}
