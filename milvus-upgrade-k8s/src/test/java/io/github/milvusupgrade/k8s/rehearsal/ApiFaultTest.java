package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.JsonApi.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ApiFaultTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private final RehearsalCluster cluster = RehearsalCluster.start();
    private final JsonApi api = new JsonApi(cluster.apiClient());

    @BeforeEach
    void seed() {
        api.create(MAPS, json("{metadata: {name: 'a'}, data: {k: 'v'}}"));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(ApiFault.tooManyRequests(Duration.ofSeconds(3)), 429, "TooManyRequests"),
                Arguments.of(ApiFault.internalError(), 500, "InternalError"),
                Arguments.of(ApiFault.unavailable(), 503, "ServiceUnavailable"),
                Arguments.of(ApiFault.conflict(), 409, "Conflict"),
                Arguments.of(ApiFault.unauthorized(), 401, "Unauthorized"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesOnceAndDoesNothing(ApiFault fault, int code, String reason) {
        InjectedFault injected = cluster.inject(fault.on("patch", "configmaps").named("a"));

        Reply refused = api.patch(JsonApi.MERGE_PATCH, MAPS + "/a", "{data: {k: 'w'}}");
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(api.read(MAPS + "/a").at("/data/k").asText()).isEqualTo("v");

        assertThat(api.patch(JsonApi.MERGE_PATCH, MAPS + "/a", "{data: {k: 'w'}}")
                        .code())
                .isEqualTo(200);
        assertThat(injected.hits()).isEqualTo(1);
    }

    @Test
    void aBusyServerSaysWhenToComeBack() {
        cluster.inject(ApiFault.tooManyRequests(Duration.ofSeconds(3)));

        Reply refused = api.get(MAPS);

        assertThat(refused.headers().get("Retry-After")).isEqualTo("3");
        assertThat(refused.at("/details/retryAfterSeconds")).isEqualTo("3");
    }

    @Test
    void hitsTheRequestsItIsAbout() {
        cluster.inject(
                ApiFault.unavailable().on("get", "configmaps").fromRequest(2).times(2));

        List<Integer> codes =
                Stream.generate(() -> api.get(MAPS + "/a").code()).limit(5).toList();

        assertThat(codes).containsExactly(200, 503, 503, 200, 200);
        assertThat(api.get(MAPS).code()).isEqualTo(200);
    }

    @Test
    void aLostRequestIsNotCarriedOut() {
        cluster.inject(ApiFault.requestLost().on("patch", "configmaps"));

        assertThatThrownBy(() -> api.patch(JsonApi.MERGE_PATCH, MAPS + "/a", "{data: {k: 'w'}}"))
                .hasCauseInstanceOf(IOException.class);

        assertThat(api.read(MAPS + "/a").at("/data/k").asText()).isEqualTo("v");
    }

    @Test
    void aLostAnswerLeavesTheRequestCarriedOut() {
        cluster.inject(ApiFault.answerLost().on("patch", "configmaps"));

        assertThatThrownBy(() -> api.patch(JsonApi.MERGE_PATCH, MAPS + "/a", "{data: {k: 'w'}}"))
                .hasCauseInstanceOf(IOException.class);

        assertThat(api.read(MAPS + "/a").at("/data/k").asText()).isEqualTo("w");
    }

    @Test
    void aSlowAnswerComesLate() {
        cluster.inject(ApiFault.slow(Duration.ofMillis(300)).on("get", "configmaps"));

        long start = System.nanoTime();
        assertThat(api.get(MAPS + "/a").code()).isEqualTo(200);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
    }

    @Test
    void whatIsForbiddenIsSaidBeforehandToo() {
        InjectedFault fault =
                cluster.inject(ApiFault.forbidden().on("patch", "deployments").in("default"));
        String patch = "{metadata: {labels: {a: 'b'}}}";
        String deployment = "/apis/apps/v1/namespaces/default/deployments/web";

        Reply refused = api.patch(JsonApi.MERGE_PATCH, deployment, patch);
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.message())
                .isEqualTo(
                        "deployments.apps \"web\" is forbidden: User \"rehearsal\" cannot patch resource \"deployments\" in"
                                + " API group \"apps\" in the namespace \"default\"");
        assertThat(mayPatchDeployments()).isFalse();
        cluster.inject(ApiFault.forbidden().on("list", "pods"));
        assertThat(api.get("/api/v1/pods").message())
                .isEqualTo(
                        "pods is forbidden: User \"rehearsal\" cannot list resource \"pods\" in API group \"\" at the"
                                + " cluster scope");

        fault.clear();
        assertThat(mayPatchDeployments()).isTrue();
        assertThat(api.patch(JsonApi.MERGE_PATCH, deployment, patch).code()).isEqualTo(404);
    }

    private boolean mayPatchDeployments() {
        return api.create(
                        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                        json("{spec: {resourceAttributes: {namespace: 'default', verb: 'patch', group: 'apps',"
                                + " resource: 'deployments'}}}"))
                .at("/status/allowed")
                .asBoolean();
    }

    @Test
    void aWatchMayEndAtOnce() {
        cluster.inject(ApiFault.watchEnds().on("watch", "configmaps"));

        assertThat(api.watch(MAPS, "timeoutSeconds=30")).isEmpty();
        assertThat(api.watch(MAPS, "timeoutSeconds=1")).isNotEmpty();
    }

    @Test
    void aWatchMayExpire() {
        cluster.inject(ApiFault.watchExpires());

        List<JsonNode> events = api.watch(MAPS, "timeoutSeconds=30");

        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.at("/object/code").asInt()).isEqualTo(410));
    }

    @Test
    void aWatchMayGoSilent() {
        cluster.inject(ApiFault.watchGoesSilent());

        assertThat(api.watch(MAPS, "timeoutSeconds=1", "allowWatchBookmarks=true"))
                .isEmpty();
    }

    @Test
    void openWatchesCanBeEnded() {
        try (JsonApi.Watch watch = api.openWatch(MAPS, "fieldSelector=metadata.name=a")) {
            assertThat(watch.next()).isNotNull();

            cluster.endWatches();

            assertThat(watch.next()).isNull();
        }
    }

    @Test
    void aWatchWithBookmarksEndsWithOne() {
        List<JsonNode> events =
                api.watch(MAPS, "timeoutSeconds=1", "allowWatchBookmarks=true", "fieldSelector=metadata.name=a");

        assertThat(events).extracting(event -> event.path("type").asText()).containsExactly("ADDED", "BOOKMARK");
        assertThat(events.get(1).at("/object/metadata/resourceVersion").asLong())
                .isPositive();
    }

    @Test
    void requestsAreRemembered() {
        cluster.inject(ApiFault.answerLost().on("delete", "configmaps"));
        api.get(MAPS, "limit=5");
        api.get(MAPS + "/missing");
        assertThatThrownBy(() -> api.delete(MAPS + "/a")).hasCauseInstanceOf(IOException.class);

        assertThat(cluster.requests())
                .extracting(request -> request.verb() + " " + request.resource() + " " + request.namespace() + "/"
                        + request.name() + " " + request.code() + " " + request.isWrite())
                .containsExactly(
                        "create configmaps default/ 201 true",
                        "list configmaps default/ 200 false",
                        "get configmaps default/missing 404 false",
                        "delete configmaps default/a 0 true");
        assertThat(cluster.requests().get(1).query()).containsEntry("limit", "5");
    }

    @Test
    void allFaultsCanBeClearedTogether() {
        cluster.inject(ApiFault.unavailable().always());
        assertThat(api.get(MAPS).code()).isEqualTo(503);

        cluster.clearFaults();

        assertThat(api.get(MAPS).code()).isEqualTo(200);
    }
}
