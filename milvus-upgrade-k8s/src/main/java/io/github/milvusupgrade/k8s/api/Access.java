package io.github.milvusupgrade.k8s.api;

/**
 * Whether the account of this client may do something, as the API server itself says.
 *
 * @param allowed whether it may
 * @param reason why, in the words of the authorizer; may be empty
 */
public record Access(boolean allowed, String reason) {

    /**
     * A question about access.
     *
     * @param verb the verb as a Role writes it
     * @param resource the kind
     * @param subresource such as {@code log} or {@code proxy}; empty for the object itself
     * @param namespace where; empty for all namespaces, or for kinds that live outside of namespaces
     */
    public record Question(Verb verb, Resource resource, String subresource, String namespace) {}
}
