package io.github.milvusupgrade.k8s.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.KubeApiException.Kind;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.api.ServerVersion;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.view.AutoscalerView;
import io.github.milvusupgrade.k8s.view.ConfigMapView;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.k8s.view.DisruptionBudgetView;
import io.github.milvusupgrade.k8s.view.NodeView;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.k8s.view.QuotaView;
import io.github.milvusupgrade.k8s.view.StatefulSetView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the checks of one preflight look at. Each kind of object is read at most once, when the first check asks for it,
 * so that all checks see the same picture. Reads only. Safe for many threads.
 *
 * <p>What could not be read is thrown at every check that asks for it, which then is undecided. A server that stopped
 * answering is not asked anything more: otherwise each kind of object would cost the same long wait again.
 */
final class LiveCluster {

    /** The longest that one question may take with its retries. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Set<Kind> OUTAGES = EnumSet.of(Kind.UNREACHABLE, Kind.OUT_OF_TIME, Kind.UNAUTHORIZED);

    private final KubeApi api;
    private final ClusterId id;
    private final Clock clock;
    private volatile @Nullable KubeApiException outage;

    private final Supplier<ClockedVersion> version = new Once<>(this::readVersion);
    private final Supplier<Set<String>> servedApis = new Once<>(() -> ask(KubeApi::servedApis));
    private final Supplier<List<DeploymentView>> deployments = new Once<>(this::deploymentsNow);
    private final Supplier<List<StatefulSetView>> statefulSets =
            new Once<>(() -> ofInstance(Resource.STATEFUL_SETS, StatefulSetView::new));
    private final Supplier<List<PodView>> pods = new Once<>(() -> ofNamespace(Resource.PODS, PodView::new));
    private final Supplier<List<QuotaView>> quotas =
            new Once<>(() -> ofNamespace(Resource.RESOURCE_QUOTAS, QuotaView::new));
    private final Supplier<List<AutoscalerView>> autoscalers =
            new Once<>(() -> ofNamespace(Resource.HORIZONTAL_POD_AUTOSCALERS, AutoscalerView::new));
    private final Supplier<List<DisruptionBudgetView>> budgets =
            new Once<>(() -> ofNamespace(Resource.POD_DISRUPTION_BUDGETS, DisruptionBudgetView::new));
    private final Supplier<Optional<List<NodeView>>> nodes = new Once<>(this::readNodes);

    LiveCluster(KubeApi api, ClusterId id, Clock clock) {
        this.api = api;
        this.id = id;
        this.clock = clock;
    }

    /**
     * What the server said of itself, and the time of this process before and after.
     *
     * @param server its answer
     * @param asked when it was asked
     * @param answered when it had answered
     */
    record ClockedVersion(ServerVersion server, Instant asked, Instant answered) {}

    ClusterId id() {
        return id;
    }

    Clock clock() {
        return clock;
    }

    String server() {
        return api.server();
    }

    ClockedVersion version() {
        return version.get();
    }

    Set<String> servedApis() {
        return servedApis.get();
    }

    /** The Deployments that carry the label of the instance, those included that are no part of Milvus. */
    List<DeploymentView> deployments() {
        return deployments.get();
    }

    /** The same as they are now, read anew. */
    List<DeploymentView> deploymentsNow() {
        return ofInstance(Resource.DEPLOYMENTS, DeploymentView::new);
    }

    /** The Deployments that run the workloads of a snapshot, in their order; without those that are gone by now. */
    List<DeploymentView> deployments(ClusterSnapshot snapshot) {
        return snapshot.workloads().stream()
                .map(this::deployment)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The Deployment that runs a workload, if it still is there. */
    Optional<DeploymentView> deployment(Workload workload) {
        return deployments().stream()
                .filter(deployment -> deployment.name().equals(workload.name()))
                .findFirst();
    }

    /** The StatefulSets that carry the label of the instance, those of its dependencies included. */
    List<StatefulSetView> statefulSets() {
        return statefulSets.get();
    }

    /** All pods of the namespace. */
    List<PodView> pods() {
        return pods.get();
    }

    /** The pods of a Deployment that have not ended, those included that are on their way out. */
    List<PodView> podsOf(DeploymentView deployment) {
        return pods().stream()
                .filter(pod -> pod.isOfDeployment(deployment.name()))
                .filter(pod -> !pod.ended())
                .toList();
    }

    /** All pods of the workloads of a snapshot that have not ended. */
    List<PodView> podsOf(ClusterSnapshot snapshot) {
        return deployments(snapshot).stream()
                .flatMap(deployment -> podsOf(deployment).stream())
                .distinct()
                .toList();
    }

    List<QuotaView> quotas() {
        return quotas.get();
    }

    /** The autoscalers of the workloads of a snapshot. */
    List<AutoscalerView> autoscalersOf(ClusterSnapshot snapshot) {
        Set<String> names = snapshot.workloadNames();
        return autoscalers.get().stream()
                .filter(scaler -> scaler.targetKind().equals("Deployment") && names.contains(scaler.targetName()))
                .toList();
    }

    /** The disruption budgets over pods of the workloads of a snapshot. */
    List<DisruptionBudgetView> budgetsOf(ClusterSnapshot snapshot) {
        List<PodView> covered = podsOf(snapshot);
        return budgets.get().stream()
                .filter(budget -> covered.stream().anyMatch(pod -> budget.covers(pod.labels())))
                .toList();
    }

    /** The nodes; empty if the account may not read them, which a Role for one namespace never allows. */
    Optional<List<NodeView>> nodes() {
        return nodes.get();
    }

    /** A ConfigMap, read anew. */
    Optional<ConfigMapView> configMap(String name) {
        return ask(bounded -> bounded.find(Resource.CONFIG_MAPS.in(id.namespace(), name)))
                .map(ConfigMapView::new);
    }

    /** Asks a question of its own, such as one that cannot be kept. */
    <T> T ask(Function<KubeApi, T> question) {
        KubeApiException before = outage;
        if (before != null) {
            throw before;
        }
        try {
            return question.apply(api.within(PATIENCE));
        } catch (KubeApiException e) {
            if (OUTAGES.contains(e.kind())) {
                outage = e;
            }
            throw e;
        }
    }

    private ClockedVersion readVersion() {
        Instant asked = clock.instant();
        ServerVersion server = ask(KubeApi::version);
        return new ClockedVersion(server, asked, clock.instant());
    }

    private Optional<List<NodeView>> readNodes() {
        try {
            return Optional.of(ask(bounded -> bounded.list(Selection.all(Resource.NODES, "")))
                    .map(NodeView::new));
        } catch (KubeApiException e) {
            if (e.is(Kind.FORBIDDEN)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private <V> List<V> ofInstance(Resource resource, Function<JsonNode, V> view) {
        Selection selection =
                Selection.all(resource, id.namespace()).withLabels(MilvusLabels.ofInstance(id.instance()));
        return ask(bounded -> bounded.list(selection)).map(view);
    }

    private <V> List<V> ofNamespace(Resource resource, Function<JsonNode, V> view) {
        return ask(bounded -> bounded.list(Selection.all(resource, id.namespace())))
                .map(view);
    }
}
