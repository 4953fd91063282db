package io.github.milvusupgrade.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A plan as JSON. It holds the facts a plan is computed from and what the steps say of themselves, not their code:
 * reading one back means to compute the plan again from the same facts and to compare the digests.
 */
public final class PlanDocument {

    private static final int SCHEMA = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode body;

    private PlanDocument(ObjectNode body) {
        this.body = body;
    }

    /** Write down a plan. */
    static PlanDocument of(UpgradePlan plan) {
        ObjectNode body = JSON.createObjectNode();
        body.put("schema", SCHEMA);
        body.put("cluster", plan.cluster().toString());
        body.put("from", plan.path().from().toString());
        body.put("to", plan.path().to().toString());
        plan.image().ifPresent(image -> body.put("image", image.toString()));
        plan.rollbackOf().ifPresent(run -> body.put("rollbackOf", run.value()));
        ArrayNode hops = body.putArray("hops");
        for (Hop hop : plan.path().hops()) {
            hops.addObject()
                    .put("from", hop.from().toString())
                    .put("to", hop.to().toString())
                    .put("kind", hop.kind().name())
                    .put("rule", hop.ruleId())
                    .put("wayBack", hop.wayBack().name());
        }
        ArrayNode stages = body.putArray("stages");
        plan.stages().forEach(stage -> {
            ArrayNode steps = stages.addArray();
            stage.forEach(planned -> describe(planned, steps.addObject()));
        });
        body.set("snapshot", JSON.valueToTree(plan.snapshot()));
        return new PlanDocument(body);
    }

    /**
     * Read a plan that was written by {@link UpgradePlan#toJson}.
     *
     * @throws UpgradeException with {@link Code#JOURNAL_UNREADABLE} if it is none, or of a newer release, with
     *     {@link Code#PLAN_CHANGED} if its text was edited
     */
    public static PlanDocument parse(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            int schema = node.path("schema").asInt(-1);
            if (!(node instanceof ObjectNode body) || schema != SCHEMA) {
                throw new UpgradeException(
                        Code.JOURNAL_UNREADABLE,
                        "Cannot read the plan: its schema is " + schema + ", this release reads " + SCHEMA
                                + ". Use the release of the library that wrote it.");
            }
            JsonNode written = body.remove("digest");
            PlanDocument document = new PlanDocument(body);
            if (written == null || !written.asText().equals(document.digest())) {
                throw new UpgradeException(
                        Code.PLAN_CHANGED,
                        "Cannot read the plan: its text was changed after it was written, for the digest it carries is not"
                                + " its own. Use the text as toJson() wrote it, or make and approve a new plan.");
            }
            return document;
        } catch (JsonProcessingException e) {
            throw new UpgradeException(
                    Code.JOURNAL_UNREADABLE,
                    "Cannot read the plan: not valid JSON at line "
                            + e.getLocation().getLineNr() + ". Make the plan again.",
                    e);
        }
    }

    /** The facts that the plan was computed from. */
    public ClusterSnapshot snapshot() {
        return JSON.convertValue(body.get("snapshot"), ClusterSnapshot.class);
    }

    /** The version that the plan starts from. */
    public MilvusVersion from() {
        return MilvusVersion.parse(body.path("from").asText());
    }

    /** The version that the plan leads to. */
    public MilvusVersion to() {
        return MilvusVersion.parse(body.path("to").asText());
    }

    /** The image that the caller chose, if any. */
    public Optional<ImageReference> image() {
        return Optional.ofNullable(body.get("image")).map(JsonNode::asText).map(ImageReference::parse);
    }

    /** The run that the plan takes back, if it does. */
    public Optional<RunId> rollbackOf() {
        return Optional.ofNullable(body.get("rollbackOf")).map(JsonNode::asText).map(RunId::of);
    }

    /** The fingerprint of the plan: SHA-256 in 64 hexadecimal digits. */
    public String digest() {
        try {
            byte[] sum =
                    MessageDigest.getInstance("SHA-256").digest(body.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256.", e);
        }
    }

    /** The document as text, with its digest. */
    public String toJson() {
        ObjectNode withDigest = body.deepCopy();
        withDigest.put("digest", digest());
        return withDigest.toPrettyString();
    }

    private static void describe(PlannedStep planned, ObjectNode node) {
        UpgradeStep step = planned.step();
        Undo undo = step.undo();
        node.put("id", step.id().value());
        node.put("hop", planned.hop());
        node.put("summary", step.summary());
        if (!step.components().isEmpty()) {
            ArrayNode components = node.putArray("components");
            step.components().stream().map(Component::name).sorted().forEach(components::add);
        }
        node.put("undo", undo.summary());
        node.put("undoable", !(undo instanceof Undo.Impossible));
        node.put("timeoutSeconds", step.timeout().toSeconds());
        if (!step.gates().isEmpty()) {
            ArrayNode gates = node.putArray("gates");
            step.gates().forEach(gates::add);
        }
        if (step.onFailure() != OnFailure.STOP) {
            node.put("onFailure", step.onFailure().name());
        }
    }
}
