package io.github.milvusupgrade.k8s.rehearsal;

/** An HTTP answer of a rehearsed pod. */
public record PodAnswer(int status, String contentType, String body) {

    /** JSON with this status. */
    public static PodAnswer json(int status, String body) {
        return new PodAnswer(status, "application/json", body);
    }

    /** Plain text with this status, such as metrics. */
    public static PodAnswer text(int status, String body) {
        return new PodAnswer(status, "text/plain; charset=utf-8", body);
    }
}
