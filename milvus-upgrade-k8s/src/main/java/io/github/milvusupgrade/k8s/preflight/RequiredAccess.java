package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.plan.UpgradePlan;
import java.util.List;

/**
 * The permissions that an upgrade needs in the namespace of its instance, and no others. Give them to the account that
 * executes the plan, for example with {@link #toRole}.
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
     */
    public record Rule(String group, String resource, List<String> verbs, String purpose) {}

    /** What a plan needs: preflight, the steps of the rolling path, the journal and the lock. */
    public static RequiredAccess of(UpgradePlan plan) {
        return new RequiredAccess(
                plan.cluster(),
                List.of(
                        rule("apps", "deployments", "find and roll the components", "get", "list", "watch", "patch"),
                        rule("", "pods", "watch the rollouts", "get", "list", "watch"),
                        rule("", "pods/log", "say why a container crashed", "get"),
                        rule("", "configmaps", "user.yaml and the journal", "get", "list", "create", "patch", "delete"),
                        rule("", "events", "say why a pod does not start, and leave a trace", "list", "create"),
                        rule("coordination.k8s.io", "leases", "the lock", "get", "create", "update"),
                        rule("", "resourcequotas", "preflight", "list"),
                        rule("autoscaling", "horizontalpodautoscalers", "preflight", "list"),
                        rule("policy", "poddisruptionbudgets", "preflight", "list")));
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

    private static Rule rule(String group, String resource, String purpose, String... verbs) {
        return new Rule(group, resource, List.of(verbs), purpose);
    }
}
