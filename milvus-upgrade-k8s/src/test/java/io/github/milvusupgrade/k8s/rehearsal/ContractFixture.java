package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** One namespace of a cluster, rehearsed or real, with the words the contract is written in. */
abstract class ContractFixture {

    /** A client of the cluster under test. */
    abstract JsonApi api();

    /** An empty namespace, one for each test. */
    abstract String namespace();

    final String core(String resource) {
        return "/api/v1/namespaces/" + namespace() + "/" + resource;
    }

    final String apps(String resource) {
        return "/apis/apps/v1/namespaces/" + namespace() + "/" + resource;
    }

    final String configMap(String name) {
        return core("configmaps/" + name);
    }

    final String deployment(String name) {
        return apps("deployments/" + name);
    }

    final void createConfigMap(String name, String data) {
        api().create(core("configmaps"), json("{metadata: {name: '" + name + "'}, data: " + data + "}"));
    }

    /** A Deployment of one container; {@code extra} is merged into its spec. */
    final ObjectNode manifest(String name, String image, String extra) {
        ObjectNode manifest = json("""
                {metadata: {name: '%1$s', labels: {app: '%1$s'}},
                 spec: {selector: {matchLabels: {app: '%1$s'}},
                        template: {metadata: {labels: {app: '%1$s'}},
                                   spec: {containers: [{name: 'main', image: '%2$s'}]}}}}
                """.formatted(name, image));
        manifest.set("spec", MergePatch.apply(manifest.path("spec"), json(extra)));
        return manifest;
    }

    final JsonNode createDeployment(String name, String image, String extra) {
        return api().create(apps("deployments"), manifest(name, image, extra));
    }

    final void setImage(String name, String image) {
        JsonApi.Reply reply = api().patch(
                        JsonApi.STRATEGIC_PATCH,
                        deployment(name),
                        "{spec: {template: {spec: {containers: [{name: 'main', image: '" + image + "'}]}}}}");
        if (reply.code() != 200) {
            throw new AssertionError(reply.text());
        }
    }

    final List<JsonNode> pods(String app) {
        return api().items(core("pods"), "labelSelector=app=" + app);
    }

    final JsonNode anyPod(String app) {
        return pods(app).stream().findFirst().orElseThrow(() -> new AssertionError("no pod of " + app));
    }

    final List<JsonNode> replicaSets(String app) {
        return api().items(apps("replicasets"), "labelSelector=app=" + app);
    }

    final JsonNode condition(JsonNode object, String type) {
        return Conditions.find(object, type).orElseThrow(() -> new AssertionError("no condition " + type));
    }

    final boolean isRolledOut(JsonNode deployment) {
        JsonNode status = deployment.path("status");
        int wanted = deployment.at("/spec/replicas").asInt();
        return status.path("observedGeneration").asInt()
                        >= deployment.at("/metadata/generation").asInt()
                && status.path("replicas").asInt() == wanted
                && status.path("updatedReplicas").asInt() == wanted
                && status.path("availableReplicas").asInt() == wanted;
    }

    final JsonNode awaitRolledOut(String name) {
        eventually(() -> {
            JsonNode deployment = api().read(deployment(name));
            if (!isRolledOut(deployment)) {
                throw new AssertionError(name + " is not rolled out: " + deployment.path("status"));
            }
        });
        return api().read(deployment(name));
    }

    static void eventually(ThrowingRunnable assertion) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(assertion);
    }
}
