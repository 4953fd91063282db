package io.github.milvusupgrade.k8s.api;

/**
 * How a {@link PodCommand} ended.
 *
 * @param exitCode what the program returned
 * @param output what was made of its standard output
 * @param errors the last part of its standard error; it may hold anything
 */
public record CommandResult<T>(int exitCode, T output, String errors) {}
