package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The store with everything that keeps it moving: controllers, scheduler, kubelets. */
final class ControlPlane implements AutoCloseable {

    private final ObjectStore store = new ObjectStore();
    private final PodFaults podFaults = new PodFaults();
    private final ToolFaults toolFaults = new ToolFaults();
    private final ObjectVerbs objects = new ObjectVerbs(store, new Quota(store, podFaults));
    private final Removal removal = new Removal(store);
    private final EventLoop loop;
    private final PodLifecycle pods;
    private final ReplicaSetController replicaSets;
    private final DeploymentController deployments;
    private final StatefulSetController statefulSets;
    private final ClaimController claims;
    private final RehearsedEtcd etcd;
    private final PodFiles files;
    private final PodCommands commands;
    private final Programs programs;

    ControlPlane(double speed, PodTimes times) {
        loop = new EventLoop(speed);
        EventRecorder events = new EventRecorder(store);
        etcd = new RehearsedEtcd(loop);
        files = new PodFiles(store);
        EtcdNetwork network = new EtcdNetwork(store, etcd);
        Etcdctl etcdctl = new Etcdctl(store, etcd, network, files);
        commands = new PodCommands(store, files, etcdctl);
        KnownPrograms known = new KnownPrograms(store, etcd, network, files, etcdctl, toolFaults);
        programs = new Programs(store, loop, known::of);
        pods = new PodLifecycle(store, loop, events, podFaults, times, programs);
        commands.ending(pods::end);
        replicaSets = new ReplicaSetController(store, objects, removal, loop, events);
        deployments = new DeploymentController(store, loop, events);
        statefulSets = new StatefulSetController(store, objects, removal, loop);
        claims = new ClaimController(store, loop);
        new MilvusSessions(store, etcd, files);
        new QuotaController(store, loop);
        new GarbageCollector(store, removal, loop);
        createClusterObjects();
    }

    ObjectStore store() {
        return store;
    }

    ObjectVerbs objects() {
        return objects;
    }

    Removal removal() {
        return removal;
    }

    RehearsedEtcd etcd() {
        return etcd;
    }

    PodFiles files() {
        return files;
    }

    PodCommands commands() {
        return commands;
    }

    Programs programs() {
        return programs;
    }

    ToolFaults toolFaults() {
        return toolFaults;
    }

    MilvusAnswers milvusAnswers() {
        return new MilvusAnswers(store, podFaults);
    }

    InjectedFault inject(PodFault fault) {
        InjectedFault injected = podFaults.inject(fault, this::reconsider);
        reconsider();
        return injected;
    }

    void clearPodFaults() {
        podFaults.clear();
    }

    /** Makes sure that the namespace is there, with what every namespace has. */
    void createNamespace(String name) {
        synchronized (store) {
            if (store.find(new ObjectKey(ResourceType.NAMESPACES, "", name)) == null) {
                objects.create(ResourceType.NAMESPACES, "", named(name), false);
            }
        }
    }

    /** Creates objects, or replaces those of the same name, and leaves their pods ready. */
    void settle(String namespace, List<ObjectNode> manifests) {
        synchronized (store) {
            createNamespace(namespace);
            List<ObjectKey> keys = new ArrayList<>();
            for (ObjectNode manifest : manifests) {
                ResourceType type = ResourceType.of(manifest);
                keys.add(ObjectKey.of(type, objects.create(type, namespace, manifest, false)));
            }
            keys.forEach(this::settle);
        }
    }

    @Override
    public void close() {
        loop.close();
    }

    private void settle(ObjectKey key) {
        if (key.type() == ResourceType.CLAIMS) {
            claims.bind(key);
        } else if (key.type() == ResourceType.DEPLOYMENTS) {
            deployments.reconcile(key);
            for (ObjectNode set : store.ownedBy(Objects.requireNonNull(store.find(key)), ResourceType.REPLICA_SETS)) {
                ObjectKey setKey = ObjectKey.of(ResourceType.REPLICA_SETS, set);
                replicaSets.reconcile(setKey);
                store.ownedBy(set, ResourceType.PODS).forEach(this::makeAvailable);
                replicaSets.reconcile(setKey);
            }
            deployments.reconcile(key);
        } else if (key.type() == ResourceType.STATEFUL_SETS) {
            ObjectNode set = Objects.requireNonNull(store.find(key));
            for (int i = 0; i < Rollout.replicas(set); i++) {
                statefulSets.reconcile(key);
                store.ownedBy(set, ResourceType.PODS).stream()
                        .filter(pod -> !PodView.isReady(pod))
                        .forEach(this::makeAvailable);
            }
            statefulSets.reconcile(key);
        }
    }

    private void makeAvailable(ObjectNode pod) {
        pods.makeReadyNow(ObjectKey.of(ResourceType.PODS, pod));
        replicaSets.treatAsLongReady(pod);
    }

    private void reconsider() {
        pods.reconsider("");
        replicaSets.reconsider();
    }

    private void createClusterObjects() {
        store.observe(change -> {
            if (change.key().type() == ResourceType.NAMESPACES && change.before() == null) {
                fillNamespace(change.key().name());
            }
        });
        for (String namespace : List.of("default", "kube-system")) {
            createNamespace(namespace);
        }
        for (int i = 1; i <= Scheduling.NODES; i++) {
            ObjectNode node = named("node-" + i);
            objects.create(ResourceType.NODES, "", node, false);
            Map<String, String> capacity = Map.of("cpu", "64", "memory", "256Gi", "pods", "500");
            ObjectNode ready = Json.object("type", "Ready", "status", "True", "reason", "KubeletReady");
            node.set(
                    "status",
                    Json.object("allocatable", capacity, "capacity", capacity, "conditions", Json.array(ready)));
            objects.updateStatus(new ObjectKey(ResourceType.NODES, "", "node-" + i), node, false);
        }
        storageClass(ClaimController.DEFAULT_CLASS, "true");
        storageClass(ClaimController.NEVER, "false");
    }

    private void fillNamespace(String name) {
        loop.soon(() -> {
            synchronized (store) {
                if (store.find(new ObjectKey(ResourceType.NAMESPACES, "", name)) != null) {
                    createIfAbsent(ResourceType.SERVICE_ACCOUNTS, name, named("default"));
                    ObjectNode certificates = named("kube-root-ca.crt");
                    certificates.set("data", Json.object("ca.crt", ""));
                    createIfAbsent(ResourceType.CONFIG_MAPS, name, certificates);
                }
            }
        });
    }

    private void createIfAbsent(ResourceType type, String namespace, ObjectNode object) {
        if (store.find(new ObjectKey(
                        type, namespace, object.path("metadata").path("name").asText()))
                == null) {
            objects.create(type, namespace, object, false);
        }
    }

    private void storageClass(String name, String isDefault) {
        ObjectNode storageClass = named(name);
        Json.child(storageClass, "metadata")
                .set("annotations", Json.object("storageclass.kubernetes.io/is-default-class", isDefault));
        storageClass.put("provisioner", "rehearsal/volume");
        storageClass.put("reclaimPolicy", "Retain").put("volumeBindingMode", "Immediate");
        objects.create(ResourceType.STORAGE_CLASSES, "", storageClass, false);
    }

    private static ObjectNode named(String name) {
        return Json.object("metadata", Json.object("name", name));
    }
}
