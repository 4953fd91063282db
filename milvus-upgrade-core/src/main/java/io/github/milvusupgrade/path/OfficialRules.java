package io.github.milvusupgrade.path;

import static io.github.milvusupgrade.component.Component.MIXCOORD;
import static io.github.milvusupgrade.component.Component.STREAMINGNODE;
import static io.github.milvusupgrade.path.PathKind.HELM;
import static io.github.milvusupgrade.path.PathKind.MIGRATE;
import static io.github.milvusupgrade.path.PathKind.ROLLING;
import static io.github.milvusupgrade.path.WayBack.IMAGE_ONLY;
import static io.github.milvusupgrade.path.WayBack.ONE_WAY;
import static io.github.milvusupgrade.path.WayBack.RESTORE;

import io.github.milvusupgrade.component.ComponentGraph;
import io.github.milvusupgrade.path.UpgradeRule.Builder;
import io.github.milvusupgrade.version.VersionRange;
import java.util.List;
import java.util.stream.Stream;

/**
 * The hops that {@link UpgradePathRules#official} is made of, one statement per rule, and the order in which all rules
 * are asked: refusals before stops, stops before hops. So a hop never has to say what it is not for.
 */
final class OfficialRules {

    private static final String DOCS = "milvus-io/web-content:";
    private static final String SCRIPT = "milvus-io/milvus:deployments/upgrade/rollingUpdate.sh";
    private static final String OPERATOR_PAGE = DOCS + "v2.5.x/site/en/adminGuide/upgrade_milvus_cluster-operator.md";
    private static final String CHART = "zilliztech/milvus-helm:charts/milvus/README.md";

    private static final ComponentGraph SCRIPT_ORDER = ComponentGraph.officialScript();
    private static final ComponentGraph STREAMING_ORDER = ComponentGraph.streaming();

    private static final VersionRange TO_2_2_7 = VersionRange.exactly("2.2.7");
    private static final String PANIC_OF_2_2_7 = "The rootcoord of 2.2.7 can panic; fixed in 2.2.8.";

    private static final String BY_CHART = "Change the parts with the chart, once the instance runs 2.5.16 or later:"
            + " mixCoordinator.enabled=true while it runs 2.5, then streaming.enabled=true and indexNode.enabled=false"
            + " together with the image of 2.6.";

    private OfficialRules() {}

    static List<UpgradeRule> all() {
        return Stream.of(OfficialRefusals.all(), OfficialStops.all(), upTo22(), from23To25(), from26())
                .flatMap(List::stream)
                .toList();
    }

    private static List<UpgradeRule> upTo22() {
        return List.of(
                UpgradeRule.named("helm-2.1")
                        .from(VersionRange.lineOf("2.1.0"))
                        .to(VersionRange.lineOf("2.1.0"))
                        .because(
                                "patch releases of 2.1 share their metadata, but coordinators below 2.2.3 cannot overlap")
                        .source("zilliztech/milvus-operator:docs/administration/upgrade.md")
                        .hop(HELM, SCRIPT_ORDER, IMAGE_ONLY)
                        .build(),
                UpgradeRule.named("migrate-2.1")
                        .from(VersionRange.lineOf("2.1.0"))
                        .to(VersionRange.lineOf("2.2.0"))
                        .because("2.2 stores its metadata differently; with only the image changed, indexes are lost")
                        .source(
                                "milvus-io/milvus:deployments/migrate-meta/README.md",
                                "milvus-io/milvus#18994",
                                "milvus-io/milvus#20324")
                        .hop(MIGRATE, SCRIPT_ORDER, RESTORE)
                        .condition(new MetastoreIsEtcd())
                        .noteFor(TO_2_2_7, PANIC_OF_2_2_7)
                        .build(),
                UpgradeRule.named("helm-2.2")
                        .from(VersionRange.of("2.2.0", "2.2.3"))
                        .to(VersionRange.lineOf("2.2.0"))
                        .because("coordinators below 2.2.3 cannot stand by for each other, so there is an outage")
                        .source(
                                DOCS + "v2.2.x/site/en/adminGuide/upgrade_milvus_cluster-helm.md",
                                "milvus-io/milvus#28063")
                        .hop(HELM, SCRIPT_ORDER, IMAGE_ONLY)
                        .conditionFor(VersionRange.atLeast("2.2.15"), new MetastoreIsEtcd())
                        .noteFor(
                                VersionRange.of("2.2.3", "2.2.5"),
                                "Indexes can be lost on this hop; fixed in 2.2.5, so choose a later target.")
                        .noteFor(TO_2_2_7, PANIC_OF_2_2_7)
                        .build(),
                rolling("roll-2.2")
                        .from(VersionRange.of("2.2.3", "2.3.0"))
                        .to(VersionRange.of("2.2.3", "2.3.0"))
                        .because("from 2.2.3 on coordinators can stand by for each other")
                        .source(SCRIPT, OPERATOR_PAGE)
                        .conditionFor(VersionRange.atLeast("2.2.15"), new MetastoreIsEtcd())
                        .noteFor(TO_2_2_7, PANIC_OF_2_2_7)
                        .build());
    }

