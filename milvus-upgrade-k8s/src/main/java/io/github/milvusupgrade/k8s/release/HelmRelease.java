package io.github.milvusupgrade.k8s.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * One revision of a release, as its record says it. Made by {@link ReleaseHistory}. Immutable: the values are handed
 * out as copies.
 */
public final class HelmRelease {

    private final ObjectNode release;

    /** @param release the JSON that Helm stores; missing and strange fields read as empty */
    HelmRelease(ObjectNode release) {
        this.release = release;
    }

    /** The name of the release, such as {@code my-release}. */
    public String name() {
        return text("/name");
    }

    /** The namespace that it is installed into. */
    public String namespace() {
        return text("/namespace");
    }

    /** Its number, beginning with 1. */
    public int revision() {
        return release.path("version").asInt(0);
    }

    /** Its state, when the record was read. */
    public ReleaseStatus status() {
        return ReleaseStatus.of(text("/info/status"));
    }

    /** The name of its chart, such as {@code milvus}. */
    public String chart() {
        return text("/chart/metadata/name");
    }

    /** The version of its chart, such as {@code 4.0.13}. */
    public String chartVersion() {
        return text("/chart/metadata/version");
    }

    /** What its chart says that it installs; what runs is said by the images alone. Empty if it says nothing. */
    public String appVersion() {
        return text("/chart/metadata/appVersion");
    }

    /** The values that the user gave, complete as Helm remembers them. They may hold passwords. A copy. */
    public ObjectNode config() {
        return object("/config");
    }

    /**
     * The default values of its chart, those of its sub-charts included where Helm stored them. They may hold passwords
     * of a chart that somebody changed. A copy.
     */
    public ObjectNode chartValues() {
        return object("/chart/values");
    }

    /** The objects that the revision consists of, as YAML documents. Secrets among them are readable. */
    public String manifest() {
        return text("/manifest");
    }

    /** What Helm says of the last operation, such as {@code Upgrade complete}, or why it failed. May be empty. */
    public String description() {
        return text("/info/description");
    }

    /** When the revision was made. */
    public Optional<Instant> lastDeployed() {
        try {
            return Optional.of(OffsetDateTime.parse(text("/info/last_deployed")).toInstant());
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }

    /** What it is, without values and manifest. */
    @Override
    public String toString() {
        return "release " + namespace() + "/" + name() + " revision " + revision() + " (" + status() + "), chart "
                + chart() + " " + chartVersion() + (appVersion().isEmpty() ? "" : " (Milvus " + appVersion() + ")");
    }

    private String text(String pointer) {
        JsonNode found = release.at(pointer);
        return found.isValueNode() && !found.isNull() ? found.asText() : "";
    }

    private ObjectNode object(String pointer) {
        return release.at(pointer) instanceof ObjectNode object
                ? object.deepCopy()
                : JsonNodeFactory.instance.objectNode();
    }
}
