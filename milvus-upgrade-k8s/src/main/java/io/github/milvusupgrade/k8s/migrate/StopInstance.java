package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.cluster.Workload;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Stops every Deployment of the instance, and waits until every pod is gone. From here on nothing serves. */
final class StopInstance extends MigrationStep {

    private final Duration timeoutPerPod;

    StopInstance(ClusterAccess access, Migration migration, Duration timeoutPerPod) {
        super(access, migration, "stop");
        this.timeoutPerPod = timeoutPerPod;
    }

    @Override
    public String summary() {
        return "stop all components: Milvus does not serve until the last of the next steps";
    }

    @Override
    public Map<String, String> capture(StepContext context) throws InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>(super.capture(context));
        facts.putAll(instance().facts(context));
        return facts;
    }

    @Override
    public StepResult apply(StepContext context) throws InterruptedException {
        boolean changed = instance().stop(context);
        String summary = "no pod of " + migration().id() + " is left";
        return changed ? StepResult.applied(summary) : StepResult.alreadyApplied(summary);
    }

    @Override
    public Undo undo() {
        return Undo.by("start all components on " + migration().hop().from(), context -> {
            boolean changed = instance().start(workload -> Instance.captured(workload, context), context);
            String summary = "all components are as they were before the upgrade";
            return changed ? StepResult.applied(summary) : StepResult.alreadyApplied(summary + " already");
        });
    }

    /** Also that of going back, which has to wait for every pod. */
    @Override
    public Duration timeout() {
        int pods = migration().snapshot().workloads().stream()
                .mapToInt(Workload::replicas)
                .sum();
        return timeoutPerPod.multipliedBy(Math.max(1, pods));
    }
}
