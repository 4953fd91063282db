package io.github.milvusupgrade.k8s.inspect;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectList;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.config.EffectiveConfig;
import io.github.milvusupgrade.k8s.config.MalformedYamlException;
import io.github.milvusupgrade.k8s.config.MilvusYaml;
import io.github.milvusupgrade.k8s.view.ConfigMapView;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds an instance and makes a snapshot of it with two requests: one for its Deployments, one for its ConfigMap. */
public final class InstanceInspector {

    /** Fact: the Deployments that claim to be Milvus but whose part in it cannot be told, separated by commas. */
    public static final String UNMAPPED = "unmappedDeployments";

    /** Fact: the Deployments that are known by nothing but their names, separated by commas. */
    public static final String MAPPED_BY_NAME = "mappedByName";

    /** Fact: the ConfigMap that holds the configuration. */
    public static final String CONFIG_MAP = "configMap";

    /** Fact: the key of {@code user.yaml} in that ConfigMap. */
    public static final String USER_KEY = "configMap.userKey";

    /** Fact: the key of {@code default.yaml} in that ConfigMap. */
    public static final String DEFAULT_KEY = "configMap.defaultKey";

    /** Fact: why the configuration could not be read, if it could not. */
    public static final String CONFIG_PROBLEM = "configProblem";

    /** What Milvus uses if its configuration does not say (milvus-io/milvus:configs/milvus.yaml). */
    private static final String DEFAULT_METASTORE = "etcd";

    private final KubeApi api;
    private final ClusterId id;

    public InstanceInspector(KubeApi api, ClusterId id) {
        this.api = api;
        this.id = id;
    }

    /**
     * Look at the instance.
     *
     * @throws UpgradeException if there is none, or if Milvus Operator owns it
     */
    public ClusterSnapshot inspect() {
        List<DeploymentView> milvus = deployments();
        refuseOperator(milvus);
        SortedMap<String, String> facts = new TreeMap<>();
        List<Workload> workloads = workloads(milvus, facts);
        milvus.stream()
                .map(deployment -> deployment.labels().get(MilvusLabels.MANAGED_BY))
                .filter(manager -> manager != null && !manager.isEmpty())
                .findFirst()
                .ifPresent(manager -> facts.put(ClusterSnapshot.MANAGED_BY, manager));
        readConfig(milvus, facts);
        return new ClusterSnapshot(id, workloads, facts);
    }

    private List<DeploymentView> deployments() {
        ObjectList found = api.list(
                Selection.all(Resource.DEPLOYMENTS, id.namespace()).withLabels(MilvusLabels.ofInstance(id.instance())));
        List<DeploymentView> milvus = found.map(DeploymentView::new).stream()
                .filter(MilvusWorkload::isMilvus)
                .sorted(Comparator.comparing(DeploymentView::name))
                .toList();
        if (milvus.isEmpty()) {
            throw notFound(found);
        }
        return milvus;
    }

    private static List<Workload> workloads(List<DeploymentView> milvus, SortedMap<String, String> facts) {
        List<Workload> workloads = new ArrayList<>();
        List<String> unmapped = new ArrayList<>();
        List<String> byName = new ArrayList<>();
        for (DeploymentView deployment : milvus) {
            Optional<Component> component = MilvusWorkload.component(deployment);
            Optional<Workload> workload = component.flatMap(part -> MilvusWorkload.workload(deployment, part));
            if (workload.isEmpty()) {
                unmapped.add(deployment.name());
            } else {
                workloads.add(workload.get());
                if (MilvusWorkload.isKnownByNameOnly(deployment)) {
                    byName.add(deployment.name());
                }
            }
        }
        if (!unmapped.isEmpty()) {
            facts.put(UNMAPPED, String.join(",", unmapped));
        }
        if (!byName.isEmpty()) {
            facts.put(MAPPED_BY_NAME, String.join(",", byName));
        }
        return workloads;
    }

