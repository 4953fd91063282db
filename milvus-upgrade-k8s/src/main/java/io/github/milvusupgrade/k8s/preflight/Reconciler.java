package io.github.milvusupgrade.k8s.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.k8s.view.ObjectView;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The controllers that put objects back to what they have in store, and the traces by which they are known: a label or
 * an annotation of theirs, or their name among those who have written the object. An operator is known by the object
 * that it keeps as the owner.
 */
enum Reconciler {
    ARGO_TRACKING("Argo CD", "argocd.argoproj.io/tracking-id", "argocd-controller") {
        @Override
        String remedy(String value) {
            String application = value.contains(":") ? value.substring(0, value.indexOf(':')) : "<application>";
            return suspendArgo(application);
        }
    },
    ARGO_INSTANCE("Argo CD", "argocd.argoproj.io/instance", "argocd-application-controller") {
        @Override
        String remedy(String value) {
            return suspendArgo(value);
        }
    },
    FLUX_KUSTOMIZATION("Flux", "kustomize.toolkit.fluxcd.io/name", "kustomize-controller") {
        @Override
        String remedy(String value) {
            return suspendFlux("kustomization", value);
        }
    },
    FLUX_HELM_RELEASE("Flux", "helm.toolkit.fluxcd.io/name", "helm-controller") {
        @Override
        String remedy(String value) {
            return suspendFlux("helmrelease", value);
        }
    };

    private final String owner;
    private final String key;
    private final String manager;

    Reconciler(String owner, String key, String manager) {
        this.owner = owner;
        this.key = key;
        this.manager = manager;
    }

    /**
     * What was found on an object.
     *
     * @param owner the controller
     * @param evidence the trace, with its value
     * @param remedy how to keep the controller from interfering
     */
    record Trace(String owner, String evidence, String remedy) {}

    abstract String remedy(String value);

    /** The first controller that has left a trace on an object. */
    static Optional<Trace> of(ObjectView object) {
        return Arrays.stream(values())
                .map(reconciler -> reconciler.trace(object))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> ownerOf(object));
    }

    private static Optional<Trace> ownerOf(ObjectView object) {
        for (JsonNode owner : object.raw().at("/metadata/ownerReferences")) {
            if (owner.path("controller").asBoolean(false)) {
                String name =
                        owner.path("kind").asText() + " " + owner.path("name").asText();
                return Optional.of(new Trace(
                        "The controller of " + name,
                        "ownerReference to " + owner.path("apiVersion").asText() + " " + name,
                        "Change the image in " + name + " instead."));
            }
        }
        return Optional.empty();
    }

    private Optional<Trace> trace(ObjectView object) {
        return marked("annotation", object.annotations())
                .or(() -> marked("label", object.labels()))
                .or(() -> object.managedFields().stream()
                        .map(entry -> entry.path("manager").asText())
                        .filter(manager::equals)
                        .findFirst()
                        .map(name -> new Trace(owner, "field manager " + name, remedy("<name>"))));
    }

    private Optional<Trace> marked(String what, Map<String, String> marks) {
        return Optional.ofNullable(marks.get(key))
                .map(value -> new Trace(owner, what + " " + key + "=" + value, remedy(value)));
    }

    private static String suspendArgo(String application) {
        return "Suspend its sync (argocd app set " + application
                + " --sync-policy none), waive P04, and commit the new image before you resume the sync.";
    }

    private static String suspendFlux(String kind, String name) {
        return "Suspend it (flux suspend " + kind + " " + name
                + "), waive P04, and commit the new image before you resume it.";
    }
}
