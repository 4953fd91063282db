package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** A field selector of a query: {@code metadata.name=x,status.phase!=Running}. */
final class FieldSelector {

    private static final Set<String> POD_FIELDS = Set.of(
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase");
    private static final Set<String> EVENT_FIELDS = Set.of(
            "involvedObject.kind",
            "involvedObject.name",
            "involvedObject.namespace",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.fieldPath",
            "involvedObject.resourceVersion",
            "reason",
            "reportingComponent",
            "source",
            "type");

    private static final Set<ResourceType> OWN_FIELDS = EnumSet.of(
            ResourceType.PODS,
            ResourceType.EVENTS,
            ResourceType.SECRETS,
            ResourceType.NAMESPACES,
            ResourceType.REPLICA_SETS,
            ResourceType.NODES);

    private FieldSelector() {}

    static Predicate<JsonNode> parse(ResourceType type, String text) {
        List<Predicate<JsonNode>> terms = new ArrayList<>();
        for (String term : text.isBlank() ? new String[0] : text.split(",")) {
            boolean not = term.contains("!=");
            String[] sides = term.split(not ? "!=" : "==?", 2);
            String field = sides[0].trim();
            if (sides.length != 2) {
                throw ApiFailure.badRequest("invalid selector: '" + text + "'; can't understand '" + term + "'");
            }
            if (!isSupported(type, field)) {
                throw ApiFailure.badRequest(
                        OWN_FIELDS.contains(type)
                                ? "field label not supported: " + field
                                : "\"" + field + "\" is not a known field selector: only \"metadata.name\","
                                        + " \"metadata.namespace\"");
            }
            Predicate<JsonNode> equal = object -> valueOf(object, field).equals(sides[1].trim());
            terms.add(not ? equal.negate() : equal);
        }
        return object -> terms.stream().allMatch(term -> term.test(object));
    }

    private static String valueOf(JsonNode object, String field) {
        if (field.equals("source")) {
            return object.path("source").path("component").asText();
        }
        return object.at("/" + field.replace('.', '/')).asText();
    }

    private static boolean isSupported(ResourceType type, String field) {
        return field.equals("metadata.name")
                || (type.namespaced() && field.equals("metadata.namespace"))
                || (type == ResourceType.PODS && POD_FIELDS.contains(field))
                || (type == ResourceType.EVENTS && EVENT_FIELDS.contains(field))
                || (type == ResourceType.SECRETS && field.equals("type"))
                || (type == ResourceType.NAMESPACES && field.equals("status.phase"))
                || (type == ResourceType.REPLICA_SETS && field.equals("status.replicas"));
    }
}
