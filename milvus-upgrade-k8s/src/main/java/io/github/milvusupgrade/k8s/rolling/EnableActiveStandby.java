package io.github.milvusupgrade.k8s.rolling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Patch;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.config.Change;
import io.github.milvusupgrade.k8s.config.Edit;
import io.github.milvusupgrade.k8s.config.Reversal;
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
 * Switches the coordinators to active-standby in {@code user.yaml}, so that a new one may start beside the old one.
 * Running pods do not notice, because the file is mounted by {@code subPath}; the new pods of the rollouts that follow
 * read it. A new coordinator without it fails on the session of the old one and never becomes ready
 * (milvus-io/milvus#28063).
 *
 * <p>What it captures are the settings that it changes and nothing else of the file, which may hold credentials.
 */
final class EnableActiveStandby implements DryRunnable {

    private static final String CHANGES = "changes";
    private static final int CONFLICTS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubeApi api;
    private final MilvusVersion to;
    private final StandbyConfig config;

    EnableActiveStandby(KubeApi api, MilvusVersion to, ClusterSnapshot snapshot) {
        this.api = api;
        this.to = to;
        this.config = StandbyConfig.of(snapshot);
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
        Edit edit = config.edit(read(context));
        return Map.of(CHANGES, write(edit.changes()));
    }

    @Override
    public StepResult apply(StepContext context) {
        for (int attempt = 0; attempt <= CONFLICTS; attempt++) {
            ConfigMapView found = read(context);
            Edit edit = config.edit(found);
            if (edit.isEmpty()) {
                return attempt == 0 && changes(context).isEmpty()
                        ? StepResult.alreadyApplied("active-standby is in effect for every coordinator")
                        : StepResult.applied(summaryOf(changes(context)));
            }
            if (store(found, edit.text(), context)) {
                return StepResult.applied(summaryOf(edit.changes()));
            }
        }
        throw tooManyConflicts();
    }

    @Override
    public List<PlannedPatch> patches(ClusterSnapshot now, Map<String, DeploymentView> deployments, Duration atMost) {
        StepContext context = new DryRunContext(now, Map.of(), atMost);
        ConfigMapView found = read(context);
        Edit edit = config.edit(found);
        return edit.isEmpty() ? List.of() : List.of(new PlannedPatch(ref(context), patch(found, edit.text(), context)));
    }

    @Override
    public Undo undo() {
        return Undo.by("take back the settings in user.yaml", this::takeBack);
    }

    private StepResult takeBack(StepContext context) {
        for (int attempt = 0; attempt <= CONFLICTS; attempt++) {
            ConfigMapView found = read(context);
            Reversal reversal = config.parse(found).undo(changes(context));
            if (reversal.undone().isEmpty()) {
                return StepResult.alreadyApplied("user.yaml is as it was");
            }
            if (store(found, reversal.text(), context)) {
                reversal.left().forEach(left -> context.progress("left alone: " + left));
                return StepResult.applied("took back " + reversal.undone().size() + " setting(s) in user.yaml");
            }
        }
        throw tooManyConflicts();
    }

    private ConfigMapView read(StepContext context) {
        return api.within(context.remaining())
                .find(ref(context))
                .map(ConfigMapView::new)
                .orElseThrow(
                        () -> new UpgradeException(
                                Code.CONFIG_UNUSABLE,
                                "There is no " + ref(context)
                                        + ", from which the Milvus pods mount user.yaml. Bring it back, or"
                                        + " switch the coordinators to active-standby in the values of the chart and plan anew."));
    }

    /** Writes the text unless somebody else was faster. */
    private boolean store(ConfigMapView found, String text, StepContext context) {
        context.checkpoint();
        try {
            api.within(context.remaining())
                    .patch(
                            ref(context),
                            patch(found, text, context),
                            sent -> text.equals(new ConfigMapView(sent).data().get(config.userKey())));
            return true;
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.CONFLICT)) {
                return false;
            }
            throw e;
        }
    }

    private Patch patch(ConfigMapView found, String text, StepContext context) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = body.putObject("metadata");
        metadata.put("resourceVersion", found.resourceVersion());
        Stamps.putInto(metadata, context);
        body.putObject("data").put(config.userKey(), text);
        return Patch.merge(body);
    }

    private ObjectRef ref(StepContext context) {
        return Resource.CONFIG_MAPS.in(context.snapshot().id().namespace(), config.configMap());
    }

    private static String summaryOf(List<Change> changes) {
        return "set "
                + changes.stream()
                        .map(change -> change.name() + ": " + change.value())
                        .toList();
    }

    private static List<Change> changes(StepContext context) {
        try {
            return JSON.readValue(context.captured(CHANGES), new TypeReference<List<Map<String, String>>>() {}).stream()
                    .map(Change::fromMap)
                    .toList();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The captured changes of user.yaml are not JSON.", e);
        }
    }

    private static String write(List<Change> changes) {
        try {
            return JSON.writeValueAsString(changes.stream().map(Change::toMap).toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps of text can always be written as JSON.", e);
        }
    }

    private UpgradeException tooManyConflicts() {
        return new UpgradeException(
                Code.CHANGED_BY_OTHERS,
                "Could not change ConfigMap " + config.configMap() + ": something else changed it " + (CONFLICTS + 1)
                        + " times in the same moments. Find out what fights for it, stop that, then resume.");
    }
}
