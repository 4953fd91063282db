package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.JsonApi.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Helm expects of an API server beyond what other clients do. */
abstract class HelmNeedsContract extends ContractFixture {

    @ParameterizedTest
    @CsvSource({
        "api/v1, '', v1, ConfigMap",
        "api/v1, '', v1, Secret",
        "api/v1, '', v1, Service",
        "apis/apps/v1, apps, v1, Deployment",
        "apis/autoscaling/v2, autoscaling, v2, HorizontalPodAutoscaler"
    })
    void patchesOfAKindAreValidatedByTheServer(String root, String group, String version, String kind) {
        JsonNode paths = api().read("/openapi/v3").path("paths");
        String address = paths.path(root).path("serverRelativeURL").asText();

        assertThat(address).startsWith("/openapi/v3/" + root + "?hash=");
        JsonNode described = api().read("/openapi/v3/" + root).path("paths");
        JsonNode wanted = json("{group: '" + group + "', version: '" + version + "', kind: '" + kind + "'}");
        List<JsonNode> patches = Json.stream(described)
                .map(path -> path.path("patch"))
                .filter(patch -> patch.path("x-kubernetes-group-version-kind").equals(wanted))
                .toList();
        assertThat(patches)
                .isNotEmpty()
                .anySatisfy(patch -> assertThat(Json.stream(patch.path("parameters")))
                        .anyMatch(parameter -> parameter.path("name").asText().equals("fieldValidation")
                                && parameter.path("in").asText().equals("query")));
    }

    @Test
    void thereIsNoDescriptionOfAnUnknownGroup() {
        assertThat(api().get("/openapi/v3/apis/milvus.io/v1beta1").code()).isEqualTo(404);
    }

    @Test
    void aSecretMayComeAsProtobuf() {
        byte[] metadata = message(
                text(1, "release"),
                entry(11, text(1, "owner"), text(2, "helm")),
                entry(11, text(1, "empty"), text(2, "")),
                entry(12, text(1, "note"), text(2, "\u00fc")),
                // What no value was given for is there all the same, as every Go client sends it.
                text(2, ""),
                text(3, ""),
                text(5, ""),
                bytes(8, new byte[0]));
        byte[] secret = message(
                bytes(1, metadata),
                entry(2, text(1, "release"), bytes(2, new byte[] {0, (byte) 0xFF, 7})),
                text(3, "helm.sh/release.v1"));

        Reply created = api().postProtobuf(core("secrets"), enveloped("v1", "Secret", secret));

        assertThat(created.code()).as(created.text()).isEqualTo(201);
        JsonNode found = api().read(core("secrets/release"));
        assertThat(found.path("data")).isEqualTo(json("{release: 'AP8H'}"));
        assertThat(found.path("type").asText()).isEqualTo("helm.sh/release.v1");
        assertThat(found.at("/metadata/labels")).isEqualTo(json("{owner: 'helm', empty: ''}"));
        assertThat(found.at("/metadata/annotations")).isEqualTo(json("{note: '\u00fc'}"));
    }

    @Test
    void aBrokenProtobufIsRefused() {
        Reply truncated = api().postProtobuf(core("secrets"), new byte[] {'k', '8', 's', 0, 10, 100});

        assertThat(truncated.code()).isIn(400, 415);
        assertThat(api().items(core("secrets"))).isEmpty();
    }

    @Test
    void aWatchMayBeginWithAListAndTellsItsEnd() {
        createConfigMap("a", "{}");

        try (JsonApi.Watch watch = api().openWatch(
                        core("configmaps"),
                        "fieldSelector=metadata.name=a",
                        "sendInitialEvents=true",
                        "resourceVersionMatch=NotOlderThan",
                        "resourceVersion=",
                        "allowWatchBookmarks=true",
                        "timeoutSeconds=20")) {
            JsonNode first = Objects.requireNonNull(watch.next());
            assertThat(first.path("type").asText()).isEqualTo("ADDED");
            assertThat(first.at("/object/metadata/name").asText()).isEqualTo("a");
            JsonNode second = Objects.requireNonNull(watch.next());
            assertThat(second.path("type").asText()).isEqualTo("BOOKMARK");
            assertThat(second.at("/object/metadata/annotations"))
                    .isEqualTo(json("{'k8s.io/initial-events-end': 'true'}"));
        }
    }

    @Test
    void aServiceGetsAnAddress() {
        JsonNode created = api().create(core("services"), json("{metadata: {name: 's'}, spec: {ports: [{port: 80}]}}"));

        assertThat(created.at("/spec/clusterIP").asText()).matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
        assertThat(created.at("/spec/clusterIPs/0")).isEqualTo(created.at("/spec/clusterIP"));
    }

    /** In the envelope that says what it is ({@code k8s.io/apimachinery:pkg/runtime/generated.proto}). */
    private static byte[] enveloped(String apiVersion, String kind, byte[] object) {
        byte[] envelope = message(bytes(1, message(text(1, apiVersion), text(2, kind))), bytes(2, object), text(4, ""));
        return message(new byte[] {'k', '8', 's', 0}, envelope);
    }

    private static byte[] entry(int number, byte[] key, byte[] value) {
        return bytes(number, message(key, value));
    }

    private static byte[] text(int number, String text) {
        return bytes(number, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(int number, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(number << 3 | 2);
        int rest = content.length;
        for (; rest > 0x7F; rest >>>= 7) {
            out.write(rest & 0x7F | 0x80);
        }
        out.write(rest);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] message(byte[]... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] field : fields) {
            out.writeBytes(field);
        }
        return out.toByteArray();
    }
}
