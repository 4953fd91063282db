package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.journal.RunStatus;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.k8s.rehearsal.MilvusBlueprint;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.Profiles;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows 27 to 29, without a gap: the process dies at each of its writes in turn, before the write arrives or after it,
 * and the next one goes on or goes back.
 */
class CrashPointsTest {

    private final RehearsedInstances instances = new RehearsedInstances();
    private KubernetesOptions options = RollingContract.brisk();

    @AfterEach
    void close() {
        instances.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"official", "gentle"})
    void aRunThatDiedAtAnyWriteEndsLikeAnUndisturbedOneWhenItIsResumed(String profile) throws InterruptedException {
        choose(profile);
        Lanes.run(deaths(this::dieAndResume));
    }

    @ParameterizedTest
    @ValueSource(strings = {"official", "gentle"})
    void aRunThatDiedAtAnyWriteCanBeTakenBack(String profile) throws InterruptedException {
        choose(profile);
        Lanes.run(deaths(this::dieAndGoBack));
    }

    private void choose(String profile) {
        options = profile.equals("gentle")
                ? RollingContract.gentle()
                : RollingContract.brisk().withProfile(Profiles.official(1));
    }

    /** Two query nodes, so that new ones join before old ones go. */
    private static MilvusBlueprint cluster() {
        return RollingContract.smallCluster().replicas("querynode", 2);
    }

    private interface Aftermath {
        void of(int write, boolean arrives);
    }

    private List<Callable<Void>> deaths(Aftermath aftermath) {
        InstalledMilvus undisturbed = instances.install(cluster());
        RollingContract.assertSucceeded(undisturbed.upgrade(options));
        int writes = instances.writes(undisturbed).size();
        assertThat(writes).isGreaterThan(25);
        List<Callable<Void>> deaths = new ArrayList<>();
        for (int write = 1; write <= writes; write++) {
            for (boolean arrives : new boolean[] {false, true}) {
                int number = write;
                deaths.add(() -> {
                    aftermath.of(number, arrives);
                    return null;
                });
            }
        }
        return deaths;
    }

    private void dieAndResume(int write, boolean arrives) {
        InstalledMilvus milvus = instances.install(cluster());
        SortedMap<String, String> before = milvus.settings();
        die(milvus, write, arrives);
        Upgrader next = milvus.upgrader(options).build();

        Optional<JournaledRun> died = next.runs().stream().findFirst();
        if (died.isEmpty()) {
            RollingContract.assertSucceeded(next.execute(next.plan(RollingContract.TARGET)));
        } else if (died.get().unfinished()) {
            RollingContract.assertSucceeded(next.resume(died.get().header().run()));
        }

        assertThat(next.runs())
                .as("died at write %d, which %s", write, arrives ? "arrived" : "did not arrive")
                .extracting(JournaledRun::status)
                .containsExactly(RunStatus.SUCCEEDED);
        milvus.assertUpgradedFrom(before);
        assertThat(milvus.selectorOfService().has("pod-template-hash")).isFalse();
        assertThat(milvus.userYaml()).doesNotContain("grpc");
    }

    private void dieAndGoBack(int write, boolean arrives) {
        InstalledMilvus milvus = instances.install(cluster());
        SortedMap<String, String> before = milvus.settings();
        String userYaml = milvus.userYaml();
        die(milvus, write, arrives);
        Upgrader next = milvus.upgrader(options).build();

        next.runs().stream()
                .filter(run -> !run.touched().isEmpty())
                .forEach(run -> RollingContract.assertSucceeded(
                        next.execute(next.planRollback(run.header().run()))));

        String death = "died at write " + write + (arrives ? ", which arrived" : ", which did not arrive");
        assertThat(milvus.changesSince(before)).as(death).isEmpty();
        assertThat(milvus.userYaml()).as(death).isEqualTo(userYaml);
        assertThat(milvus.selectorOfService().has("pod-template-hash"))
                .as(death)
                .isFalse();
    }

    private void die(InstalledMilvus milvus, int write, boolean arrives) {
        ApiClient client = milvus.bed().apiClient();
        client.setHttpClient(client.getHttpClient()
                .newBuilder()
                .addInterceptor(new Death(write, arrives))
                .build());
        Upgrader upgrader = Upgrader.forCluster(
                        KubernetesMilvusCluster.connect(client, milvus.namespace(), RollingContract.RELEASE, options))
                .build();
        Throwable death = catchThrowable(() -> upgrader.execute(upgrader.plan(RollingContract.TARGET)));
        if (death == null) {
            // Not every run meets as many conflicts as the undisturbed one: this one had come to its end before.
            return;
        }
        assertThat(death).isInstanceOf(ProcessDied.class);
        milvus.expireLease();
    }

    /** Nothing in the library may catch it, as nothing may catch a SIGKILL. */
    private static final class ProcessDied extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Ends everything that a client does at its n-th write. */
    private static final class Death implements Interceptor {

        private final AtomicInteger writesLeft;
        private final boolean arrives;

        Death(int write, boolean arrives) {
            this.writesLeft = new AtomicInteger(write);
            this.arrives = arrives;
        }

        @Override
        public Response intercept(Chain chain) throws IOException {
            boolean writes = !chain.request().method().equals("GET");
            int left = writes ? writesLeft.decrementAndGet() : writesLeft.get();
            if (left > 0) {
                return chain.proceed(chain.request());
            }
            if (left == 0 && writes && arrives) {
                chain.proceed(chain.request()).close();
            }
            if (!writes) {
                // Watches are read by threads of their own, where an Error would only be printed.
                throw new IOException("the process is dead");
            }
            throw new ProcessDied();
        }
    }
}
