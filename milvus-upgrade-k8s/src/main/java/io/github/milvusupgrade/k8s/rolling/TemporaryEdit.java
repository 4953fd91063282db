package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.config.Change;
import io.github.milvusupgrade.k8s.config.Edit;
import io.github.milvusupgrade.k8s.config.MilvusYaml;
import io.github.milvusupgrade.k8s.config.Setting;
import io.github.milvusupgrade.k8s.view.ConfigMapView;
import io.github.milvusupgrade.step.StepContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@link TemporarySettings} of one step: put into {@code user.yaml} before pods start, taken back after. */
final class TemporaryEdit {

    private static final String CHANGES = "temporarySettings";

    private final StandbyConfig config;
    private final UserYaml userYaml;
    private final List<Setting> settings;

    TemporaryEdit(KubeApi api, StandbyConfig config, List<Setting> settings) {
        this.config = config;
        this.userYaml = new UserYaml(api, config);
        this.settings = settings;
    }

    /** What undoing it will need. */
    Map<String, String> capture(StepContext context) {
        if (settings.isEmpty()) {
            return Map.of();
        }
        ConfigMapView found = userYaml.read(context);
        if (found.immutable()) {
            context.warn("ConfigMap " + config.configMap() + " is immutable: new pods start without the"
                    + " settings that shorten hand-overs, "
                    + settings.stream().map(Setting::name).toList());
        }
        return Map.of(CHANGES, UserYaml.write(edit(found).changes()));
    }

    /** Whether none of the settings was there already or could not be put in. */
    boolean isWhole(StepContext context) {
        return captured(context).size() == settings.size();
    }

    void putIn(StepContext context) {
        List<Change> changes = captured(context);
        if (!changes.isEmpty()) {
            userYaml.edit(this::edit, context);
            context.progress("user.yaml has " + UserYaml.text(changes) + " for a while");
        }
    }

    /** Answers whether there was anything to take back. */
    boolean takeBack(StepContext context) {
        List<Change> changes = captured(context);
        return !changes.isEmpty() && userYaml.takeBack(changes, context) > 0;
    }

    /**
     * The patch that puts them in.
     *
     * @param part whether a part of them is put in, too
     */
    Optional<PlannedPatch> patch(boolean part, StepContext context) {
        if (settings.isEmpty()) {
            return Optional.empty();
        }
        ConfigMapView found = userYaml.read(context);
        return Optional.of(edit(found))
                .filter(edit -> !edit.isEmpty())
                .filter(edit -> part || edit.changes().size() == settings.size())
                .map(edit -> userYaml.patch(found, edit, context));
    }

    private Edit edit(ConfigMapView found) {
        MilvusYaml file = config.parse(found);
        List<Setting> absent = settings.stream()
                .filter(setting -> file.value(setting.name()).isEmpty())
                .toList();
        return file.with(found.immutable() ? List.of() : absent);
    }

    private static List<Change> captured(StepContext context) {
        return UserYaml.changes(context.captured().getOrDefault(CHANGES, "[]"));
    }
}
