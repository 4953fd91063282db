package io.github.milvusupgrade.k8s.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import io.github.milvusupgrade.k8s.api.ScriptedApiServer.Seen;
import io.kubernetes.client.openapi.ApiClient;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the gateway sends, and with whose credentials. */
class KubeApiRequestTest extends KubeApiFixture {

    private static final ObjectRef POD = Resource.PODS.in("default", "proxy-1");

    @Test
    void patchCarriesItsTypeItsManagerAndNothingMore() {
        server.answers(200, PATCHED);

        api.patch(PROXY, imagePatch(), KubeApiFixture::patched);

        Seen seen = server.seen().get(0);
        assertThat(seen.call()).isEqualTo("PATCH " + PROXY_PATH);
        assertThat(seen.query()).isEqualTo(Map.of("fieldManager", "milvus-upgrade"));
        assertThat(seen.headers().getFirst("Content-Type")).isEqualTo("application/strategic-merge-patch+json");
        assertThat(seen.headers().getFirst("Accept")).isEqualTo("application/json");
        assertThat(seen.headers().getFirst("User-Agent")).startsWith("milvus-upgrade/");
        assertThat(seen.headers().getFirst("Authorization")).isEqualTo("Bearer " + ScriptedApiServer.TOKEN);
        assertThat(seen.body()).isEqualTo("{\"metadata\":{\"resourceVersion\":\"7\"},\"spec\":{\"image\":\"new\"}}");
    }

    @Test
    void eachKindOfPatchHasItsOwnType() {
        assertThat(Patch.merge(json("{}")).contentType()).isEqualTo("application/merge-patch+json");
        assertThat(Patch.json(json("{\"o\":[]}").withArray("o")).contentType())
                .isEqualTo("application/json-patch+json");
    }

    @Test
    void listFollowsItsPages() {
        server.answers(200, "{\"metadata\":{\"resourceVersion\":\"10\",\"continue\":\"c1\"},\"items\":[{\"a\":1}]}")
                .answers(200, "{\"metadata\":{\"resourceVersion\":\"10\"},\"items\":[{\"a\":2}]}");

        ObjectList list = api.list(Selection.all(Resource.PODS, "default")
                .withLabels("app in (milvus)")
                .withFields("status.phase!=Failed"));

        assertThat(list.items()).containsExactly(json("{\"a\":1}"), json("{\"a\":2}"));
        assertThat(list.resourceVersion()).isEqualTo("10");
        assertThat(server.seen().get(0).query())
                .isEqualTo(Map.of(
                        "labelSelector", "app in (milvus)", "fieldSelector", "status.phase!=Failed", "limit", "500"));
        assertThat(server.seen().get(1).query()).containsEntry("continue", "c1");
    }

    @Test
    void listWhosePagesExpiredIsReadAtOnce() {
        server.answers(200, "{\"metadata\":{\"continue\":\"c1\"},\"items\":[{\"a\":1}]}")
                .fails(410, "Expired", "The provided continue parameter is too old")
                .answers(200, "{\"metadata\":{\"resourceVersion\":\"11\"},\"items\":[{\"a\":1},{\"a\":2}]}");

        assertThat(api.list(Selection.all(Resource.PODS, "default")).items()).hasSize(2);

        assertThat(server.seen().get(2).query()).isEmpty();
    }

    @Test
    void listWithoutItemsIsEmpty() {
        server.answers(200, "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":null}");

        assertThat(api.list(Selection.all(Resource.NODES, "")).items()).isEmpty();
        assertThat(server.calls()).containsExactly("GET /api/v1/nodes");
    }

    @Test
    void logOfThePreviousRunIsRead() {
        server.answersText(200, "text/plain", "panic: no space left\n");

        String text = api.log(POD, LogQuery.tail("milvus", 20).ofPreviousRun());

        assertThat(text).isEqualTo("panic: no space left\n");
        assertThat(server.calls()).containsExactly("GET /api/v1/namespaces/default/pods/proxy-1/log");
        assertThat(server.seen().get(0).query())
                .isEqualTo(Map.of("container", "milvus", "previous", "true", "tailLines", "20", "limitBytes", "65536"));
    }

    @Test
    void logThatMayNotBeReadNamesTheSubresource() {
        server.fails(403, "Forbidden", "User \"ci\" cannot get resource \"pods/log\" in API group \"\"");

        assertThat(failureOf(() -> api.log(POD, LogQuery.tail("milvus", 20))))
                .hasMessage("Kubernetes refused get pods/log default/proxy-1: forbidden (403): User \"ci\""
                        + " cannot get resource \"pods/log\" in API group \"\"\n"
                        + "  Grant the account the verb \"get\" on pods/log in namespace default.");
    }

