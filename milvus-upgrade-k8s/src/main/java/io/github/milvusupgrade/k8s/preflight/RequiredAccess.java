package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.k8s.helmpath.HelmPath;
import io.github.milvusupgrade.k8s.migrate.MigratePath;
import io.github.milvusupgrade.k8s.rolling.RollingPath;
import io.github.milvusupgrade.k8s.rolling.TakeOver;
import io.github.milvusupgrade.path.PathKind;
import io.github.milvusupgrade.plan.UpgradePlan;
import java.util.ArrayList;
import java.util.List;

/**
 * The permissions that an upgrade needs in the namespace of its instance, and no others: preflight, the steps of the
 * rolling path, their rollback, the journal and the lock. Give them to the account that executes the plan, for example
 * with {@link #toRole}. Immutable.
 *
 * <p>Secrets are never read. Nothing outside of the namespace is needed: who may read nodes and the namespace itself is
 * told a little more by preflight.
 *
 * @param cluster the instance
 * @param rules what is needed, one line for each kind of object
 */
public record RequiredAccess(ClusterId cluster, List<Rule> rules) {

    /**
     * Permissions on one kind of object.
     *
     * @param group the API group; empty for the core group
     * @param resource the plural name, with its subresource if one is meant, such as {@code pods/log}
     * @param verbs the verbs, as a Role writes them
     * @param purpose what for
     * @param optional whether the plan can be executed without it, though less well
     */
    public record Rule(String group, String resource, List<String> verbs, String purpose, boolean optional) {

        /** Copy what is handed in. */
        public Rule {
            verbs = List.copyOf(verbs);
        }

        /** The kind as error messages of Kubernetes write it: {@code deployments.apps}, {@code pods/log}. */
        public String kind() {
            return group.isEmpty() ? resource : resource + "." + group;
        }
    }

    /** Copy what is handed in. */
    public RequiredAccess {
        rules = List.copyOf(rules);
    }

    /** What a plan needs, or its rollback. */
    public static RequiredAccess of(UpgradePlan plan) {
        boolean rolls = plan.path().hops().stream().anyMatch(hop -> hop.kind() == PathKind.ROLLING);
        List<Rule> rules = new ArrayList<>(rolling());
        if (rolls) {
            rules.add(optional("pods/proxy", "ask Milvus whether it serves", "get"));
            if (RollingPath.handsOver(plan.snapshot(), TakeOver.STEPPING_DOWN)) {
                rules.add(optional("pods/exec", "ask coordinators to step down", "get", "create"));
                rules.add(optional("pods", "replace one that hangs as it steps down, on the way back", "delete"));
            }
            if (RollingPath.handsOver(plan.snapshot(), TakeOver.BY_SERVICE)) {
                rules.add(optional("services", "lead clients to new proxies", "get", "list", "patch"));
            }
        }
        if (HelmPath.callsHelm(plan)) {
            rules.addAll(helm());
        }
        if (MigratePath.isIn(plan)) {
            rules.addAll(migrate());
        }
        return new RequiredAccess(plan.cluster(), rules);
    }

    private static List<Rule> rolling() {
        return List.of(
                rule("apps", "deployments", "find and roll the components", "get", "list", "watch", "patch"),
                rule("apps", "statefulsets", "find workloads that are not rolled", "list"),
                rule("", "pods", "watch the rollouts", "list", "watch"),
                rule("", "pods/log", "say why a container crashed", "get"),
                rule("", "events", "say why a pod does not start, and leave a trace", "list", "create"),
                rule("", "configmaps", "user.yaml and the journal", "get", "list", "create", "patch", "delete"),
                rule("coordination.k8s.io", "leases", "the lock", "get", "create", "update"),
                rule("", "resourcequotas", "see whether new pods have room", "list"),
                rule("autoscaling", "horizontalpodautoscalers", "see what else scales", "list"),
                rule("policy", "poddisruptionbudgets", "see what holds back node drains", "list"));
    }

    /** Helm itself needs more where a chart brings more, such as Roles; it says so before it changes anything. */
    private static List<Rule> helm() {
        String[] chart = {"get", "create", "update", "patch", "delete"};
        return List.of(
                rule(
                        "apps",
                        "deployments",
                        "bring components to what the chart makes of them",
                        "create",
                        "update",
                        "delete"),
                rule("apps", "statefulsets", "let Helm change what the chart brings", chart),
                rule("", "configmaps", "bring the configuration of the chart", "update"),
                rule(
                        "",
                        "secrets",
                        "read and write the release",
                        "get",
                        "list",
                        "watch",
                        "create",
                        "update",
                        "patch",
                        "delete"),
                rule("", "serviceaccounts", "let Helm change what the chart brings", chart),
                rule("", "services", "let Helm change what the chart brings", chart),
                rule("", "persistentvolumeclaims", "let Helm change what the chart brings", chart));
    }

    /** Whoever may run programs in pods can read what they can: give this account to nothing else. */
    private static List<Rule> migrate() {
        return List.of(
                rule("", "pods", "run the migration tool", "get", "create", "delete"),
                rule("", "pods/exec", "ask etcd for its keys, and read the backup", "get", "create"),
                rule("", "persistentvolumeclaims", "hold the backup", "get", "create", "patch", "delete"),
                rule("", "services", "find etcd", "list"));
    }

    /** A Role with exactly these permissions, as YAML for {@code kubectl apply}. */
    public String toRole() {
        StringBuilder yaml = new StringBuilder();
        yaml.append("apiVersion: rbac.authorization.k8s.io/v1\n")
                .append("kind: Role\n")
                .append("metadata:\n")
                .append("  name: milvus-upgrade\n")
                .append("  namespace: ")
                .append(cluster.namespace())
                .append('\n')
                .append("rules:\n");
        for (Rule rule : rules) {
            yaml.append("  # ").append(rule.purpose()).append('\n');
            yaml.append("  - apiGroups: [\"").append(rule.group()).append("\"]\n");
            yaml.append("    resources: [\"").append(rule.resource()).append("\"]\n");
            yaml.append("    verbs: [\"")
                    .append(String.join("\", \"", rule.verbs()))
                    .append("\"]\n");
        }
        return yaml.toString();
    }

    private static Rule optional(String resource, String purpose, String... verbs) {
        return new Rule("", resource, List.of(verbs), purpose + " (optional)", true);
    }

    private static Rule rule(String group, String resource, String purpose, String... verbs) {
        return new Rule(group, resource, List.of(verbs), purpose, false);
    }
}
