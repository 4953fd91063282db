package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** The Secret in which Helm keeps a release: JSON, gzipped, in base64; and base64 again, as all Secret data. */
final class HelmReleaseSecret {

    private HelmReleaseSecret() {}

    static ObjectNode of(MilvusBlueprint blueprint, List<ObjectNode> objects) {
        ObjectNode labels = Json.object("name", blueprint.release(), "owner", "helm", "status", "deployed");
        labels.put("version", "1");
        ObjectNode secret = Json.object("kind", "Secret", "apiVersion", "v1", "type", "helm.sh/release.v1");
        String name = "sh.helm.release.v1." + blueprint.release() + ".v1";
        secret.set("metadata", Json.object("name", name, "labels", labels));
        return secret.<ObjectNode>set("data", Json.object("release", encoded(release(blueprint, objects))));
    }

    private static ObjectNode release(MilvusBlueprint blueprint, List<ObjectNode> objects) {
        String now = ObjectStore.now();
        ObjectNode info = Json.object("first_deployed", now, "last_deployed", now, "deleted", "");
        info.put("description", "Install complete").put("status", "deployed");
        ObjectNode metadata = Json.object(
                "name",
                "milvus",
                "version",
                blueprint.chart(),
                "appVersion",
                blueprint.version(),
                "apiVersion",
                "v2",
                "type",
                "application");
        ObjectNode image = Json.object("repository", blueprint.repository(), "tag", "v" + blueprint.version());
        ObjectNode defaults = Json.object("image", Json.object("all", image));
        defaults.set("cluster", Json.object("enabled", true));
        ObjectNode chart = Json.object("metadata", metadata, "templates", Json.array(), "values", defaults);
        ObjectNode given = Json.object("cluster", Json.object("enabled", !blueprint.isStandalone()));
        if (!blueprint.userYaml().isEmpty()) {
            given.set("extraConfigFiles", Json.object("user.yaml", blueprint.userYaml()));
        }
        String manifest = objects.stream()
                .map(object -> "---\n# Source: milvus/templates\n" + object + "\n")
                .collect(Collectors.joining());
        return Json.object("name", blueprint.release(), "info", info, "chart", chart, "config", given)
                .put("manifest", manifest)
                .put("version", 1)
                .put("namespace", blueprint.namespace());
    }

    private static String encoded(ObjectNode release) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(release.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Base64.Encoder base64 = Base64.getEncoder();
        return base64.encodeToString(base64.encodeToString(zipped.toByteArray()).getBytes(StandardCharsets.UTF_8));
    }
}
