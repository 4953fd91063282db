package io.github.milvusupgrade.k8s.probe;

/**
 * What looking at a pod came to.
 *
 * @param <T> what was looked for
 */
public sealed interface Seen<T> {

    /**
     * It was seen.
     *
     * @param what what it is
     */
    record Clear<T>(T what) implements Seen<T> {}

    /**
     * It could not be seen.
     *
     * @param why the reason, for people; never the text of an answer that was not understood, which may hold anything
     */
    record Blind<T>(String why) implements Seen<T> {}
}