    private static List<UpgradeRule> from23To25() {
        return List.of(
                rolling("roll-to-2.3")
                        .from(VersionRange.of("2.2.15", "2.3.0"))
                        .to(VersionRange.lineOf("2.3.0"))
                        .because("2.2.15 and later roll to any 2.3")
                        .source(OPERATOR_PAGE, DOCS + "v2.2.x/site/en/release_notes.md")
                        .condition(new MetastoreIsEtcd())
                        .note("Requests were seen to fail for up to 5 minutes (milvus-io/milvus#26917).")
                        .note("While datacoord takes over from indexcoord it can be unavailable for about a minute"
                                + " (milvus-io/milvus#26683).")
                        .build(),
                rolling("roll-2.3")
                        .from(VersionRange.lineOf("2.3.0"))
                        .to(VersionRange.lineOf("2.3.0"))
                        .because("patch releases of one line roll")
                        .source(OPERATOR_PAGE)
                        .conditionFor(VersionRange.atLeast("2.3.2"), new MetastoreIsEtcd())
                        .build(),
                rolling("roll-to-2.4", SCRIPT_ORDER, ONE_WAY)
                        .from(VersionRange.lineOf("2.3.0"))
                        .to(VersionRange.lineOf("2.4.0"))
                        .because("any 2.3 rolls to 2.4, but 2.3 cannot search the indexes that 2.4 has built")
                        .source(OPERATOR_PAGE, "milvus-io/milvus#33242")
                        .note(
                                "If queryNode.mmapDirPath is set, searches can fail for more than 20 minutes: 2.4 knows mmap"
                                        + " as a property of collections (milvus-io/milvus#31745).")
                        .build(),
                rolling("roll-2.4")
                        .from(VersionRange.lineOf("2.4.0"))
                        .to(VersionRange.lineOf("2.4.0"))
                        .because("patch releases of one line roll")
                        .source(OPERATOR_PAGE)
                        .build(),
                rolling("roll-to-2.5")
                        .from(VersionRange.lineOf("2.4.0"))
                        .to(VersionRange.lineOf("2.5.0"))
                        .because("any 2.4 rolls to 2.5")
                        .source(OPERATOR_PAGE, DOCS + "v2.5.x/site/en/release_notes.md")
                        .noteFor(
                                VersionRange.of("2.5.0", "2.5.4"),
                                "Scalar inverted indexes of 2.4 are not compatible; fixed in 2.5.4"
                                        + " (milvus-io/milvus#39272).")
                        .note("etcd 3.5.16 or later is recommended.")
                        .note("The roll leaves Pulsar as it is. A later helm upgrade must pin pulsar.enabled=true and"
                                + " pulsarv3.enabled=false to keep Pulsar 2.")
                        .build(),
                rolling("roll-2.5")
                        .from(VersionRange.lineOf("2.5.0"))
                        .to(VersionRange.lineOf("2.5.0"))
                        .because("patch releases of one line roll")
                        .source(OPERATOR_PAGE)
                        .build());
    }

