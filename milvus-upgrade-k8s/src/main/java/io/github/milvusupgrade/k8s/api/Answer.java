package io.github.milvusupgrade.k8s.api;

/**
 * What came back over HTTP.
 *
 * @param code the HTTP status
 * @param text the body
 */
public record Answer(int code, String text) {}
