package io.github.milvusupgrade.k8s.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.view.ObjectView;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Secret of one revision. Its labels say what can be known without taking it apart
 * (helm/helm:pkg/storage/driver/secrets.go).
 */
record ReleaseSecret(JsonNode raw) implements ObjectView {

    static final String TYPE = "helm.sh/release.v1";

    /** Revision 10 comes before revision 9. */
    static final Comparator<ReleaseSecret> NEWEST_FIRST =
            Comparator.comparingInt(ReleaseSecret::revision).reversed();

    static String selector(String release) {
        return "owner=helm,name=" + release;
    }

    boolean isRelease() {
        return raw.path("type").asText().equals(TYPE);
    }

    /** Its number; 0 if the label is no number. */
    int revision() {
        String version = labels().getOrDefault("version", "");
        return version.matches("\\d{1,9}") ? Integer.parseInt(version) : 0;
    }

    ReleaseStatus status() {
        return ReleaseStatus.of(labels().getOrDefault("status", ""));
    }

    /**
     * When Helm wrote it last. A record that was created and never updated has another label for it than one that was:
     * that of a pending upgrade is just created.
     */
    Optional<Instant> writtenAt() {
        return Stream.of("modifiedAt", "createdAt")
                .map(label -> labels().getOrDefault(label, ""))
                .filter(seconds -> seconds.matches("\\d{1,12}"))
                .map(seconds -> Instant.ofEpochSecond(Long.parseLong(seconds)))
                .findFirst()
                .or(this::createdAt);
    }

    /** The program that wrote it last, as the API server remembers it: {@code helm}, {@code java}, {@code argocd}. */
    Optional<String> writtenBy() {
        return managedFields().stream()
                .max(Comparator.comparing(entry -> entry.path("time").asText("")))
                .map(entry -> entry.path("manager").asText(""))
                .filter(manager -> !manager.isEmpty());
    }

    /** @throws UpgradeException {@link Code#RELEASE_UNREADABLE} with the Secret and the reason */
    HelmRelease decode() {
        return new HelmRelease(json());
    }

    private ObjectNode json() {
        try {
            return ReleaseRecord.decode(raw.path("data").path("release").asText(""));
        } catch (ReleaseRecord.MalformedException e) {
            throw new UpgradeException(
                    Code.RELEASE_UNREADABLE,
                    "The record of Helm in Secret " + namespace() + "/" + name() + " cannot be read: " + e.getMessage()
                            + ". See whether 'helm history' can read it, or restore the Secret from a backup.",
                    e);
        }
    }

    /** The Secret as Helm would have left it, had it been stopped gently and not killed. */
    ObjectNode failed(String description) {
        ObjectNode release = json();
        release.withObjectProperty("info")
                .put("status", ReleaseStatus.FAILED.toString())
                .put("description", description);
        ObjectNode secret = raw.deepCopy();
        secret.withObjectProperty("data").put("release", ReleaseRecord.encode(release));
        secret.withObjectProperty("metadata")
                .withObjectProperty("labels")
                .put("status", ReleaseStatus.FAILED.toString());
        return secret;
    }

    /** Leaves the content out. */
    @Override
    public String toString() {
        return "Secret " + namespace() + "/" + name();
    }
}
