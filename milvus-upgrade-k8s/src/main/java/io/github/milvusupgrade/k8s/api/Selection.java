package io.github.milvusupgrade.k8s.api;

/**
 * Names a set of objects: those of a kind in a namespace that match the selectors.
 *
 * @param resource the kind
 * @param namespace the namespace; empty for all, or for kinds that live outside of namespaces
 * @param labels a label selector such as {@code app=milvus,component in (proxy,rootcoord)}; empty for all
 * @param fields a field selector such as {@code metadata.name=my-release}; empty for all
 */
public record Selection(Resource resource, String namespace, String labels, String fields) {

    public static Selection all(Resource resource, String namespace) {
        return new Selection(resource, namespace, "", "");
    }

    public Selection withLabels(String selector) {
        return new Selection(resource, namespace, selector, fields);
    }

    public Selection withFields(String selector) {
        return new Selection(resource, namespace, labels, selector);
    }

    /** For people: {@code pods default (app=milvus)}. */
    @Override
    public String toString() {
        String where = namespace.isEmpty() ? resource.toString() : resource + " " + namespace;
        String which = labels.isEmpty() || fields.isEmpty() ? labels + fields : labels + "; " + fields;
        return which.isEmpty() ? where : where + " (" + which + ")";
    }
}
