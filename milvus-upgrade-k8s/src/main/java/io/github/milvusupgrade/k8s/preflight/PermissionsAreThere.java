package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.cluster.Finding;
import io.github.milvusupgrade.k8s.api.Access;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The account may do everything that the plan needs: the API server itself is asked, about each verb on each kind of
 * object. A permission that is missing halfway would leave a mixed instance behind. What a plan can do without is asked
 * by those who use it.
 */
record PermissionsAreThere(LiveCluster live, RequiredAccess access) implements Check {

    @Override
    public String id() {
        return "P02";
    }

    @Override
    public String title() {
        return "the account may do everything that the plan needs";
    }

    @Override
    public Finding examine(ClusterSnapshot snapshot) {
        String namespace = access.cluster().namespace();
        List<String> missing = new ArrayList<>();
        int asked = 0;
        for (RequiredAccess.Rule rule : access.rules()) {
            if (rule.optional()) {
                continue;
            }
            for (String verb : rule.verbs()) {
                Access.Question question = question(rule, verb, namespace);
                asked++;
                if (!live.ask(api -> api.access(question)).allowed()) {
                    missing.add(verb + " " + rule.kind() + " in namespace " + namespace);
                }
            }
        }
        return missing.isEmpty()
                ? Finding.pass(id(), "The account has all " + asked + " permissions in namespace " + namespace + ".")
                : Finding.fail(
                        id(),
                        "The account lacks " + missing.size() + " of " + asked + " permissions: "
                                + String.join(", ", missing) + ".",
                        "Apply this Role and bind it to the account:\n" + access.toRole());
    }

    private static Access.Question question(RequiredAccess.Rule rule, String verb, String namespace) {
        String[] parts = rule.resource().split("/", 2);
        return new Access.Question(
                Verb.valueOf(verb.toUpperCase(Locale.ROOT)),
                new Resource(rule.group(), "v1", parts[0]),
                parts.length > 1 ? parts[1] : "",
                namespace);
    }
}
