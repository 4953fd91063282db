package io.github.milvusupgrade.examples.service;

import com.sun.net.httpserver.HttpServer;
import io.github.milvusupgrade.MilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Upgrades over HTTP, for a platform that has its own user interface:
 *
 * <pre>
 * POST   /plans               {"target": "2.2.16"}   the plan, what preflight finds, and the digest to approve
 * POST   /runs                {"digest": "75355f…"}  runs exactly that plan, or answers 409
 * GET    /runs/{id}                                  how it goes, step by step
 * DELETE /runs/{id}                                  stops it at the next safe point
 * POST   /runs/{id}/rollback                         the plan of the way back, and the digest to approve
 * </pre>
 *
 * <p>Errors are {@code {"code": …, "message": …}}; codes that begin with {@code MU-} are the library's. Listens on the
 * loopback interface only, because it asks nobody who they are: put your own authentication in front.
 */
public final class UpgradeService implements AutoCloseable {

    private static final int THREADS = 4;

    private final UpgradeDesk desk;
    private final HttpServer server;
    private final ExecutorService workers;

    private UpgradeService(UpgradeDesk desk, HttpServer server, ExecutorService workers) {
        this.desk = desk;
        this.server = server;
        this.workers = workers;
    }

    /** Start the service for the rehearsal cluster, on the port that the first argument names, by default 8080. */
    public static void main(String[] args) throws IOException {
        RehearsalCluster cluster = RehearsalCluster.builder().speed(10).start();
        cluster.seed(MilvusBlueprint.cluster("my-release").version("2.2.4"));
        MilvusCluster milvus = KubernetesMilvusCluster.connect(cluster.apiClient(), "default", "my-release");
        UpgradeService service = start(milvus, args.length == 0 ? 8080 : Integer.parseInt(args[0]));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            service.close();
                            cluster.close();
                        },
                        "close-service"));
        System.out.println("Upgrades of " + milvus.id() + " at " + service.address());
    }

    /**
     * Start the service for an instance.
     *
     * @param port where to listen; 0 for any free port
     */
    static UpgradeService start(MilvusCluster milvus, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        UpgradeDesk desk = new UpgradeDesk(milvus);
        ExecutorService workers = Executors.newFixedThreadPool(THREADS, task -> new Thread(task, "http"));
        server.setExecutor(workers);
        server.createContext("/", new Endpoints(desk));
        server.start();
        return new UpgradeService(desk, server, workers);
    }

    URI address() {
        return URI.create("http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort());
    }

    /** Stops listening, then the run that goes on, at its next safe point. */
    @Override
    public void close() {
        server.stop(0);
        workers.shutdown();
        desk.close();
    }
}
