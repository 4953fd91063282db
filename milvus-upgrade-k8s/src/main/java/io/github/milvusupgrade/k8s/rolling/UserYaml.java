package io.github.milvusupgrade.k8s.rolling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.github.milvusupgrade.step.StepContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The {@code user.yaml} of an instance: edited in its ConfigMap, and brought back from the changes that were made to
 * it, which are all that is ever written down of it. Running pods do not notice, because the file is mounted by
 * {@code subPath}.
 */
final class UserYaml {

    private static final int CONFLICTS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubeApi api;
    private final StandbyConfig config;
    private final AtomicReference<@Nullable ConfigMapView> latest = new AtomicReference<>();

    UserYaml(KubeApi api, StandbyConfig config) {
        this.api = api;
        this.config = config;
    }

    ConfigMapView read(StepContext context) {
        ConfigMapView found = api.within(context.remaining())
                .find(ref(context))
                .map(ConfigMapView::new)
                .orElseThrow(
                        () -> new UpgradeException(
                                Code.CONFIG_UNUSABLE,
                                "There is no " + ref(context)
                                        + ", from which the Milvus pods mount user.yaml. Bring it back, or"
                                        + " switch the coordinators to active-standby in the values of the chart and plan anew."));
        latest.set(found);
        return found;
    }

    /** Make an edit; answers what it changed. */
    List<Change> edit(Function<ConfigMapView, Edit> editing, StepContext context) {
        Edit made = change(editing, edit -> edit.isEmpty() ? Optional.empty() : Optional.of(edit.text()), context);
        return made.changes();
    }

    /** Take changes back; answers how many there were to take back. */
    int takeBack(List<Change> changes, StepContext context) {
        Reversal made = change(
                found -> config.parse(found).undo(changes),
                reversal -> reversal.undone().isEmpty() ? Optional.empty() : Optional.of(reversal.text()),
                context);
        if (!made.undone().isEmpty()) {
            made.left().forEach(left -> context.progress("left alone: " + left));
        }
        return made.undone().size();
    }

    /**
     * Makes a change, anew from the file as it is if somebody else was faster.
     *
     * @param text what the file becomes by it; empty if there is nothing to do
     */
    private <T> T change(Function<ConfigMapView, T> making, Function<T, Optional<String>> text, StepContext context) {
        for (int attempt = 0; attempt <= CONFLICTS; attempt++) {
            Optional<ConfigMapView> known = known();
            ConfigMapView found = known.orElseGet(() -> read(context));
            T made = making.apply(found);
            boolean done = text.apply(made)
                    .map(wanted -> store(found, wanted, context))
                    .orElse(known.isEmpty());
            if (done) {
                return made;
            }
        }
        throw tooManyConflicts();
    }

    /** The patch that an edit of the file as it was found would be. */
    PlannedPatch patch(ConfigMapView found, Edit edit, StepContext context) {
        return new PlannedPatch(ref(context), body(found, edit.text(), context));
    }

    /** Changes as a captured fact. */
    static String write(List<Change> changes) {
        try {
            return JSON.writeValueAsString(changes.stream().map(Change::toMap).toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps of text can always be written as JSON.", e);
        }
    }

    /** The changes of a captured fact. */
    static List<Change> changes(String captured) {
        try {
            return JSON.readValue(captured, new TypeReference<List<Map<String, String>>>() {}).stream()
                    .map(Change::fromMap)
                    .toList();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The captured changes of user.yaml are not JSON.", e);
        }
    }

    /** For people. */
    static String text(List<Change> changes) {
        return changes.stream()
                .map(change -> change.name() + ": " + change.value())
                .toList()
                .toString();
    }

    /**
     * The file as it was seen last, for one attempt: if it is older than what is there, the write meets a conflict, and
     * that there is nothing to do is not believed of it.
     */
    private Optional<ConfigMapView> known() {
        return Optional.ofNullable(latest.getAndSet(null));
    }

    /** Writes the text unless somebody else was faster. */
    private boolean store(ConfigMapView found, String text, StepContext context) {
        context.checkpoint();
        try {
            latest.set(new ConfigMapView(api.within(context.remaining())
                    .patch(
                            ref(context),
                            body(found, text, context),
                            sent -> text.equals(new ConfigMapView(sent).data().get(config.userKey())))));
            return true;
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.CONFLICT)) {
                return false;
            }
            throw e;
        }
    }

    private Patch body(ConfigMapView found, String text, StepContext context) {
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

    private UpgradeException tooManyConflicts() {
        return new UpgradeException(
                Code.CHANGED_BY_OTHERS,
                "Could not change ConfigMap " + config.configMap() + ": something else changed it " + (CONFLICTS + 1)
                        + " times in the same moments. Find out what fights for it, stop that, then resume.");
    }
}
