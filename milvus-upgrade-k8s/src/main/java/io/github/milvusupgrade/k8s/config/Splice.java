package io.github.milvusupgrade.k8s.config;

/** One cut in a text: the chars from start to end (exclusive) give way to the replacement. */
record Splice(int start, int end, String replacement) {

    static Splice insertion(int at, String inserted) {
        return new Splice(at, at, inserted);
    }

    static Splice cut(int start, int end) {
        return new Splice(start, end, "");
    }

    String applyTo(String text) {
        return text.substring(0, start) + replacement + text.substring(end);
    }
}
