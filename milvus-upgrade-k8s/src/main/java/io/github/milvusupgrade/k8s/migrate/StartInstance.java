package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.k8s.rolling.TargetImages;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Starts every Deployment with the new version and as many pods as it had, and waits until all are rolled out. */
final class StartInstance extends MigrationStep {

    private final TargetImages images;
    private final Duration timeoutPerPod;

    StartInstance(ClusterAccess access, Migration migration, TargetImages images, Duration timeoutPerPod) {
        super(access, migration, "start");
        this.images = images;
        this.timeoutPerPod = timeoutPerPod;
    }

    @Override
    public String summary() {
        return "start all components on " + migration().hop().to();
    }

    @Override
    public Map<String, String> capture(StepContext context) throws InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>(super.capture(context));
        facts.putAll(instance().facts(context));
        return facts;
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        boolean changed = instance().start(workload -> target(workload, context), context);
        String summary = "all components run " + migration().hop().to();
        return changed ? StepResult.applied(summary) : StepResult.alreadyApplied(summary + " already");
    }

    private Instance.Target target(Workload workload, StepContext context) {
        Instance.Target before = Instance.captured(workload, context);
        Optional<String> label =
                before.versionLabel().map(old -> migration().hop().to().toString());
        return new Instance.Target(images.of(workload), before.replicas(), label);
    }

    @Override
    public Undo undo() {
        return Undo.by("stop all components: what was written since the upgrade is given up", context -> {
            instance().stop(context);
            awaitSessions(workbench(context), context);
            return StepResult.applied("no pod of " + migration().id() + " is left");
        });
    }

    @Override
    public Duration timeout() {
        int pods = migration().snapshot().workloads().stream()
                .mapToInt(Workload::replicas)
                .sum();
        return timeoutPerPod.multipliedBy(Math.max(1, pods));
    }
}
