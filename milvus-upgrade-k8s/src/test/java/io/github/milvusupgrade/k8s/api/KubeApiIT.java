package io.github.milvusupgrade.k8s.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.credentials.AccessTokenAuthentication;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** That a real API server answers what the gateway counts on. */
@EnabledIfEnvironmentVariable(
        named = "MILVUS_UPGRADE_IT_KUBECONFIG",
        matches = ".+",
        disabledReason = "MILVUS_UPGRADE_IT_KUBECONFIG names no kubeconfig of a cluster to test on")
class KubeApiIT {

    private final ObjectRef map = Resource.CONFIG_MAPS.in("default", "gateway-" + UUID.randomUUID());
    private final Selection ofThisTest =
            Selection.all(Resource.CONFIG_MAPS, "default").withLabels("test=" + map.name());
    private KubeApi api;

    @BeforeEach
    void connect() throws IOException {
        api = KubeApi.over(client(), KubeApiOptions.defaults());
    }

    @AfterEach
    void cleanUp() {
        api.find(map).ifPresent(found -> api.delete(map, uid(found)));
    }

    private static ApiClient client() throws IOException {
        try (Reader file = Files.newBufferedReader(Path.of(System.getenv("MILVUS_UPGRADE_IT_KUBECONFIG")))) {
            return ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(file)).build();
        }
    }

    private ObjectNode create() {
        ObjectNode object =
                KubeApiFixture.json("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":{\"n\":\"0\"}}");
        object.putObject("metadata").put("name", map.name()).putObject("labels").put("test", map.name());
        return api.create(map, object, found -> true);
    }

    private static Patch setting(String value, String resourceVersion) {
        ObjectNode patch = KubeApiFixture.json("{\"data\":{\"n\":\"" + value + "\"}}");
        patch.putObject("metadata").put("resourceVersion", resourceVersion);
        return Patch.strategic(patch);
    }

    private static String uid(ObjectNode object) {
        return object.path("metadata").path("uid").asText();
    }

    private static String resourceVersion(ObjectNode object) {
        return object.path("metadata").path("resourceVersion").asText();
    }

    private static KubeApiException failureOf(ThrowingCallable call) {
        return Assertions.catchThrowableOfType(KubeApiException.class, call);
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(condition);
    }

    @Test
    void objectLivesThroughAllVerbs() {
        assertThat(api.find(map)).isEmpty();

        ObjectNode created = create();
        assertThat(failureOf(this::create).kind()).isEqualTo(Kind.ALREADY_EXISTS);

        ObjectNode tried = api.dryRun(map, setting("1", resourceVersion(created)));
        assertThat(tried.path("data").path("n").asText()).isEqualTo("1");
        assertThat(api.get(map).path("data").path("n").asText()).isEqualTo("0");

        ObjectNode patched = api.patch(map, setting("1", resourceVersion(created)), found -> false);
        assertThat(failureOf(() -> api.patch(map, setting("2", resourceVersion(created)), found -> false))
                        .kind())
                .isEqualTo(Kind.CONFLICT);

        patched.withObject("/data").put("n", "3");
        ObjectNode replaced = api.replace(map, patched, found -> false);
        assertThat(replaced.path("data").path("n").asText()).isEqualTo("3");
        assertThat(replaced.at("/metadata/managedFields/0/manager").asText()).isEqualTo("milvus-upgrade");

        assertThat(failureOf(() -> api.delete(map, "another-uid")).kind()).isEqualTo(Kind.CONFLICT);
        assertThat(api.delete(map, uid(replaced))).isTrue();
        assertThat(api.delete(map, uid(replaced))).isFalse();
        assertThat(api.requests().retries()).isZero();
    }

    @Test
    void feedSeesEachChange() {
        ObjectNode created = create();
        ChangeSignal signal = new ChangeSignal();
        try (ResourceFeed feed = api.follow(ofThisTest, signal)) {
            assertThat(feed.objects()).containsOnlyKeys(map.name());

            api.patch(map, setting("1", resourceVersion(created)), found -> false);
            await(() -> feed.objects()
                    .get(map.name())
                    .path("data")
                    .path("n")
                    .asText()
                    .equals("1"));

            api.delete(map, uid(created));
            await(() -> feed.objects().isEmpty());
        }
        assertThat(api.requests().byKind()).containsEntry("list configmaps", 1L).containsEntry("watch configmaps", 1L);
    }

    @Test
    void invalidObjectIsRefusedByField() {
        create();

        KubeApiException e = failureOf(() ->
                api.patch(map, Patch.merge(KubeApiFixture.json("{\"data\":{\"not/a/key\":\"1\"}}")), found -> false));

        assertThat(e.kind()).isEqualTo(Kind.INVALID);
        assertThat(e.serverMessage()).contains("data[not/a/key]");
    }

    @Test
    void kindsThatAreNotServedAreToldFromObjectsThatAreNotThere() {
        for (Resource unknown : new Resource[] {
            new Resource("milvus.io", "v1beta1", "milvuses"),
            new Resource("apps", "v1", "milvuses"),
            new Resource("autoscaling", "v1alpha1", "horizontalpodautoscalers")
        }) {
            assertThat(failureOf(() -> api.find(unknown.in("default", "x"))).kind())
                    .as(unknown.toString())
                    .isEqualTo(Kind.NOT_SERVED);
        }
    }

    @Test
    void wrongTokenIsUnauthorized() throws IOException {
        ApiClient client = client();
        new AccessTokenAuthentication("no-such-token").provide(client);

        KubeApiException e =
                failureOf(() -> KubeApi.over(client, KubeApiOptions.defaults()).get(map));

        assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(e.getMessage()).doesNotContain("no-such-token");
    }

    @Test
    void accessAndVersionAreTold() {
        assertThat(api.version().gitVersion()).startsWith("v1.");
        assertThat(api.access(new Access.Question(Verb.PATCH, Resource.DEPLOYMENTS, "", "default"))
                        .allowed())
                .isTrue();
    }

    @Test
    void proxyToAPodThatIsNotThereIsAFailureOfKubernetes() {
        assertThat(failureOf(() -> api.proxy(Resource.PODS.in("default", "none"), 9091, "/healthz", Map.of()))
                        .kind())
                .isEqualTo(Kind.NOT_FOUND);
    }
}
