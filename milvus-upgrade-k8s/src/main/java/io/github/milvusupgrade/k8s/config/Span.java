package io.github.milvusupgrade.k8s.config;

/** Where a piece of a text stands: offsets in chars (end exclusive), and line and column of its start, from 1. */
record Span(int start, int end, int line, int column) {

    /** For messages: {@code line 3, column 5}. */
    String place() {
        return "line " + line + ", column " + column;
    }
}
