package io.github.milvusupgrade.k8s.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway to a scripted server, in a time that only passes by sleeping. */
abstract class KubeApiFixture {

    static final ObjectRef PROXY = Resource.DEPLOYMENTS.in("default", "my-release-milvus-proxy");
    static final String PROXY_PATH = "/apis/apps/v1/namespaces/default/deployments/my-release-milvus-proxy";
    static final String PATCHED = "{\"metadata\":{\"name\":\"my-release-milvus-proxy\",\"resourceVersion\":\"8\"},"
            + "\"spec\":{\"image\":\"new\"}}";
    static final String UNPATCHED = "{\"metadata\":{\"name\":\"my-release-milvus-proxy\",\"resourceVersion\":\"7\"},"
            + "\"spec\":{\"image\":\"old\"}}";

    ScriptedApiServer server;
    FakeTime time;
    KubeApi api;

    @BeforeEach
    void connect() throws IOException {
        server = new ScriptedApiServer();
        time = new FakeTime();
        api = KubeApi.over(server.client(), options(time));
    }

    @AfterEach
    void disconnect() {
        server.close();
    }

    static KubeApiOptions options(Time time) {
        return new KubeApiOptions(
                Duration.ofSeconds(5),
                Duration.ofMinutes(2),
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                time);
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static Patch imagePatch() {
        return Patch.strategic(json("{\"metadata\":{\"resourceVersion\":\"7\"},\"spec\":{\"image\":\"new\"}}"));
    }

    static boolean patched(ObjectNode deployment) {
        return deployment.path("spec").path("image").asText().equals("new");
    }

    static KubeApiException failureOf(ThrowingCallable call) {
        return Assertions.catchThrowableOfType(KubeApiException.class, call);
    }
}