    private static List<UpgradeRule> from26() {
        return List.of(
                streaming("roll-to-2.6", ONE_WAY)
                        .from(VersionRange.of("2.5.16", "2.6.0"))
                        .to(VersionRange.lineOf("2.6.0"))
                        .because(
                                "from 2.5.16 on old proxies ignore new ones; mixcoord goes first because a streamingnode"
                                        + " of 2.6 starts only with a mixcoord of 2.6")
                        .source(
                                DOCS + "v2.6.x/site/en/adminGuide/upgrade_milvus_cluster-helm.md",
                                CHART,
                                "milvus-io/milvus#46451",
                                "zilliztech/milvus-operator#446",
                                "milvus-io/milvus#46456")
                        .note("The order is disputed. Milvus Operator puts streamingnode before mixcoord"
                                + " (zilliztech/milvus-operator:pkg/controllers/dependency_graph.go) and was seen to hang so"
                                + " (zilliztech/milvus-operator#446); coordinators go first according to"
                                + " milvus-io/milvus#46451.")
                        .note("If writes are rejected afterwards, restart mixcoord and the streamingnodes"
                                + " (milvus-io/milvus#47806).")
                        .note("Datanodes build the indexes from now on: give them the resources of the indexnodes"
                                + " (milvus-io/milvus#43036).")
                        .noteFor(
                                VersionRange.of("2.6.0", "2.6.15"),
                                "Inserts into collections with dynamic fields that 2.5 made can fail; fixed in 2.6.15"
                                        + " (milvus-io/milvus#48977).")
                        .build(),
                streaming("roll-2.6", IMAGE_ONLY)
                        .from(VersionRange.lineOf("2.6.0"))
                        .to(VersionRange.lineOf("2.6.0"))
                        .because("patch releases of one line roll")
                        .source(DOCS + "v2.6.x/site/en/adminGuide/upgrade_milvus_cluster-operator.md")
                        .build(),
                streaming("roll-to-3.0", ONE_WAY)
                        .from(VersionRange.of("2.6.20", "2.7.0"))
                        .to(VersionRange.lineOf("3.0.0"))
                        .because(
                                "2.6.20 to 3.0.0 is the way that was validated, by image alone; going back by image alone"
                                        + " was not")
                        .source(
                                DOCS + "v3.0.x/site/en/adminGuide/upgrade_milvus_cluster-helm.md",
                                "milvus-io/milvus#51788")
                        .note("Back up metadata and data before: the guide asks for it.")
                        .note("Images for GPUs need a driver for CUDA 12.9.")
                        .build(),
                streaming("roll-3.0", IMAGE_ONLY)
                        .from(VersionRange.lineOf("3.0.0"))
                        .to(VersionRange.lineOf("3.0.0"))
                        .because("patch releases of one line roll")
                        .source(DOCS + "v3.0.x/site/en/adminGuide/upgrade_milvus_cluster-operator.md")
                        .build());
    }

    private static Builder rolling(String id) {
        return rolling(id, SCRIPT_ORDER, IMAGE_ONLY);
    }

    private static Builder rolling(String id, ComponentGraph order, WayBack wayBack) {
        return UpgradeRule.named(id)
                .hop(ROLLING, order, wayBack)
                .condition(new QueueAllowsRolling())
                .condition(
                        new PartsHavePlace(
                                order,
                                "Remove what does not belong to Milvus from the instance, or add a rule with an order that knows it."));
    }

    private static Builder streaming(String id, WayBack wayBack) {
        return UpgradeRule.named(id)
                .hop(ROLLING, STREAMING_ORDER, wayBack)
                .condition(new QueueAllowsRolling())
                .condition(new PartsHavePlace(
                        STREAMING_ORDER,
                        "From 2.6 on there are neither separate coordinators nor indexnodes. " + BY_CHART))
                .condition(new ClusterRuns(MIXCOORD, "Turn the separate coordinators into mixcoord first. " + BY_CHART))
                .condition(new ClusterRuns(STREAMINGNODE, "From 2.6 on streamingnodes own the log. " + BY_CHART));
    }
}
