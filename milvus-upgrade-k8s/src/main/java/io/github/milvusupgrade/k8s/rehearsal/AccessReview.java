package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers whether the caller may do something: everything, except what a fault forbids. */
final class AccessReview {

    private static final String PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    private AccessReview() {}

    static boolean isAsked(ApiRequest request) {
        return request.method().equals("POST")
                && request.path().replaceFirst("/$", "").equals(PATH);
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
        ObjectNode answer = Json.with(review, "kind", review.textNode("SelfSubjectAccessReview"));
        answer.put("apiVersion", "authorization.k8s.io/v1");
        answer.set("status", forbidden ? Json.object("allowed", false) : Json.object("allowed", true, "reason", ""));
        return Answer.of(201, answer);
    }
}
