package io.github.milvusupgrade.k8s.helm;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One object of a rendered chart. Immutable; {@link #toString()} leaves the content out, since it may be a Secret.
 *
 * @param kind such as {@code Deployment}
 * @param name its name
 * @param namespace the one that is written in it, or else that of the release; says nothing where the kind has none
 * @param json the whole object, with {@code apiVersion} and {@code kind}
 */
public record RenderedObject(String kind, String name, String namespace, ObjectNode json) {

    public RenderedObject {
        json = json.deepCopy();
    }

    /** A copy, which the caller may change. */
    @Override
    public ObjectNode json() {
        return json.deepCopy();
    }

    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
