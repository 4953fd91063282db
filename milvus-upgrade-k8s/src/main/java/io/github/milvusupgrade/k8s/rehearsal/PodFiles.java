package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What containers see below their mounts: claims and empty directories, which keep what was written for as long as the
 * claim or the pod is there, and ConfigMaps and Secrets as they are now.
 */
final class PodFiles {

    private final ObjectStore store;
    private final Map<String, Map<String, byte[]>> written = new HashMap<>();

    PodFiles(ObjectStore store) {
        this.store = store;
        store.observe(change -> {
            if (change.after() == null) {
                forget(ObjectStore.uid(change.last()));
            }
        });
    }

    Optional<byte[]> read(JsonNode pod, String container, String path) {
        return mount(pod, container, path).flatMap(this::read);
    }

    Optional<String> text(JsonNode pod, String container, String path) {
        return read(pod, container, path).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** False if nothing that can be written to is mounted there. */
    boolean write(JsonNode pod, String container, String path, byte[] content) {
        Optional<Mount> mount = mount(pod, container, path);
        Optional<String> owner = mount.flatMap(this::owner);
        synchronized (written) {
            owner.ifPresent(uid -> written.computeIfAbsent(uid, any -> new TreeMap<>())
                    .put(mount.orElseThrow().file(), content));
        }
        return owner.isPresent();
    }

    /** What lies on a claim under this path from its root. */
    Optional<byte[]> ofClaim(ObjectKey claim, String file) {
        Optional<String> uid = Optional.ofNullable(store.find(claim)).map(ObjectStore::uid);
        synchronized (written) {
            return uid.map(owner -> written.getOrDefault(owner, Map.of()).get(file));
        }
    }

    /** False if there is no such claim. */
    boolean writeToClaim(ObjectKey claim, String file, byte[] content) {
        Optional<String> uid = Optional.ofNullable(store.find(claim)).map(ObjectStore::uid);
        synchronized (written) {
            uid.ifPresent(owner ->
                    written.computeIfAbsent(owner, any -> new TreeMap<>()).put(file, content));
        }
        return uid.isPresent();
    }

    private void forget(String uid) {
        synchronized (written) {
            written.keySet().removeIf(owner -> owner.equals(uid) || owner.startsWith(uid + "/"));
        }
    }

    private Optional<byte[]> read(Mount mount) {
        JsonNode volume = mount.volume();
        JsonNode config = volume.path("configMap");
        if (!config.isMissingNode()) {
            return Optional.ofNullable(store.find(new ObjectKey(
                            ResourceType.CONFIG_MAPS,
                            mount.namespace(),
                            config.path("name").asText())))
                    .map(found -> found.path("data").path(mount.key(config)))
                    .filter(JsonNode::isTextual)
                    .map(text -> text.asText().getBytes(StandardCharsets.UTF_8));
        }
        JsonNode secret = volume.path("secret");
        if (!secret.isMissingNode()) {
            return Optional.ofNullable(store.find(new ObjectKey(
                            ResourceType.SECRETS,
                            mount.namespace(),
                            secret.path("secretName").asText())))
                    .map(found -> found.path("data").path(mount.key(secret)))
                    .filter(JsonNode::isTextual)
                    .map(text -> Base64.getDecoder().decode(text.asText()));
        }
        synchronized (written) {
            return owner(mount).map(uid -> written.getOrDefault(uid, Map.of()).get(mount.file()));
        }
    }

    /** Whose end is the end of the files: a claim, or the pod itself for an empty directory. */
    private Optional<String> owner(Mount mount) {
        if (mount.volume().has("emptyDir")) {
            return Optional.of(mount.pod() + "/" + mount.volume().path("name").asText());
        }
        String claim =
                mount.volume().path("persistentVolumeClaim").path("claimName").asText();
        return Optional.ofNullable(store.find(new ObjectKey(ResourceType.CLAIMS, mount.namespace(), claim)))
                .map(ObjectStore::uid);
    }

    private static Optional<Mount> mount(JsonNode pod, String container, String path) {
        return Json.stream(pod.path("spec").path("containers"))
                .filter(candidate -> candidate.path("name").asText().equals(container))
                .flatMap(found -> Json.stream(found.path("volumeMounts")))
                .filter(mount -> covers(mount.path("mountPath").asText(), path))
                .max(Comparator.comparingInt(
                        mount -> mount.path("mountPath").asText().length()))
                .map(mount -> {
                    JsonNode volume = Json.stream(pod.path("spec").path("volumes"))
                            .filter(candidate -> candidate.path("name").equals(mount.path("name")))
                            .findFirst()
                            .orElse(Json.object());
                    String rest =
                            path.substring(mount.path("mountPath").asText().length());
                    String file = mount.path("subPath").asText() + rest;
                    return new Mount(
                            pod.path("metadata").path("namespace").asText(),
                            ObjectStore.uid(pod),
                            volume,
                            file.replaceFirst("^/+", ""));
                });
    }

    private static boolean covers(String mountPath, String path) {
        return path.equals(mountPath) || path.startsWith(mountPath.endsWith("/") ? mountPath : mountPath + "/");
    }

    /** Where a path leads: a file below the root of a volume. */
    private record Mount(String namespace, String pod, JsonNode volume, String file) {

        /** The key of a ConfigMap or Secret behind the file: its name, unless the volume renames keys. */
        String key(JsonNode source) {
            return Json.stream(source.path("items"))
                    .filter(item -> item.path("path").asText().equals(file))
                    .map(item -> item.path("key").asText())
                    .findFirst()
                    .orElse(file);
        }
    }
}