    @Test
    void podIsAskedThroughTheApiServerAndMayAnswerWithAnError() {
        server.answersText(500, "application/json", "{\"state\":\"standby\"}");

        Answer answer = api.proxy(POD, 9091, "/healthz", Map.of("Content-Type", "application/json"));

        assertThat(answer).isEqualTo(new Answer(500, "{\"state\":\"standby\"}"));
        assertThat(server.calls()).containsExactly("GET /api/v1/namespaces/default/pods/proxy-1:9091/proxy/healthz");
        assertThat(server.seen().get(0).headers().getFirst("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void podThatCannotBeReachedIsAFailureAndNotRetried() {
        server.fails(503, "ServiceUnavailable", "error trying to reach service: connection refused");

        KubeApiException e = failureOf(() -> api.proxy(POD, 9091, "/healthz", Map.of()));

        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(server.seen()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "v1.34.4, 1, 34",
        "v1.31.13-eks-3025e55, 1, 31",
        "v1.30.5-gke.1014001, 1, 30",
        "v1.28.15+k3s1, 1, 28",
        "v2.0.0-alpha.1, 2, 0",
        "nightly, 0, 0",
        "'', 0, 0"
    })
    void versionIsReadHoweverDistributionsWriteIt(String text, int major, int minor) {
        server.answers(200, "{\"gitVersion\":\"" + text + "\",\"minor\":\"34+\",\"emulationMajor\":\"1\"}");

        ServerVersion version = api.version();

        assertThat(version.gitVersion()).isEqualTo(text);
        assertThat(version.major()).isEqualTo(major);
        assertThat(version.minor()).isEqualTo(minor);
        assertThat(version.clock()).isPresent();
        assertThat(server.calls()).containsExactly("GET /version");
    }

    @Test
    void servedApisAreThoseOfAllGroups() {
        server.answers(200, "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}").answers(200, """
                {"kind":"APIGroupList","groups":[
                  {"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}]},
                  {"name":"autoscaling","versions":[{"groupVersion":"autoscaling/v2"},{"groupVersion":"autoscaling/v1"}]}
                ]}""");

        assertThat(api.servedApis()).containsExactly("apps/v1", "autoscaling/v1", "autoscaling/v2", "v1");
        assertThat(server.calls()).containsExactly("GET /api", "GET /apis");
    }

    @Test
    void accessIsAskedOfTheServerAndRetriedLikeARead() {
        server.hangsUp().answers(201, "{\"status\":{\"allowed\":true,\"reason\":\"RBAC: allowed by RoleBinding\"}}");

        Access access = api.access(new Access.Question(Verb.GET, Resource.PODS, "log", "default"));

        assertThat(access).isEqualTo(new Access(true, "RBAC: allowed by RoleBinding"));
        assertThat(server.calls().get(1)).isEqualTo("POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
        assertThat(json(server.seen().get(1).body())).isEqualTo(json("""
                        {"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{
                          "resourceAttributes":{"verb":"get","group":"","resource":"pods","subresource":"log",
                            "namespace":"default"}}}"""));
    }

    @Test
    void requestsAreCountedByVerbAndResource() {
        server.answers(200, PATCHED).hangsUp().answers(200, PATCHED).answersText(200, "text/plain", "log");
        api.get(PROXY);
        RequestCounts before = api.requests();

        api.patch(PROXY, imagePatch(), KubeApiFixture::patched);
        api.within(Deadline.after(Duration.ofMinutes(1), time)).log(POD, LogQuery.tail("milvus", 1));

        assertThat(before).hasToString("1 request: 1 get deployments.apps");
        assertThat(api.requests().since(before))
                .hasToString("3 requests, 1 of them a retry: 1 get deployments.apps, 1 get pods/log,"
                        + " 1 patch deployments.apps");
    }

    @Test
    void clientOfTheCallerIsNotChangedAndItsInterceptorsStay() {
        ApiClient client = server.client();
        OkHttpClient his = client.getHttpClient()
                .newBuilder()
                .addInterceptor(chain -> chain.proceed(chain.request()
                        .newBuilder()
                        .header("Authorization", "Bearer refreshed")
                        .build()))
                .build();
        client.setHttpClient(his);
        server.answers(200, PATCHED);

        KubeApi.over(client, options(time)).get(PROXY);

        assertThat(server.seen().get(0).headers().getFirst("Authorization")).isEqualTo("Bearer refreshed");
        assertThat(client.getHttpClient()).isSameAs(his);
        assertThat(his.retryOnConnectionFailure()).isTrue();
        assertThat(client.getBasePath()).isEqualTo(server.url());
    }

    @Test
    void hostWithSeveralAddressesIsReachedAtTheOneThatListens() {
        ApiClient client = server.client();
        client.setBasePath(client.getBasePath().replace("127.0.0.1", "api.example"));
        client.setHttpClient(client.getHttpClient()
                .newBuilder()
                .dns(host -> List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1")))
                .build());
        server.answers(200, PATCHED);

        assertThat(KubeApi.over(client, options(time)).get(PROXY)).isEqualTo(json(PATCHED));
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void manyThreadsMayUseOneGateway() throws InterruptedException {
        int threads = 16;
        for (int i = 0; i < threads; i++) {
            server.answers(200, PATCHED);
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch done = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            pool.execute(() -> {
                api.get(PROXY);
                done.countDown();
            });
        }
        done.await();
        pool.shutdown();

        assertThat(api.requests().byKind()).isEqualTo(Map.of("get deployments.apps", (long) threads));
    }

    @Test
    void namesReadAsPeopleWriteThem() {
        assertThat(PROXY).hasToString("deployments.apps default/my-release-milvus-proxy");
        assertThat(Resource.NODES.in("", "n1")).hasToString("nodes n1");
        assertThat(Selection.all(Resource.PODS, "default")).hasToString("pods default");
        assertThat(Selection.all(Resource.PODS, "default").withLabels("a=b").withFields("c=d"))
                .hasToString("pods default (a=b; c=d)");
    }
}
