package io.github.milvusupgrade.k8s.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.chart.SemVer;
import io.github.milvusupgrade.k8s.chart.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An option by which charts below 4.0.0 wrote a setting of Milvus. Later charts ignore it without a word, so Milvus
 * falls back to its own default: with {@code metadata.rootPath} it would look for its data in another place. Known ones
 * stand in {@code shortcut-options.txt}.
 *
 * @param path where it stands in the values, such as {@code dataCoordinator.segment.maxSize}
 * @param setting where it belongs in {@code extraConfigFiles.user.yaml}, such as {@code dataCoord.segment.maxSize}
 */
public record ShortcutOption(String path, String setting) {

    /** The first chart without them (zilliztech/milvus-helm:charts/milvus/README.md, breaking changes). */
    static final SemVer REMOVED_IN = new SemVer(4, 0, 0, "");

    private static final String ALL_BELOW = ".*";

    /** Those that the user gave and the defaults of the new chart do not have any more, in the order of the table. */
    static List<ShortcutOption> lost(ObjectNode given, ObjectNode newDefaults) {
        List<ShortcutOption> lost = new ArrayList<>();
        for (ShortcutOption option : known()) {
            if (option.path.endsWith(ALL_BELOW)) {
                ShortcutOption section =
                        new ShortcutOption(withoutWildcard(option.path), withoutWildcard(option.setting));
                section.expand(ValuePath.parse(section.path).in(given), lost);
            } else {
                lost.add(option);
            }
        }
        return lost.stream()
                .filter(option -> !ValuePath.parse(option.path).in(given).isMissingNode())
                .filter(option -> ValuePath.parse(option.path).in(newDefaults).isMissingNode())
                .toList();
    }

    /** Every value below a section, each with its place. */
    private void expand(JsonNode given, List<ShortcutOption> options) {
        if (!(given instanceof ObjectNode section)) {
            options.add(this);
            return;
        }
        for (Map.Entry<String, JsonNode> entry : section.properties()) {
            new ShortcutOption(
                            ValuePath.parse(path).child(entry.getKey()).text(),
                            ValuePath.parse(setting).child(entry.getKey()).text())
                    .expand(entry.getValue(), options);
        }
    }

    /** For people: {@code metadata.rootPath (in user.yaml: etcd.rootPath)}. */
    @Override
    public String toString() {
        return path + " (in user.yaml: " + setting + ")";
    }

    private static List<ShortcutOption> known() {
        return TextTable.rows(ShortcutOption.class, "shortcut-options.txt").stream()
                .map(words -> new ShortcutOption(words.get(0), words.get(1)))
                .toList();
    }

    private static String withoutWildcard(String path) {
        return path.substring(0, path.length() - ALL_BELOW.length());
    }
}
