package io.github.milvusupgrade.k8s.migrate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.CommandResult;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.LogQuery;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.OutputReader;
import io.github.milvusupgrade.k8s.api.Patch;
import io.github.milvusupgrade.k8s.api.PodCommand;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.api.Time;
import io.github.milvusupgrade.k8s.etcd.Etcd;
import io.github.milvusupgrade.k8s.etcd.EtcdSeat;
import io.github.milvusupgrade.k8s.rollout.PodWatch;
import io.github.milvusupgrade.k8s.rollout.PodWatch.Look;
import io.github.milvusupgrade.k8s.rollout.Redaction;
import io.github.milvusupgrade.k8s.view.ContainerSpec;
import io.github.milvusupgrade.k8s.view.ObjectView;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The objects of one migration in the cluster, during one step: makes them, finds them again, works with them. All
 * names begin with the one that the first step of the run gave.
 */
final class Workbench {

    /** Fact of every step: what the names of all objects of the migration begin with. */
    static final String NAME = "objects";

    private static final String ANNOTATION = "milvusupgrade.github.io/";
    private static final Duration GONE_AFTER = Duration.ofMinutes(3);

    private final KubeApi api;
    private final Time time;
    private final PodWatch watch;
    private final Migration migration;
    private final StepContext context;
    private final String name;
    private final MigrationObjects objects;

    Workbench(KubeApi api, Time time, PodWatch watch, Migration migration, StepContext context, String name) {
        this.api = api.within(context.remaining());
        this.time = time;
        this.watch = watch;
        this.migration = migration;
        this.context = context;
        this.name = name;
        this.objects = new MigrationObjects(migration, name);
    }

    MigrationObjects objects() {
        return objects;
    }

    /** Makes the claim and the ConfigMap, unless they are there. */
    void makeStores() {
        create(Resource.PERSISTENT_VOLUME_CLAIMS.in(namespace(), objects.claimName()), objects.claim());
        makeConfigMap();
    }

    /** Makes the ConfigMap, unless it is there: after success it may have been removed. */
    void makeConfigMap() {
        create(Resource.CONFIG_MAPS.in(namespace(), objects.configMapName()), objects.configMap());
    }

    private void create(ObjectRef ref, ObjectNode object) {
        context.checkpoint();
        try {
            api.create(ref, object, this::isOurs);
        } catch (KubeApiException e) {
            if (!e.is(KubeApiException.Kind.ALREADY_EXISTS)) {
                throw e;
            }
        }
    }

    private boolean isOurs(ObjectNode object) {
        return object.path("metadata")
                .path("labels")
                .path(MigrationObjects.RUN)
                .asText()
                .equals(name);
    }

    /** The claim as it is; empty if it is gone or on its way out. */
    Optional<Claim> claim() {
        return api.find(Resource.PERSISTENT_VOLUME_CLAIMS.in(namespace(), objects.claimName()))
                .map(Claim::new)
                .filter(claim -> !claim.deleting());
    }

    /** A claim with what was noted on it. */
    record Claim(ObjectNode raw) implements ObjectView {

        /** What the last proof of the backup in it said. */
        Optional<BackupFacts> backup() {
            Map<String, String> facts = new LinkedHashMap<>();
            annotations().forEach((key, value) -> {
                if (key.startsWith(ANNOTATION)) {
                    facts.put(key.substring(ANNOTATION.length()), value);
                }
            });
            return BackupFacts.from(facts);
        }
    }

