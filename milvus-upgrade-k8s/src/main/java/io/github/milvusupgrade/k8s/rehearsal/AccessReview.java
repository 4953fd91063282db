package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Answers whether the caller may do something: everything, except what a fault forbids. */
final class AccessReview {

    static final String API_VERSION = "authorization.k8s.io/v1";

    private static final String PLURAL = "selfsubjectaccessreviews";
    private static final String KIND = "SelfSubjectAccessReview";

    private AccessReview() {}

    /** How discovery lists it. */
    static ObjectNode resource() {
        return Json.object(
                "name",
                PLURAL,
                "singularName",
                "selfsubjectaccessreview",
                "namespaced",
                false,
                "kind",
                KIND,
                "verbs",
                List.of("create"));
    }

    static boolean isAsked(ApiRequest request) {
        return request.method().equals("POST")
                && request.path().replaceFirst("/$", "").equals("/apis/" + API_VERSION + "/" + PLURAL);
    }

    static Answer answer(ApiRequest request, ApiFaults faults) {
        ObjectNode review = request.object();
        JsonNode asked = review.path("spec").path("resourceAttributes");
        String subresource = asked.path("subresource").asText();
        boolean forbidden = faults.isForbidden(
                asked.path("verb").asText(),
                asked.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
                asked.path("namespace").asText(),
                asked.path("name").asText());
        ObjectNode answer = Json.with(review, "kind", review.textNode(KIND));
        answer.put("apiVersion", API_VERSION);
        answer.set("status", forbidden ? Json.object("allowed", false) : Json.object("allowed", true, "reason", ""));
        return Answer.of(201, answer);
    }
}
