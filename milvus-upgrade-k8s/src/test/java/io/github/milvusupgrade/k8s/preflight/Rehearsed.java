package io.github.milvusupgrade.k8s.preflight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.milvusupgrade.MilvusCluster;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.journal.RunLock;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiOptions;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.gate.GateOptions;
import io.github.milvusupgrade.k8s.gate.Gates;
import io.github.milvusupgrade.k8s.inspect.InstanceInspector;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RecordedRequest;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.rolling.RollingOptions;
import io.github.milvusupgrade.k8s.rolling.RollingPath;
import io.github.milvusupgrade.k8s.rollout.LiveInstance;
import io.github.milvusupgrade.k8s.rollout.Patience;
import io.github.milvusupgrade.k8s.rollout.RolloutWatch;
import io.github.milvusupgrade.k8s.state.ConfigMapJournal;
import io.github.milvusupgrade.k8s.state.LeaseLock;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.path.UpgradePath;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A rehearsal cluster with one Milvus in it, its plan to 2.2.16, and the preflight of that plan. A test disturbs the
 * instance and looks at a finding. Waiting passes at once.
 */
final class Rehearsed implements AutoCloseable {

    static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments/";
    static final String PROXY = DEPLOYMENTS + "my-release-milvus-proxy";

    final RehearsalCluster cluster;
    final JsonApi api;
    private Clock clock = Clock.systemUTC();
    private UpgradePlan plan;

    private Rehearsed(MilvusBlueprint blueprint) {
        cluster = RehearsalCluster.builder().speed(100).start();
        api = new JsonApi(cluster.apiClient());
        cluster.seed(blueprint);
    }

    /** An instance of 2.2.4 with separate coordinators, called {@code my-release}. */
    static Rehearsed cluster() {
        return of(blueprint());
    }

    static Rehearsed of(MilvusBlueprint blueprint) {
        return new Rehearsed(blueprint);
    }

    static MilvusBlueprint blueprint() {
        return MilvusBlueprint.cluster("my-release").version("2.2.4");
    }

    /** From now on the machine that upgrades has another time than the API server. */
    Rehearsed withClock(Duration ahead) {
        clock = Clock.offset(Clock.systemUTC(), ahead);
        return this;
    }

    Upgrader.Builder upgrader() {
        return Upgrader.forCluster(instance());
    }

    private Instance instance() {
        return new Instance(cluster.apiClient(), "default", "my-release", clock);
    }

    static Upgrader upgrader(ApiClient client, String namespace, String instance) {
        return Upgrader.forCluster(new Instance(client, namespace, instance, Clock.systemUTC()))
                .build();
    }

    Rehearsed planned(String target) {
        plan = upgrader().build().plan(MilvusVersion.parse(target));
        return this;
    }

    Rehearsed planned(UpgradePlan otherPlan) {
        plan = otherPlan;
        return this;
    }

    Rehearsed planned() {
        return planned("2.2.16");
    }

    UpgradePlan plan() {
        if (plan == null) {
            planned();
        }
        return plan;
    }

    List<Finding> preflight() {
        return upgrader().build().preflight(plan()).findings();
    }

    /** What one check finds, as a report prints it. */
    String finding(String id) {
        return finding(id, false);
    }

    /** What one check finds if the plan was {@code begun} already. */
    String finding(String id, boolean begun) {
        Check check = checks(begun).stream()
                .filter(candidate -> candidate.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no check " + id));
        return check.examine(instance().inspect()).toString();
    }

    List<Check> checks(boolean begun) {
        return instance().checksFor(plan(), begun);
    }

    UpgradeJournal journal() {
        return instance().journal();
    }

    /** What the API server got beside questions: nothing, if preflight keeps its word. */
    List<RecordedRequest> writes() {
        return cluster.requests().stream()
                .filter(RecordedRequest::isWrite)
                .filter(request -> !request.resource().endsWith("/selfsubjectaccessreviews"))
                .toList();
    }

    /** Changes an object by a merge patch, written as YAML. */
    void patch(String path, String yaml) {
        JsonApi.Reply reply = api.patch(JsonApi.MERGE_PATCH, path, yaml(yaml).toString());
        if (reply.code() != 200) {
            throw new AssertionError("PATCH " + path + " answered " + reply.code() + " " + reply.text());
        }
    }

    /** Changes the image of the first container of a pod, which is all that a pod lets one change. */
    void setImage(String pod, String image) {
        JsonApi.Reply reply = api.patch(JsonApi.JSON_PATCH, pod, """
                [{"op": "replace", "path": "/spec/containers/0/image", "value": "%s"}]""".formatted(image));
        if (reply.code() != 200) {
            throw new AssertionError("PATCH " + pod + " answered " + reply.code() + " " + reply.text());
        }
    }

    /** Creates an object, written as YAML. */
    void create(String path, String yaml) {
        api.create(path, yaml(yaml));
    }

    static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) new YAMLMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @Override
    public void close() {
        cluster.close();
    }

    /** The instance as the door of the library would make it, but with a time of its own. */
    private static final class Instance implements MilvusCluster {

        private final ClusterId id;
        private final KubeApi api;
        private final Clock clock;
        private final RollingPath rolling;
        private final ConfigMapJournal journal;
        private final LeaseLock lock;
        private final Gates gates;

        Instance(ApiClient client, String namespace, String instance, Clock clock) {
            Time time = new HurryingTime();
            KubeApiOptions defaults = KubeApiOptions.defaults();
            this.id = new ClusterId(namespace, instance);
            this.clock = clock;
            this.api = KubeApi.over(
                    client,
                    new KubeApiOptions(
                            Duration.ofSeconds(5),
                            defaults.callBudget(),
                            defaults.firstBackoff(),
                            defaults.longestBackoff(),
                            defaults.longestRetryAfter(),
                            defaults.watchWindow(),
                            defaults.pollInterval(),
                            time));
            LiveInstance live = new LiveInstance(api, time, id);
            RolloutWatch watch = new RolloutWatch(api, live, time, Patience.standard(), Duration.ZERO);
            this.gates = new Gates(api, live, namespace, watch, time, GateOptions.standard());
            this.rolling = new RollingPath(api, time, live, watch, RollingOptions.standard(), gates);
            this.journal = new ConfigMapJournal(api, namespace);
            this.lock = new LeaseLock(api, time, clock, Duration.ofSeconds(60));
        }

        @Override
        public ClusterId id() {
            return id;
        }

        @Override
        public ClusterSnapshot inspect() {
            return new InstanceInspector(api, id).inspect();
        }

        @Override
        public ClusterSnapshot prepare(UpgradePath path, ClusterSnapshot snapshot) {
            return gates.prepare(snapshot);
        }

        @Override
        public List<List<UpgradeStep>> stagesFor(Hop hop, ClusterSnapshot snapshot, Optional<ImageReference> image) {
            return rolling.stages(hop, snapshot, image);
        }

        @Override
        public List<Check> checksFor(UpgradePlan plan, boolean begun) {
            return new PreflightChecks(api, journal, lock, RequiredAccess.of(plan), clock).of(plan, begun);
        }

        @Override
        public UpgradeJournal journal() {
            return journal;
        }

        @Override
        public RunLock lock() {
            return lock;
        }
    }

    /** Time that sleeping makes pass, and nothing else. */
    private static final class HurryingTime implements Time {

        private final AtomicLong nanos = new AtomicLong(1);

        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public void sleep(Duration duration) {
            nanos.addAndGet(duration.toNanos());
        }
    }
}