    /** Notes on the claim what the backup in it is, for later steps and for people. */
    void note(BackupFacts backup) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode annotations = body.putObject("metadata").putObject("annotations");
        backup.toFacts().forEach((key, value) -> annotations.put(ANNOTATION + key, value));
        context.checkpoint();
        api.patch(
                Resource.PERSISTENT_VOLUME_CLAIMS.in(namespace(), objects.claimName()),
                Patch.merge(body),
                sent -> new Claim(sent).backup().equals(Optional.of(backup)));
    }

    /** The pods of one kind that were made for this migration, the latest first. */
    List<PodView> pods(String kind) {
        String begin = name + "-" + kind + "-";
        return api
                .list(Selection.all(Resource.PODS, namespace()).withLabels(MigrationObjects.RUN + "=" + name))
                .map(PodView::new)
                .stream()
                .filter(pod -> pod.name().startsWith(begin))
                .sorted(Comparator.comparingInt((PodView pod) -> number(pod, begin))
                        .reversed())
                .toList();
    }

    private static int number(PodView pod, String begin) {
        return Integer.parseInt(pod.name().substring(begin.length()));
    }

    /** A name that no pod of this kind has had: one that was used tells of an earlier attempt. */
    String nextName(String kind) {
        String begin = name + "-" + kind + "-";
        return begin
                + (pods(kind).stream().mapToInt(pod -> number(pod, begin)).max().orElse(0) + 1);
    }

    void createPod(String podName, ObjectNode pod) {
        create(Resource.PODS.in(namespace(), podName), pod);
    }

    /** Waits until a pod of ours runs. */
    PodView awaitRunning(String podName, Duration atMost) throws InterruptedException {
        return watch.await(
                namespace(),
                named(podName),
                "pod " + podName + " to run",
                pods -> pods.stream()
                        .findFirst()
                        .map(pod -> {
                            if (pod.ended()) {
                                throw new UpgradeException(
                                        Code.POD_ENDED,
                                        "Pod " + podName + " ended instead of running: " + endOf(pod)
                                                + lastWords(
                                                        pod, pod.containers().get(0)));
                            }
                            return pod.phase().equals("Running") ? Look.done(pod) : Look.<PodView>notYet(stateOf(pod));
                        })
                        .orElseThrow(() -> deleted(podName)),
                Deadline.after(Deadline.shorter(atMost, context.remaining()), time),
                context);
    }

    /** Waits until a pod of ours has ended, well or not. */
    PodView awaitEnd(String podName, Duration atMost) throws InterruptedException {
        return watch.await(
                namespace(),
                named(podName),
                "the end of pod " + podName,
                pods -> pods.stream()
                        .findFirst()
                        .map(pod -> pod.ended() ? Look.done(pod) : Look.<PodView>notYet(stateOf(pod)))
                        .orElseThrow(() -> deleted(podName)),
                Deadline.after(Deadline.shorter(atMost, context.remaining()), time),
                context);
    }

    private static Predicate<PodView> named(String podName) {
        return pod -> pod.name().equals(podName);
    }

    private static UpgradeException deleted(String podName) {
        return new UpgradeException(
                Code.POD_ENDED, "Pod " + podName + " is gone: somebody, or the loss of its node, deleted it.");
    }

    private static String stateOf(PodView pod) {
        return "it is " + pod.phase() + (pod.deleting() ? " and on its way out" : "");
    }

    /** How a pod ended, for people. */
    static String endOf(PodView pod) {
        String container = exitCode(pod).map(code -> "exit code " + code).orElse("no exit code");
        return container
                + (pod.reason().isEmpty() ? "" : ", " + pod.reason())
                + (pod.message().isEmpty() ? "" : ", " + Redaction.of(pod.message()));
    }

    static Optional<Integer> exitCode(PodView pod) {
        return pod.containerStates().stream()
                .flatMap(state -> state.terminated().stream())
                .map(end -> end.exitCode())
                .findFirst();
    }

    /** The end of a container's log; credentials are masked. */
    String lastWords(PodView pod, ContainerSpec container) {
        try {
            StringBuilder words = new StringBuilder();
            api.log(Resource.PODS.in(namespace(), pod.name()), new LogQuery(container.name(), false, 8, 8192))
                    .lines()
                    .forEach(line -> words.append("\n  log: ").append(Redaction.of(line)));
            return words.toString();
        } catch (KubeApiException e) {
            return "\n  log: not readable (" + e.kind() + ")";
        }
    }

    /** Deletes pods of one kind, and waits until they are gone. */
    void remove(String kind) throws InterruptedException {
        List<PodView> there = pods(kind);
        for (PodView pod : there) {
            context.checkpoint();
            api.delete(Resource.PODS.in(namespace(), pod.name()), pod.uid());
        }
        if (there.isEmpty()) {
            return;
        }
        List<String> uids = there.stream().map(PodView::uid).toList();
        watch.await(
                namespace(),
                pod -> uids.contains(pod.uid()),
                "the pods of the migration to be gone",
                pods -> pods.isEmpty() ? Look.done(true) : Look.notYet(pods.size() + " still there"),
                Deadline.after(Deadline.shorter(GONE_AFTER, context.remaining()), time),
                context);
    }

    /** Deletes the claim, with what is on its volume. */
    void removeClaim() {
        claim().ifPresent(claim -> {
            context.checkpoint();
            api.delete(Resource.PERSISTENT_VOLUME_CLAIMS.in(namespace(), objects.claimName()), claim.uid());
        });
    }

    void removeConfigMap() {
        ObjectRef ref = Resource.CONFIG_MAPS.in(namespace(), objects.configMapName());
        api.find(ref).ifPresent(found -> {
            context.checkpoint();
            api.delete(ref, found.path("metadata").path("uid").asText());
        });
    }

    /** Lets a pod that does nothing else hold the backup's volume while the work is done. */
    <T> T withBackup(Duration atMost, Reading<T> work) throws InterruptedException {
        remove("reader");
        String podName = nextName("reader");
        createPod(podName, objects.readerPod(podName));
        awaitRunning(podName, atMost);
        try {
            return work.with(Resource.PODS.in(namespace(), podName));
        } finally {
            remove("reader");
        }
    }

    /** Works with a pod. */
    @FunctionalInterface
    interface Reading<T> {
        T with(ObjectRef pod) throws InterruptedException;
    }

    /** Reads the backup from its first byte to its last. */
    BackupFacts readBackup() throws InterruptedException {
        OutputReader<BackupFacts> reader = new BackupFile(migration.place())::read;
        CommandResult<BackupFacts> result = withBackup(
                Duration.ofMinutes(10),
                pod -> api.run(
                        new PodCommand(pod, MigrationObjects.READER_CONTAINER, List.of("cat", ToolConfig.BACKUP_FILE)),
                        reader));
        return result.output();
    }

    /** Etcd, as this migration looks into it. */
    Etcd etcd() throws InterruptedException {
        return new Etcd(api, migration.sight() == Sight.ETCD_POD ? ownSeat(api, migration) : probeSeat());
    }

    /** The seat in a pod of the instance's own etcd. */
    static EtcdSeat ownSeat(KubeApi api, Migration migration) {
        List<PodView> pods =
                api.list(MetadataFacts.etcdOf(Resource.PODS, migration.id())).map(PodView::new);
        return EtcdSeat.among(pods, migration.id().namespace())
                .orElseThrow(() -> new UpgradeException(
                        Code.ETCD_UNREACHABLE,
                        "No pod of the etcd of " + migration.id()
                                + " is ready, so etcd cannot be asked. Bring it back, then go on."));
    }

    /** Why etcd could not be asked from the pod made for it: if that has ended, its own words tell. */
    UpgradeException explained(UpgradeException failure) {
        boolean maybe = failure.code() == Code.ETCD_UNREACHABLE || failure.code() == Code.POD_ENDED;
        if (!maybe || migration.sight() != Sight.PROBE_POD) {
            return failure;
        }
        return pods("probe").stream()
                .findFirst()
                .filter(PodView::ended)
                .map(pod -> Etcd.failure(
                        "pod " + pod.name() + " (" + endOf(pod) + ")",
                        objects.probeFlags(),
                        lastWords(pod, pod.containers().get(0))))
                .orElse(failure);
    }

    private EtcdSeat probeSeat() throws InterruptedException {
        Optional<PodView> running = pods("probe").stream()
                .filter(pod -> pod.phase().equals("Running") && !pod.deleting())
                .findFirst();
        String podName;
        if (running.isPresent()) {
            podName = running.get().name();
        } else {
            podName = nextName("probe");
            createPod(podName, objects.probePod(podName));
            awaitRunning(podName, Duration.ofMinutes(5));
        }
        List<String> flags = new ArrayList<>(objects.probeFlags());
        flags.addAll(List.of("--dial-timeout=5s", "--command-timeout=10s"));
        return new EtcdSeat(Resource.PODS.in(namespace(), podName), MigrationObjects.PROBE_CONTAINER, flags);
    }

    private String namespace() {
        return migration.id().namespace();
    }
}
