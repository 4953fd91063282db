package io.github.milvusupgrade.k8s.view;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One line of {@code status.conditions}.
 *
 * @param type what it is about, such as {@code Available}
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason one word for machines, may be empty
 * @param message a sentence for people, may be empty
 */
public record Condition(String type, String status, String reason, String message) {

    static Condition of(JsonNode node) {
        return new Condition(
                Fields.text(node, "type"),
                Fields.text(node, "status"),
                Fields.text(node, "reason"),
                Fields.text(node, "message"));
    }

    public boolean isTrue() {
        return status.equals("True");
    }

    public boolean isFalse() {
        return status.equals("False");
    }
}
