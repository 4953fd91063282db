package io.github.milvusupgrade.k8s.helm;

import io.github.milvusupgrade.k8s.rollout.Redaction;

/** As much of what Helm printed as a message may hold, with credentials masked. */
final class Excerpt {

    private static final int LIMIT = 4_000;

    private Excerpt() {}

    static String of(String printed) {
        String text = Redaction.of(printed.strip());
        return text.length() <= LIMIT ? text : text.substring(0, LIMIT) + "…";
    }
}
