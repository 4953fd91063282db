package io.github.milvusupgrade.k8s.rolling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.rehearsal.ApiFault;
import io.github.milvusupgrade.k8s.rehearsal.RehearsalCluster;
import io.github.milvusupgrade.k8s.testing.InstalledMilvus;
import io.github.milvusupgrade.k8s.testing.TestBed;
import io.github.milvusupgrade.run.UpgradeEvent;
import io.github.milvusupgrade.run.UpgradeReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What pods say of themselves in etcd when everything was rolled. */
class SessionsTest extends RollingContract {

    private static final String SESSIONS = "my-release/meta/session/";

    private final List<String> told = new CopyOnWriteArrayList<>();

    SessionsTest() {
        super(TestBed::rehearsal);
    }

    @Test
    void theLastStepTellsWhoIsActiveAndWhatAllSayThatTheyRun() {
        InstalledMilvus milvus = install(smallCluster());

        UpgradeReport report = upgrade(milvus, () -> {});

        assertSucceeded(report);
        assertThat(told)
                .filteredOn(line -> line.contains("in etcd"))
                .singleElement()
                .asString()
                .matches("5 of 5 pods say in etcd that they run 2\\.2\\.16; datacoord is active in pod"
                        + " my-release-milvus-mixcoord-\\S+, indexcoord is active in pod \\S+, querycoord is active in"
                        + " pod \\S+, rootcoord is active in pod \\S+");
    }

    @Test
    void anImageThatIsNotWhatItsTagSaysIsWarnedOf() {
        InstalledMilvus milvus = install(smallCluster());

        UpgradeReport report = upgrade(
                milvus,
                () -> cluster(milvus)
                        .etcd()
                        .openSession(
                                SESSIONS + "proxy-99",
                                "{\"ServerID\":99,\"ServerName\":\"proxy\",\"Address\":\"" + address(milvus, "proxy")
                                        + ":19530\",\"Version\":\"2.2.3-pre+dev\"}",
                                Duration.ofMinutes(10)));

        assertSucceeded(report);
        assertThat(report.warnings())
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("The proxy in pod my-release-milvus-proxy-")
                        .endsWith(" says in etcd that it is Milvus 2.2.3-pre+dev, not 2.2.16. Look whether the image is"
                                + " what its tag says."));
    }

    @Test
    void sessionsThatOthersLeftAtTheAddressOfAPodAreNotItsOwn() {
        InstalledMilvus milvus = install(smallCluster());

        UpgradeReport report = upgrade(milvus, () -> {
            leave(milvus, "proxy", 0);
            leave(milvus, "indexnode", 99);
        });

        assertSucceeded(report);
        assertThat(report.warnings()).isEmpty();
        assertThat(told)
                .anySatisfy(line -> assertThat(line).startsWith("5 of 5 pods say in etcd that they run 2.2.16"));
    }

    /** A session of the old version at the address of the new proxy. */
    private static void leave(InstalledMilvus milvus, String role, int server) {
        cluster(milvus)
                .etcd()
                .openSession(
                        SESSIONS + role + "-" + server,
                        "{\"ServerID\":" + server + ",\"ServerName\":\"" + role + "\",\"Address\":\""
                                + address(milvus, "proxy") + ":19530\",\"Version\":\"2.2.3\"}",
                        Duration.ofMinutes(10));
    }

    @Test
    void whereNoProgramMayBeRunInThePodsOfEtcdThatIsTold() {
        InstalledMilvus milvus = install(smallCluster());
        cluster(milvus).inject(ApiFault.forbidden().on("get", "pods/exec").always());

        assertSucceeded(upgrade(milvus, () -> {}));

        assertThat(told)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("sessions in etcd were not looked at: the account may not run etcdctl in"
                                + " pod my-release-etcd-0"));
    }

    private UpgradeReport upgrade(InstalledMilvus milvus, Runnable beforeTheLastStep) {
        Upgrader upgrader = milvus.upgrader(brisk())
                .listener(event -> {
                    if (event instanceof UpgradeEvent.StepStarted step
                            && step.step().toString().endsWith("/verify")) {
                        beforeTheLastStep.run();
                    } else if (event instanceof UpgradeEvent.StepProgressed progress) {
                        told.add(progress.text());
                    }
                })
                .build();
        return upgrader.execute(upgrader.plan(TARGET));
    }

    private static String address(InstalledMilvus milvus, String component) {
        return milvus.api().items("/api/v1/namespaces/" + milvus.namespace() + "/pods").stream()
                .filter(pod -> pod.at("/metadata/labels/component").asText().equals(component))
                .filter(pod -> pod.at("/spec/containers/0/image").asText().equals(NEW_IMAGE))
                .map(pod -> pod.at("/status/podIP").asText())
                .findFirst()
                .orElseThrow();
    }

    private static RehearsalCluster cluster(InstalledMilvus milvus) {
        return ((TestBed.Rehearsal) milvus.bed()).cluster();
    }
}
