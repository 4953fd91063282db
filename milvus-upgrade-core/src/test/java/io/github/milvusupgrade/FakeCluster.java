package io.github.milvusupgrade;

import static io.github.milvusupgrade.component.Component.DATANODE;
import static io.github.milvusupgrade.component.Component.PROXY;
import static io.github.milvusupgrade.component.Component.QUERYNODE;
import static io.github.milvusupgrade.component.Component.ROOTCOORD;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.component.Component;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.journal.UpgradeJournal;
import io.github.milvusupgrade.path.Hop;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.RunId;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.ImageReference;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Milvus instance in memory: every component is one workload with an image, a roll takes 20 seconds of the fake
 * clock, and what happens to it is in the {@link #history}. Its lock, journal and clock are fakes of their own.
 */
final class FakeCluster implements MilvusCluster {

    static final ClusterId ID = new ClusterId("default", "my-release");
    static final Duration ROLL = Duration.ofSeconds(20);

    /** What a test lets happen while a step is applied, before the step does anything. */
    interface Disturbance {
        void happen(StepContext context) throws InterruptedException;
    }

    private final Map<Component, Workload> workloads = Collections.synchronizedMap(new TreeMap<>(FakeCluster::byName));
    private final Map<String, String> facts = new HashMap<>(Map.of(ClusterSnapshot.MESSAGE_QUEUE, "pulsar"));
    private final Map<StepId, Disturbance> disturbances = new HashMap<>();
    private final Map<String, Long> requests = Collections.synchronizedMap(new HashMap<>());
    private final List<Check> checks = new ArrayList<>();
    private final History history = new History();
    private final Mortality mortality = new Mortality();
    private final FakeClock clock = new FakeClock();
    private final FakeLock lock = new FakeLock(history);
    private final WatchedJournal journal;

    private FakeCluster(UpgradeJournal kept) {
        journal = new WatchedJournal(kept, history, mortality);
    }

    /** An instance of rootcoord, datanode, querynode and proxy, all of one version. */
    static FakeCluster running(String version) {
        return running(version, UpgradeJournal.inMemory());
    }

    static FakeCluster running(String version, UpgradeJournal kept) {
        FakeCluster cluster = new FakeCluster(kept);
        for (Component component : List.of(ROOTCOORD, DATANODE, QUERYNODE, PROXY)) {
            cluster.deploy(component, "milvusdb/milvus:v" + version);
        }
        return cluster;
    }

    /** Somebody changes the image of a component, or adds one. */
    FakeCluster deploy(Component component, String image) {
        workloads.put(component, new Workload("my-release-milvus-" + component, component, component.name(), image, 1));
        return this;
    }

    void scale(Component component, int replicas) {
        workloads.computeIfPresent(
                component,
                (c, old) -> new Workload(old.name(), old.component(), old.container(), old.image(), replicas));
    }

    void remove(Component component) {
        workloads.remove(component);
    }

    void require(Check check) {
        checks.add(check);
    }

    /** Let something happen each time the step is applied, until {@link #calm}. */
    void during(String step, Disturbance disturbance) {
        disturbances.put(StepId.of(step), disturbance);
    }

    /** Let a step fail as a rollout does that never becomes ready. */
    void crash(String step) {
        during(step, context -> {
            throw new UpgradeException(Code.CRASH_LOOP, "Container milvus restarts again and again.");
        });
    }

    void calm() {
        disturbances.clear();
    }

    void disturb(StepId step, StepContext context) throws InterruptedException {
        Disturbance disturbance = disturbances.get(step);
        if (disturbance != null) {
            disturbance.happen(context);
        }
    }

    /** A run that crashed in a step; by then the reason is gone and the history is forgotten. */
    RunId runThatFailsIn(String step, Upgrader upgrader, UpgradePlan plan) {
        crash(step);
        UpgradeReport report = upgrader.execute(plan);
        ReportAssert.assertThat(report).failedIn(step, Code.CRASH_LOOP);
        calm();
        history.forget();
        return report.run();
    }

    /** An upgrader as a new process makes it: it remembers nothing but what the instance and the journal do. */
    Upgrader.Builder upgrader() {
        return Upgrader.forCluster(this).rules(TestRules.all()).clock(clock);
    }

    FakeStep step(String id) {
        return new FakeStep(this, id);
    }

    /** What each component runs, such as {@code {proxy=v2.2.4, rootcoord=v2.2.16}}. */
    Map<String, String> tags() {
        Map<String, String> tags = new TreeMap<>();
        workloads.forEach((component, workload) -> tags.put(
                component.name(), ImageReference.parse(workload.image()).tag().orElse("none")));
        return tags;
    }

    RunStatus statusOf(RunId run) {
        return journal.read(run).orElseThrow().status();
    }

    History history() {
        return history;
    }

    Mortality mortality() {
        return mortality;
    }

    FakeClock clock() {
        return clock;
    }

    @Override
    public ClusterId id() {
        return ID;
    }

    @Override
    public ClusterSnapshot inspect() {
        return new ClusterSnapshot(ID, List.copyOf(workloads.values()), new TreeMap<>(facts));
    }

    @Override
    public List<List<UpgradeStep>> stagesFor(Hop hop, ClusterSnapshot snapshot, Optional<ImageReference> image) {
        return hop.graph().stages(snapshot.components()).stream()
                .map(stage -> stage.stream()
                        .map(component -> roll(component, hop.to(), image))
                        .toList())
                .toList();
    }

    private UpgradeStep roll(Component component, MilvusVersion version, Optional<ImageReference> chosen) {
        String image = chosen.map(ImageReference::toString).orElse("milvusdb/milvus:v" + version);
        return step(version + "/roll/" + component)
                .saying("roll " + component + " to " + version)
                .about(component)
                .capturing(() -> Map.of("image", image(component)))
                .doing(context -> setImage(component, image))
                .undoneBy("roll " + component + " back", context -> setImage(component, context.captured("image")));
    }

    private String image(Component component) {
        return workloads.get(component).image();
    }

    private StepResult setImage(Component component, String image) {
        requests.merge("get deployments", 1L, Long::sum);
        if (image(component).equals(image)) {
            return StepResult.alreadyApplied(component + " runs " + image + " already");
        }
        deploy(component, image);
        clock.advance(ROLL);
        requests.merge("patch deployments", 1L, Long::sum);
        history.add("effect " + component + " runs " + image);
        return StepResult.applied(component + " runs " + image);
    }

    @Override
    public List<Check> checksFor(UpgradePlan plan, boolean begun) {
        return checks;
    }

    @Override
    public WatchedJournal journal() {
        return journal;
    }

    @Override
    public FakeLock lock() {
        return lock;
    }

    @Override
    public Map<String, Long> requests() {
        return Map.copyOf(requests);
    }

    private static int byName(Component one, Component other) {
        return one.name().compareTo(other.name());
    }
}
