package io.github.milvusupgrade.k8s.release;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.chart.SemVer;
import io.github.milvusupgrade.k8s.chart.ValueTables;
import java.util.List;
import java.util.Set;

/**
 * The values of an upgrade: complete, to be handed to {@code helm upgrade --reset-values -f FILE}, so that nothing
 * depends on how a version of Helm reuses values. The image tag is always set, because no policy brings the right one
 * along: reused values hold the old tag, and charts are made for other versions than the target.
 *
 * <p>A pure function of what is given. Immutable; values are handed out as copies, and may hold passwords.
 */
public final class ReleaseValues {

    private final HelmRelease current;
    private final ObjectNode overrides;
    private final ObjectNode newDefaults;
    private final ObjectNode userValues;
    private final ValuesPolicy policy;
    private final String imageTag;

    private ReleaseValues(
            ValuesPolicy policy,
            HelmRelease current,
            ObjectNode newDefaults,
            ObjectNode overrides,
            ObjectNode userValues,
            String imageTag) {
        this.policy = policy;
        this.current = current;
        this.newDefaults = newDefaults;
        this.overrides = overrides;
        this.userValues = userValues;
        this.imageTag = imageTag;
    }

    /**
     * Works out the values.
     *
     * @param current the revision that the upgrade goes on from, see {@link ReleaseHistory#upgradable}
     * @param newDefaults what the new chart and its sub-charts say
     * @param overrides what the caller wants beside; as with Helm, a null over a value that the user gave before takes
     *     that value back, and a null over a default of the chart removes it. A tag in it gives way to {@code imageTag}
     * @param imageTag the value of {@code image.all.tag}, such as {@code v2.2.16}
     */
    public static ReleaseValues of(
            ValuesPolicy policy, HelmRelease current, ObjectNode newDefaults, ObjectNode overrides, String imageTag) {
        ObjectNode given = current.config();
        ObjectNode userValues = switch (policy) {
            case RESET_THEN_REUSE -> ValueTables.coalesce(overrides, given);
            case REUSE -> ValueTables.overlay(overrides, ValueTables.overlay(given, current.chartValues()));
            case RESET -> overrides.deepCopy();
        };
        section(section(userValues, "image"), "all").put("tag", imageTag);
        return new ReleaseValues(policy, current, newDefaults.deepCopy(), overrides.deepCopy(), userValues, imageTag);
    }

    private static ObjectNode section(ObjectNode values, String key) {
        return values.get(key) instanceof ObjectNode section ? section : values.putObject(key);
    }

    /** The complete values of the user: what the release remembers from then on. A copy. */
    public ObjectNode userValues() {
        return userValues.deepCopy();
    }

    /**
     * The same as the text of a values file. It is JSON, which every YAML parser reads: each text is quoted, so a tag
     * such as {@code 2.6} stays a text and a key such as {@code on} stays itself.
     */
    public String fileText() {
        return userValues.toPrettyString() + "\n";
    }

    /** What the new chart is rendered with: its defaults with {@link #userValues} over them. A copy. */
    public ObjectNode effective() {
        return ValueTables.coalesce(userValues, newDefaults);
    }

    /** What changes for the templates: the effective values of the current revision against {@link #effective}. */
    public ValuesDiff diff() {
        return ValuesDiff.between(ValueTables.coalesce(current.config(), current.chartValues()), effective());
    }

    /** Where the values name an image for one component alone, which {@code image.all.tag} does not reach. */
    public List<ImageOverride> imageOverrides() {
        return ImageOverride.in(userValues, imageTag);
    }

    /**
     * The keys that the user gives, now or before, and the new chart does not know: it ignores them without a word.
     * What the policy forgets does not count, nor what a null takes back, nor what lies in sections that are free to
     * the user, which the chart leaves empty.
     *
     * @param unknownSections sections of sub-charts whose defaults are not in {@code newDefaults}
     * @return their paths, sorted
     */
    public List<String> unknownKeys(Set<String> unknownSections) {
        return KnownKeys.of(newDefaults, unknownSections).missing(policy == ValuesPolicy.RESET ? overrides : goingOn());
    }

    /**
     * The settings that get lost because the user gave them by a shortcut option of charts below 4.0.0: such a chart is
     * installed, and the new one does not know the option. Whoever has moved a setting takes the option back by a null.
     */
    public List<ShortcutOption> lostShortcuts() {
        boolean stillWork = SemVer.find(current.chartVersion())
                .filter(ShortcutOption.REMOVED_IN::isAtMost)
                .isEmpty();
        return stillWork ? ShortcutOption.lost(goingOn(), newDefaults) : List.of();
    }

    /** What the user gave before, as it is wanted now. */
    private ObjectNode goingOn() {
        return ValueTables.coalesce(overrides, current.config());
    }

    /** Leaves the values out. */
    @Override
    public String toString() {
        return "values with image.all.tag " + imageTag;
    }
}
