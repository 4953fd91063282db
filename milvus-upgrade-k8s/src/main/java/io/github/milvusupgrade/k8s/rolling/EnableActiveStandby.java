package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.config.Change;
import io.github.milvusupgrade.k8s.config.Edit;
import io.github.milvusupgrade.k8s.view.ConfigMapView;
import io.github.milvusupgrade.k8s.view.DeploymentView;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.step.StepId;
import io.github.milvusupgrade.step.StepResult;
import io.github.milvusupgrade.step.Undo;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Switches the coordinators to active-standby in {@code user.yaml}, so that a new one may start beside the old one. The
 * new pods of the rollouts that follow read it. A new coordinator without it fails on the session of the old one and
 * never becomes ready (milvus-io/milvus#28063).
 *
 * <p>What it captures are the settings that it changes and nothing else of the file, which may hold credentials.
 */
final class EnableActiveStandby implements DryRunnable {

    private static final String CHANGES = "changes";

    private final MilvusVersion to;
    private final StandbyConfig config;
    private final UserYaml userYaml;

    EnableActiveStandby(KubeApi api, MilvusVersion to, ClusterSnapshot snapshot) {
        this.to = to;
        this.config = StandbyConfig.of(snapshot);
        this.userYaml = new UserYaml(api, config);
    }

    @Override
    public StepId id() {
        return StepId.of(to + "/enable-active-standby");
    }

    @Override
    public String summary() {
        return "let coordinators stand by while they are replaced (user.yaml in ConfigMap " + config.configMap() + ")";
    }

    @Override
    public Map<String, String> capture(StepContext context) {
        return Map.of(
                CHANGES, UserYaml.write(config.edit(userYaml.read(context)).changes()));
    }

    @Override
    public StepResult apply(StepContext context) {
        List<Change> captured = UserYaml.changes(context.captured(CHANGES));
        List<Change> made = userYaml.edit(config::edit, context);
        if (made.isEmpty() && captured.isEmpty()) {
            return StepResult.alreadyApplied("active-standby is in effect for every coordinator");
        }
        return StepResult.applied("set " + UserYaml.text(made.isEmpty() ? captured : made));
    }

    @Override
    public List<PlannedPatch> patches(ClusterSnapshot now, Map<String, DeploymentView> deployments, Duration atMost) {
        StepContext context = new DryRunContext(now, Map.of(), atMost);
        ConfigMapView found = userYaml.read(context);
        Edit edit = config.edit(found);
        return edit.isEmpty() ? List.of() : List.of(userYaml.patch(found, edit, context));
    }

    @Override
    public Undo undo() {
        return Undo.by("take back the settings in user.yaml", this::takeBack);
    }

    private StepResult takeBack(StepContext context) {
        int undone = userYaml.takeBack(UserYaml.changes(context.captured(CHANGES)), context);
        return undone == 0
                ? StepResult.alreadyApplied("user.yaml is as it was")
                : StepResult.applied("took back " + undone + " setting(s) in user.yaml");
    }
}
