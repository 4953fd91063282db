package io.github.milvusupgrade.k8s.rolling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Patch;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.ObjectView;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets the Services of a Deployment lead to its new pods alone for a while: {@code pod-template-hash}, which the
 * Deployment controller puts on pods, is added to their selectors and taken away again.
 */
final class ServiceSwitch {

    private static final String HASH = "pod-template-hash";
    private static final String SERVICES = ".services";

    private final KubeApi api;
    private final LiveInstance live;
    private final String namespace;

    ServiceSwitch(KubeApi api, LiveInstance live, String namespace) {
        this.api = api;
        this.live = live;
        this.namespace = namespace;
    }

    /**
     * Which Services lead to each of some Deployments and to no other one of the instance.
     *
     * @throws UpgradeException with {@code CHANGED_BY_OTHERS} if one leads to the pods of one rollout already
     */
    Map<String, String> capture(List<DeploymentView> some, Collection<DeploymentView> all, StepContext context) {
        List<ObjectNode> services;
        try {
            services = api.within(context.remaining())
                    .list(Selection.all(Resource.SERVICES, namespace))
                    .items();
        } catch (KubeApiException e) {
            if (!e.is(KubeApiException.Kind.FORBIDDEN)) {
                throw e;
            }
            some.forEach(deployment -> context.warn("Services may not be listed (403), so they lead to old pods of "
                    + deployment.name()
                    + " until those are gone: clients that connect in that moment may wait for some seconds"));
            return Map.of();
        }
        Map<String, String> facts = new LinkedHashMap<>();
        for (DeploymentView deployment : some) {
            List<String> names = leadingTo(deployment, all, services);
            if (!names.isEmpty()) {
                facts.put(deployment.name() + SERVICES, String.join(",", names));
            }
        }
        return facts;
    }

    private static List<String> leadingTo(
            DeploymentView deployment, Collection<DeploymentView> all, List<ObjectNode> services) {
        List<String> names = new ArrayList<>();
        for (ObjectNode service : services) {
            JsonNode selector = service.at("/spec/selector");
            List<String> selected = all.stream()
                    .filter(one -> selects(selector, one.raw().at("/spec/template/metadata/labels")))
                    .map(DeploymentView::name)
                    .toList();
            if (selected.equals(List.of(deployment.name()))) {
                refuseOthers(service, selector);
                names.add(service.at("/metadata/name").asText());
            }
        }
        return names;
    }

    /** Whether there are Services that lead to a Deployment, as far as is known. */
    boolean leadTo(String deployment, StepContext context) {
        return !captured(deployment, context).isEmpty();
    }

    /** Let the Services of some Deployments lead to their new pods alone; answers whether those of one do. */
    boolean leadToNewPods(List<Rolling> rolling, StepContext context) {
        List<Rolling> served = rolling.stream()
                .filter(roll -> !captured(roll.target().deployment(), context).isEmpty())
                .toList();
        boolean any = false;
        for (Map.Entry<Rolling, PodsOfRoll> pods :
                PodsOfRoll.now(served, live, context).entrySet()) {
            any |= leadToNewPods(pods.getKey(), pods.getValue(), context);
        }
        return any;
    }

    private boolean leadToNewPods(Rolling roll, PodsOfRoll pods, StepContext context) {
        Optional<String> hash = pods.after().stream()
                .map(PodView::podTemplateHash)
                .filter(found -> !found.isEmpty())
                .findFirst();
        if (hash.isEmpty() || pods.before().isEmpty()) {
            return false;
        }
        boolean all = true;
        for (String service : captured(roll.target().deployment(), context)) {
            all &= set(service, hash.get(), context);
        }
        return all;
    }

    /** Let them lead to all pods again; answers whether one did not. */
    boolean leadToAllPods(String deployment, StepContext context) {
        boolean changed = false;
        for (String name : captured(deployment, context)) {
            if (leadsToSome(name, context)) {
                changed |= set(name, null, context);
            }
        }
        return changed;
    }

    /** Let those that lead to new pods alone, as far as we know, lead to all again. */
    void leadBackToAllPods(String deployment, StepContext context) {
        captured(deployment, context).forEach(name -> set(name, null, context));
    }

    private boolean leadsToSome(String service, StepContext context) {
        return api.within(context.remaining())
                .find(ref(service))
                .filter(found -> found.at("/spec/selector").has(HASH))
                .isPresent();
    }

    private boolean set(String service, @Nullable String hash, StepContext context) {
        context.checkpoint();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        Stamps.putInto(body.putObject("metadata"), context);
        body.putObject("spec").putObject("selector").put(HASH, hash);
        try {
            api.within(context.remaining())
                    .patch(
                            ref(service),
                            Patch.merge(body),
                            sent -> sent.at("/spec/selector")
                                    .path(HASH)
                                    .asText("")
                                    .equals(hash == null ? "" : hash));
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.NOT_FOUND) && hash == null) {
                return false;
            }
            if (!e.is(KubeApiException.Kind.FORBIDDEN) || hash == null) {
                throw e;
            }
            context.warn(
                    "Service " + service + " may not be changed (403), so it leads to old pods until those are gone:"
                            + " clients that connect in that moment may wait for some seconds");
            return false;
        }
        context.progress("Service " + service + " leads to "
                + (hash == null ? "all pods again" : "new pods alone (" + HASH + "=" + hash + ")"));
        return true;
    }

    private static void refuseOthers(ObjectNode service, JsonNode selector) {
        ObjectView view = () -> service;
        if (selector.has(HASH) && !view.annotations().containsKey(Stamps.RUN)) {
            throw new UpgradeException(
                    Code.CHANGED_BY_OTHERS,
                    "Service " + view.name() + " selects pods by " + HASH + "="
                            + selector.path(HASH).asText()
                            + ", which no pod has after a rollout: it would lead nowhere. Take " + HASH
                            + " out of its selector, or roll without changing Services: choose another profile, or one"
                            + " withProxies(RollManner.oneByOne()).");
        }
    }

    /** Whether a selector that is not empty chooses pods of these labels, as soon as they are those of a rollout. */
    private static boolean selects(JsonNode selector, JsonNode labels) {
        Map<String, String> wanted = selector.properties().stream()
                .filter(entry -> !entry.getKey().equals(HASH))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().asText()));
        return !wanted.isEmpty()
                && wanted.entrySet().stream()
                        .allMatch(
                                entry -> labels.path(entry.getKey()).asText("").equals(entry.getValue()));
    }

    private static List<String> captured(String deployment, StepContext context) {
        String names = context.captured().getOrDefault(deployment + SERVICES, "");
        return names.isEmpty() ? List.of() : Arrays.asList(names.split(","));
    }

    private ObjectRef ref(String service) {
        return Resource.SERVICES.in(namespace, service);
    }
}