    private void readConfig(List<DeploymentView> milvus, SortedMap<String, String> facts) {
        Optional<ConfigSource> source =
                milvus.stream().map(ConfigSource::of).flatMap(Optional::stream).findFirst();
        if (source.isEmpty()) {
            facts.put(CONFIG_PROBLEM, "no Milvus pod mounts a user.yaml from a ConfigMap");
            return;
        }
        facts.put(CONFIG_MAP, source.get().configMap());
        facts.put(USER_KEY, source.get().userKey());
        source.get().defaultKey().ifPresent(key -> facts.put(DEFAULT_KEY, key));
        try {
            effectiveConfig(source.get())
                    .ifPresentOrElse(
                            config -> readFacts(config, facts),
                            () -> facts.put(
                                    CONFIG_PROBLEM,
                                    "there is no ConfigMap " + source.get().configMap()));
        } catch (MalformedYamlException e) {
            facts.put(CONFIG_PROBLEM, e.getMessage());
        }
    }

    /** Newer configurations say {@code mq.type}, older ones {@code messageQueue}. */
    private static void readFacts(EffectiveConfig config, SortedMap<String, String> facts) {
        config.value("mq.type")
                .filter(type -> !type.isEmpty() && !type.equals("default"))
                .or(() -> config.value("messageQueue"))
                .ifPresent(queue -> facts.put(ClusterSnapshot.MESSAGE_QUEUE, queue));
        facts.put(ClusterSnapshot.METASTORE, config.value("metastore.type").orElse(DEFAULT_METASTORE));
    }

    private Optional<EffectiveConfig> effectiveConfig(ConfigSource source) {
        return api.find(Resource.CONFIG_MAPS.in(id.namespace(), source.configMap()))
                .map(ConfigMapView::new)
                .map(configMap -> {
                    MilvusYaml user =
                            MilvusYaml.parse(source.userKey(), configMap.data().getOrDefault(source.userKey(), ""));
                    return source.defaultKey()
                            .map(key -> EffectiveConfig.of(
                                    MilvusYaml.parse(key, configMap.data().getOrDefault(key, "")), user))
                            .orElseGet(() -> EffectiveConfig.of(user));
                });
    }

    private void refuseOperator(List<DeploymentView> milvus) {
        milvus.stream()
                .filter(deployment ->
                        MilvusLabels.OPERATOR.equals(deployment.labels().get(MilvusLabels.MANAGED_BY)))
                .findFirst()
                .ifPresent(deployment -> {
                    throw new UpgradeException(
                            Code.OPERATOR_MANAGED,
                            "The Milvus instance " + id + " is managed by Milvus Operator (label "
                                    + MilvusLabels.MANAGED_BY + "=" + MilvusLabels.OPERATOR + " on Deployment "
                                    + deployment.name()
                                    + "): the operator would take back every change of its Deployments. Change"
                                    + " spec.components.image of the Milvus resource "
                                    + id.instance() + " instead. Nothing was changed.");
                });
    }

    private UpgradeException notFound(ObjectList found) {
        if (namespaceMissing()) {
            return new UpgradeException(
                    Code.NAMESPACE_NOT_FOUND,
                    "There is no namespace " + id.namespace() + " on " + api.server() + ", so no Milvus instance "
                            + id.instance() + ". Check the namespace and the context of the kubeconfig.");
        }
        String seen = found.items().isEmpty()
                ? "no Deployment has the label " + MilvusLabels.ofInstance(id.instance())
                : "none of the Deployments with the label " + MilvusLabels.ofInstance(id.instance()) + " runs Milvus: "
                        + found.map(DeploymentView::new).stream()
                                .map(DeploymentView::name)
                                .toList();
        return new UpgradeException(
                Code.INSTANCE_NOT_FOUND,
                "There is no Milvus instance " + id.instance() + " in namespace " + id.namespace() + ": " + seen
                        + "; instances there: " + instancesThere()
                        + ". The name is that of the Helm release (helm list -n "
                        + id.namespace() + ").");
    }

    /** Whether the namespace certainly is not there; who may not read it is given the benefit of the doubt. */
    private boolean namespaceMissing() {
        try {
            return api.find(Resource.NAMESPACES.in("", id.namespace())).isEmpty();
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.FORBIDDEN)) {
                return false;
            }
            throw e;
        }
    }

    private List<String> instancesThere() {
        return api.list(Selection.all(Resource.DEPLOYMENTS, id.namespace())).map(DeploymentView::new).stream()
                .filter(MilvusWorkload::isMilvus)
                .map(deployment -> deployment.labels().get(MilvusLabels.INSTANCE))
                .filter(instance -> instance != null && !instance.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }
}
