package io.github.milvusupgrade.k8s.api;

import java.util.Locale;

/** What is asked of the API server, in the words of its access rules. */
public enum Verb {
    GET("GET"),
    LIST("GET"),
    WATCH("GET"),
    CREATE("POST"),
    UPDATE("PUT"),
    PATCH("PATCH"),
    DELETE("DELETE");

    private final String method;

    Verb(String method) {
        this.method = method;
    }

    String method() {
        return method;
    }

    /** The verb as a Role writes it, such as {@code patch}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
