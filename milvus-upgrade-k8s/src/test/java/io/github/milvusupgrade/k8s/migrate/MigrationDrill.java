package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.journal.JournaledRun;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.plan.PlannedStep;
import io.github.milvusupgrade.plan.UpgradePlan;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.step.OnFailure;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.UpgradeStep;
import io.github.milvusupgrade.version.MilvusVersion;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A drill on a real node, by hand: migrates an instance of 2.1 while something goes wrong on purpose, and says how it
 * ended. Words: {@code fail-after N} (a step of a user's fails after the n-th), {@code die-before N} and
 * {@code die-after N} (the process is halted at the n-th write of the journal), {@code resume} (goes on with what is
 * unfinished), {@code execute}; then, optionally, the image of the tool.
 */
public final class MigrationDrill {

    private MigrationDrill() {}

    /** Run one drill on the cluster of the environment's {@code KUBECONFIG}. */
    public static void main(String[] words) throws Exception {
        MigrateOptions migrate = MigrateOptions.defaults().withToolTimeout(Duration.ofSeconds(60));
        if (words.length > 2) {
            migrate = migrate.withToolImage(words[2]);
        }
        KubernetesMilvusCluster milvus = connect(migrate);
        int number = words.length > 1 ? Integer.parseInt(words[1]) : 0;
        DyingJournal journal = new DyingJournal(
                milvus.journal(),
                words[0].startsWith("die-") ? number : -1,
                words[0].equals("die-after"),
                () -> Runtime.getRuntime().halt(137));
        Upgrader.Builder builder = Upgrader.forCluster(milvus).journal(journal);
        if (words[0].equals("fail-after")) {
            builder.customize(plan -> failAfter(plan, number));
        }
        Upgrader upgrader = builder.build();
        UpgradeReport report = words[0].equals("resume") ? resume(upgrader) : start(upgrader);
        System.out.println(report.describe());
        System.out.println("journal writes: " + journal.writes());
    }

    private static UpgradeReport start(Upgrader upgrader) {
        return upgrader.execute(upgrader.plan(MilvusVersion.parse("2.2.16")));
    }

    private static UpgradeReport resume(Upgrader upgrader) {
        List<JournaledRun> unfinished =
                upgrader.runs().stream().filter(JournaledRun::unfinished).toList();
        return unfinished.isEmpty()
                ? start(upgrader)
                : upgrader.resume(unfinished.get(unfinished.size() - 1).header().run());
    }

    private static KubernetesMilvusCluster connect(MigrateOptions migrate) throws Exception {
        try (Reader reader = Files.newBufferedReader(Path.of(System.getenv("KUBECONFIG")))) {
            return KubernetesMilvusCluster.connect(
                    ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(reader)).build(),
                    "default",
                    "my-release",
                    KubernetesOptions.defaults().withMigrate(migrate).withLeaseDuration(Duration.ofSeconds(15)));
        }
    }

    static UpgradePlan failAfter(UpgradePlan plan, int number) {
        List<PlannedStep> steps = plan.steps();
        return plan.withAfter(steps.get(number - 1).step().id(), new Failing());
    }

    /** What a user's own step may do. */
    static final class Failing implements UpgradeStep {

        @Override
        public StepId id() {
            return StepId.of("drill/fail");
        }

        @Override
        public String summary() {
            return "fail on purpose";
        }

        @Override
        public StepResult apply(StepContext context) {
            throw new UpgradeException(Code.STEP_FAILED, "This fails on purpose.");
        }

        @Override
        public OnFailure onFailure() {
            return OnFailure.TAKE_BACK;
        }
    }
}
