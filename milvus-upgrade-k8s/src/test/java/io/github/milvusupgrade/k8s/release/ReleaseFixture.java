package io.github.milvusupgrade.k8s.release;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/** Releases, and Secrets as Helm writes them. */
final class ReleaseFixture {

    private ReleaseFixture() {}

    static ObjectNode release(int revision, String status) {
        return release(revision, status, "{}", "{}");
    }

    static ObjectNode release(int revision, String status, String chartValues, String config) {
        ObjectNode release = json("""
                {name: 'my-release', namespace: 'milvus', manifest: '---\\nkind: Deployment\\n',
                 info: {last_deployed: '2026-11-22T20:00:00.123456789+08:00', description: 'Upgrade complete'},
                 chart: {metadata: {name: 'milvus', version: '4.0.6', appVersion: '2.2.2'}}}""");
        release.put("version", revision);
        release.withObject("/info").put("status", status);
        release.withObject("/chart").set("values", json(chartValues));
        release.set("config", json(config));
        return release;
    }

    static HelmRelease helmRelease(String chartValues, String config) {
        return new HelmRelease(release(1, "deployed", chartValues, config));
    }

    static HelmRelease helmRelease(String chartVersion, String chartValues, String config) {
        ObjectNode release = release(1, "deployed", chartValues, config);
        release.withObject("/chart/metadata").put("version", chartVersion);
        return new HelmRelease(release);
    }

    /** The Secret of a revision, as the API server sends it. */
    static ObjectNode secret(int revision, String status) {
        return secret(revision, status, encoded(gzip(release(revision, status).toString())));
    }

    static ObjectNode secret(int revision, String status, String data) {
        ObjectNode secret = json("{apiVersion: 'v1', kind: 'Secret', type: 'helm.sh/release.v1'}");
        secret.putObject("metadata")
                .put("name", "sh.helm.release.v1.my-release.v" + revision)
                .put("namespace", "milvus")
                .putObject("labels")
                .put("owner", "helm")
                .put("name", "my-release")
                .put("status", status)
                .put("version", Integer.toString(revision));
        secret.putObject("data").put("release", data);
        return secret;
    }

    static byte[] gzip(String text) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }

    /** Base64 by Helm, and base64 once more by Kubernetes. */
    static String encoded(byte[] content) {
        Base64.Encoder base64 = Base64.getEncoder();
        return base64.encodeToString(base64.encode(content));
    }
}
