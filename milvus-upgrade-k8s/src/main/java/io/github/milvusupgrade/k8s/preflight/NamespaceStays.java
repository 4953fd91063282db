package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import io.github.milvusupgrade.k8s.api.Resource;

/** The namespace is not being deleted: nothing can be created in one that is, and its pods go one by one. */
record NamespaceStays(LiveCluster live) implements Check {

    @Override
    public String id() {
        return "P31";
    }

    @Override
    public String title() {
        return "the namespace is not being deleted";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        String name = snapshot.id().namespace();
        try {
            String phase = live.ask(api -> api.find(Resource.NAMESPACES.in("", name)))
                    .map(namespace -> namespace.at("/status/phase").asText())
                    .orElse("gone");
            return phase.equals("Terminating") || phase.equals("gone")
                    ? Finding.fail(
                            id(),
                            "Namespace " + name + " is " + (phase.equals("gone") ? phase : "being deleted") + ".",
                            "Nothing in it can be upgraded any more; save the data while the pods are there.")
                    : Finding.pass(id(), "Namespace " + name + " is " + phase + ".");
        } catch (KubeApiException e) {
            if (e.is(Kind.FORBIDDEN)) {
                return Finding.warn(
                        id(),
                        "Namespace " + name + " may not be read by this account, so whether it is being deleted is not"
                                + " known.",
                        "Allow the account to get it if in doubt.");
            }
            throw e;
        }
    }
}
