package io.github.milvusupgrade.k8s.rehearsal;

import com.sun.net.httpserver.HttpServer;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Kubernetes API server with controllers, a scheduler and kubelets, all inside this process and on the loopback
 * interface only. Clients cannot tell it from a small real cluster; pods, however, run nothing, except for the etcd and
 * the tool that a migration of metadata needs, which are played. Use it to rehearse an upgrade before doing it, to try
 * the library without a cluster, and to test steps of your own:
 *
 * <pre>{@code
 * try (RehearsalCluster cluster = RehearsalCluster.builder().speed(50).start()) {
 *     cluster.seed(MilvusBlueprint.cluster("my-release").version("2.2.4"));
 *     cluster.inject(PodFault.crashOnce().component("querynode").tag("v2.2.16"));
 *     MilvusCluster milvus = KubernetesMilvusCluster.connect(cluster.apiClient(), "default", "my-release");
 *     …
 * }
 * }</pre>
 *
 * <p>Behaves like Kubernetes 1.34. A pod's containers run 0.3 s after it is scheduled, are ready 0.5 s later, and are
 * gone 0.3 s after deletion, in cluster time; annotations on the pod ({@code sim.cluster/starts-after},
 * {@code ready-after}, {@code stops-after}, {@code completes-after}, each a duration such as {@code 20s}) change that
 * for that pod. Images whose tag ends in {@code .99} do not exist.
 *
 * <p>All methods are safe for use by several threads. {@link #close()} ends every thread.
 */
public final class RehearsalCluster implements AutoCloseable {

    static {
        // Without it every answer waits 40 ms for a TCP acknowledgement; read once, when the server class loads.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final HttpServer server;
    private final ExecutorService workers;
    private final ControlPlane controlPlane;
    private final ApiFaults apiFaults = new ApiFaults();
    private final RequestLog requests = new RequestLog();
    private final WatchHub watches;
    private final PodConnections pods;
    private final PodCommands commands;
    private final ExecEndpoint execs;
    private final Front front;

    private RehearsalCluster(Builder builder) throws IOException {
        controlPlane = new ControlPlane(builder.speed, builder.times);
        watches = new WatchHub(controlPlane.store());
        pods = new PodConnections(controlPlane.store(), controlPlane.programs(), controlPlane.milvusAnswers());
        commands = controlPlane.commands();
        workers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "rehearsal-api-server");
            thread.setDaemon(true);
            return thread;
        });
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        ResourceEndpoints endpoints = new ResourceEndpoints(
                controlPlane.store(), controlPlane.objects(), controlPlane.removal(), pods, commands, apiFaults);
        server.createContext("/", new ApiServer(endpoints, watches, apiFaults, requests));
        server.start();
        execs = new ExecEndpoint(commands, apiFaults, requests, workers);
        front = new Front(server.getAddress(), execs::take);
    }

    /** An empty cluster with the defaults of {@link #builder()}. */
    public static RehearsalCluster start() {
        return builder().start();
    }

    /** Settings of a cluster to be started. */
    public static Builder builder() {
        return new Builder();
    }

    /** A new client of this cluster, with the official client's defaults. The caller may change it. */
    public ApiClient apiClient() {
        return Config.fromUrl(url(), false);
    }

    /** The address of the API server, without a slash at its end. */
    public String url() {
        return "http://" + front.address().getHostString() + ":"
                + front.address().getPort();
    }

    /** A kubeconfig for this cluster, for {@code kubectl} and its like. */
    public String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: rehearsal, cluster: {server: "%s"}}]
                users: [{name: rehearsal, user: {}}]
                contexts: [{name: rehearsal, context: {cluster: rehearsal, user: rehearsal}}]
                current-context: rehearsal
                """.formatted(url());
    }

    /**
     * Installs a Milvus as the blueprint describes it; on return every pod of it is ready. One of version 2.1 has
     * metadata in the {@linkplain #etcd() etcd}.
     */
    public void seed(MilvusBlueprint blueprint) {
        MilvusMetadata.seed(etcd(), blueprint.rootPath() + "/meta", blueprint.metadataKeys());
        controlPlane.settle(blueprint.namespace(), ChartObjects.of(blueprint));
    }

    /**
     * Copies a live Milvus: its Deployments, StatefulSets, Services, claims and autoscalers, and the ConfigMaps that
     * its pods use. Secrets are not even read. On return every pod of the copy is ready, whatever state the live ones
     * are in. The live cluster is only read.
     *
     * @param live a client of the live cluster
     * @param namespace where the instance is, there and here
     * @param instance the value of its label {@code app.kubernetes.io/instance}
     * @throws IllegalStateException if something could not be read
     */
    public void copy(ApiClient live, String namespace, String instance) {
        controlPlane.settle(namespace, new LiveCopy(new LiveApi(live), namespace, instance).objects());
    }

    /** Makes sure that a namespace exists. */
    public void createNamespace(String name) {
        controlPlane.createNamespace(name);
    }

    /** From now on lets this happen to the pods that the fault is about, those included that are starting. */
    public InjectedFault inject(PodFault fault) {
        return controlPlane.inject(fault);
    }

    /** From now on lets this happen to the requests that the fault is about. */
    public InjectedFault inject(ApiFault fault) {
        return apiFaults.inject(fault);
    }

    /** From now on lets this happen to the tool that migrates metadata. */
    public InjectedFault inject(ToolFault fault) {
        return controlPlane.toolFaults().inject(fault);
    }

    /** Ends every injected fault. */
    public void clearFaults() {
        apiFaults.clear();
        controlPlane.clearPodFaults();
        controlPlane.toolFaults().clear();
        etcd().clearFaults();
    }

    /** Ends every open watch, as the restart of an API server does. */
    public void endWatches() {
        watches.endAll();
    }

    /** Says from now on what containers have logged. */
    public void podLogs(PodLogs script) {
        pods.logs(script);
    }

    /** Says from now on what pods answer through the API server's proxy. */
    public void podEndpoint(PodEndpoint script) {
        pods.endpoint(script);
    }

    /** Says from now on what commands do that are executed in pods. */
    public void podExec(PodExec script) {
        commands.script(script);
    }

    /** Says from now on what pods do that are not restarted. */
    public void podWork(PodWork script) {
        controlPlane.programs().script(script);
    }

    /** The etcd in which every Milvus of this cluster keeps its metadata. */
    public RehearsedEtcd etcd() {
        return controlPlane.etcd();
    }

    /**
     * A file that a pod has written to a volume claim; it is lost with the claim.
     *
     * @param path from the root of the volume
     */
    public Optional<byte[]> fileOnClaim(String namespace, String claim, String path) {
        return controlPlane.files().ofClaim(new ObjectKey(ResourceType.CLAIMS, namespace, claim), path);
    }

    /**
     * Writes a file to a volume claim, or over it, as damage does.
     *
     * @param path from the root of the volume
     * @throws IllegalArgumentException if there is no such claim
     */
    public void writeFileOnClaim(String namespace, String claim, String path, byte[] content) {
        ObjectKey key = new ObjectKey(ResourceType.CLAIMS, namespace, claim);
        if (!controlPlane.files().writeToClaim(key, path, content.clone())) {
            throw new IllegalArgumentException(
                    "claim " + namespace + "/" + claim + " does not exist. Create it first.");
        }
    }

    /** The newest 20,000 requests, in the order in which they were answered; an open watch is among them. */
    public List<RecordedRequest> requests() {
        return requests.all();
    }

    /** Stops the server and every thread; open watches end. A second call does nothing. */
    @Override
    public void close() {
        watches.endAll();
        controlPlane.close();
        front.close();
        execs.close();
        server.stop(0);
        workers.shutdownNow();
    }

    /** Settings of a {@link RehearsalCluster}. Not safe for use by several threads. */
    public static final class Builder {

        private double speed = 1;
        private PodTimes times = PodTimes.DEFAULT;

        private Builder() {}

        /**
         * How many times as fast as real time the cluster's own durations pass: those of pods, {@code minReadySeconds},
         * progress deadlines, back-offs. Default 1. Timestamps in objects stay real, and so do durations between client
         * and server: {@code Retry-After}, {@code timeoutSeconds}, delays of {@link ApiFault}s.
         *
         * @throws IllegalArgumentException if not positive
         */
        public Builder speed(double factor) {
            if (!(factor > 0)) {
                throw new IllegalArgumentException("speed " + factor + " : time has to pass. Give a factor above 0.");
            }
            speed = factor;
            return this;
        }

        /** How long containers take to start, in cluster time. Default 0.3 s. */
        public Builder podsStartAfter(Duration duration) {
            times = new PodTimes(duration, times.readyAfter(), times.stopsAfter());
            return this;
        }

        /** How long started containers take to become ready, in cluster time. Default 0.5 s. */
        public Builder podsReadyAfter(Duration duration) {
            times = new PodTimes(times.startsAfter(), duration, times.stopsAfter());
            return this;
        }

        /** How long deleted pods take to be gone, in cluster time. Default 0.3 s. */
        public Builder podsStopAfter(Duration duration) {
            times = new PodTimes(times.startsAfter(), times.readyAfter(), duration);
            return this;
        }

        /**
         * Starts the cluster on a free port.
         *
         * @throws UncheckedIOException if there is none
         */
        public RehearsalCluster start() {
            try {
                return new RehearsalCluster(this);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "the rehearsal cluster could not open a port on the loopback interface", e);
            }
        }
    }
}
