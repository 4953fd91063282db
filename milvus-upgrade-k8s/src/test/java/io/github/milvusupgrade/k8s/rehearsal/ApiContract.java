package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import io.github.milvusupgrade.k8s.testing.JsonApi.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client may expect of a Kubernetes API server, rehearsed or real. */
abstract class ApiContract extends HelmNeedsContract {

    @Test
    void aCreatedObjectGetsItsIdentity() {
        JsonNode created = api().create(core("configmaps"), json("{metadata: {name: 'a'}, data: {k: 'v'}}"));

        assertThat(created.at("/kind").asText()).isEqualTo("ConfigMap");
        assertThat(created.at("/metadata/namespace").asText()).isEqualTo(namespace());
        assertThat(created.at("/metadata/uid").asText()).hasSize(36);
        assertThat(created.at("/metadata/resourceVersion").asLong()).isPositive();
        assertThat(created.at("/metadata/creationTimestamp").asText())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(api().read(configMap("a")).path("data")).isEqualTo(json("{k: 'v'}"));
    }

    @Test
    void aGeneratedNameBeginsWithItsPrefix() {
        JsonNode created = api().create(core("configmaps"), json("{metadata: {generateName: 'run-'}}"));

        assertThat(created.at("/metadata/name").asText()).matches("run-[a-z0-9]{5}");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        Reply reply = api().get(deployment("missing"));

        assertThat(reply.code()).isEqualTo(404);
        assertThat(reply.json()).isEqualTo(json("""
                        {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure',
                         message: 'deployments.apps "missing" not found', reason: 'NotFound',
                         details: {name: 'missing', group: 'apps', kind: 'deployments'}, code: 404}
                        """));
    }

    @Test
    void whatIsThereAlreadyIsNotCreated() {
        createConfigMap("a", "{}");

        Reply reply = api().post(core("configmaps"), json("{metadata: {name: 'a'}}"));

        assertThat(reply.code()).isEqualTo(409);
        assertThat(reply.reason()).isEqualTo("AlreadyExists");
        assertThat(reply.message()).isEqualTo("configmaps \"a\" already exists");
    }

    @Test
    void aMissingNamespaceListsNothingAndTakesNothing() {
        Reply list = api().get("/api/v1/namespaces/nowhere/pods");
        Reply get = api().get("/api/v1/namespaces/nowhere/pods/p");
        Reply post = api().post("/api/v1/namespaces/nowhere/configmaps", json("{metadata: {name: 'a'}}"));

        assertThat(list.code()).isEqualTo(200);
        assertThat(list.json().path("items")).isEmpty();
        assertThat(get.message()).isEqualTo("pods \"p\" not found");
        assertThat(post.code()).isEqualTo(404);
        assertThat(post.message()).isEqualTo("namespaces \"nowhere\" not found");
    }

    @Test
    void unknownGroupsAndResourcesAreNotFound() {
        assertThat(api().get("/apis/milvus.io/v1beta1/namespaces/" + namespace() + "/milvuses")
                        .text())
                .isEqualTo("404 page not found\n");
        Reply unknown = api().get(core("inventions"));
        assertThat(unknown.code()).isEqualTo(404);
        assertThat(unknown.message()).isEqualTo("the server could not find the requested resource");
    }

    @Test
    void anUpdateOfAnOldVersionConflicts() {
        createConfigMap("a", "{k: 'v'}");
        ObjectNode old = (ObjectNode) api().read(configMap("a"));
        api().patch(JsonApi.MERGE_PATCH, configMap("a"), "{data: {k: 'w'}}");

        Reply reply = api().put(configMap("a"), old);

        assertThat(reply.code()).isEqualTo(409);
        assertThat(reply.reason()).isEqualTo("Conflict");
        assertThat(reply.message())
                .isEqualTo(
                        "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply"
                                + " your changes to the latest version and try again");
        assertThat(reply.json().path("details")).isEqualTo(json("{name: 'a', kind: 'configmaps'}"));
    }

    @Test
    void aResourceVersionInAPatchIsAPrecondition() {
        createConfigMap("a", "{k: 'v'}");
        String old = api().read(configMap("a")).at("/metadata/resourceVersion").asText();

        assertThat(api().patch(
                                JsonApi.MERGE_PATCH,
                                configMap("a"),
                                "{metadata: {resourceVersion: '" + old + "'}, data: {k: 'w'}}")
                        .code())
                .isEqualTo(200);
        assertThat(api().patch(
                                JsonApi.MERGE_PATCH,
                                configMap("a"),
                                "{metadata: {resourceVersion: '" + old + "'}, data: {k: 'x'}}")
                        .code())
                .isEqualTo(409);
        assertThat(api().read(configMap("a")).at("/data/k").asText()).isEqualTo("w");
    }

    @Test
    void anUpdateThatChangesNothingIsNoNewVersion() {
        createDeployment("web", "web:1", "{replicas: 0}");
        JsonNode before = awaitRolledOut("web");

        Reply reply = api().patch(JsonApi.MERGE_PATCH, deployment("web"), "{spec: {replicas: 0}}");

        assertThat(reply.at("/metadata/resourceVersion"))
                .isEqualTo(before.at("/metadata/resourceVersion").asText());
        assertThat(reply.at("/metadata/generation")).isEqualTo("1");
    }

    @Test
    void onlyTheSpecMovesTheGeneration() {
        createDeployment("web", "web:1", "{replicas: 0}");

        Reply labelled = api().patch(JsonApi.MERGE_PATCH, deployment("web"), "{metadata: {labels: {more: 'x'}}}");
        Reply scaled = api().patch(JsonApi.MERGE_PATCH, deployment("web"), "{spec: {paused: true}}");

        assertThat(labelled.at("/metadata/generation")).isEqualTo("1");
        assertThat(scaled.at("/metadata/generation")).isEqualTo("2");
    }

    @Test
    void aStatusInAnUpdateIsIgnored() {
        createDeployment("web", "web:1", "{replicas: 0}");
        awaitRolledOut("web");

        Reply reply = api().patch(JsonApi.MERGE_PATCH, deployment("web"), "{status: {replicas: 7}}");

        assertThat(reply.code()).isEqualTo(200);
        assertThat(reply.json().path("status").path("replicas").asInt()).isZero();
    }

    @Test
    void aStatusHasAnAddressOfItsOwn() {
        createDeployment("web", "web:1", "{replicas: 0, paused: true}");
        awaitRolledOut("web");

        Reply reply = api().patch(
                        JsonApi.MERGE_PATCH,
                        deployment("web") + "/status",
                        "{spec: {paused: false}, status: {conditions: [{type: 'Mine', status: 'True'}]}}");

        assertThat(reply.code()).isEqualTo(200);
        assertThat(reply.json().at("/spec/paused").asBoolean()).isTrue();
        assertThat(condition(reply.json(), "Mine").path("status").asText()).isEqualTo("True");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {metadata: {name: 'b'}} | the name of the object (b) does not match the name on the URL (a)
                    {metadata: {name: 'a', namespace: 'kube-system'}} | the namespace of the provided object does not match the namespace sent on the request
                    {metadata: {name: 'a'}, data: {k: 1}} | ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string
                    {metadata: {name: 'a', annotations: {k: true}}} | ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.annotations of type string
                    """)
    void anUpdateThatMakesNoSenseIsRefused(String body, String message) {
        createConfigMap("a", "{}");

        Reply reply = api().put(configMap("a"), json(body));

        assertThat(reply.code()).isEqualTo(400);
        assertThat(reply.reason()).isEqualTo("BadRequest");
        assertThat(reply.message()).isEqualTo(message);
    }

    @Test
    void aPatchToAWrongTypeIsRefused() {
        createConfigMap("a", "{}");

        Reply reply = api().patch(JsonApi.MERGE_PATCH, configMap("a"), "{data: {k: 1}}");

        assertThat(reply.code()).isEqualTo(422);
        assertThat(reply.message())
                .startsWith(" \"\" is invalid: patch: Invalid value: ")
                .endsWith("json: cannot unmarshal number into Go struct field ConfigMap.data of type string");
    }

    @Test
    void aMergePatchRemovesWithNull() {
        createConfigMap("a", "{keep: '1', drop: '2'}");

        api().patch(JsonApi.MERGE_PATCH, configMap("a"), "{data: {drop: null, add: '3'}}");

        assertThat(api().read(configMap("a")).path("data")).isEqualTo(json("{keep: '1', add: '3'}"));
    }

    @Test
    void aJsonPatchIsAllOrNothing() {
        createConfigMap("a", "{k: 'v'}");

        Reply refused = api().patch(
                        JsonApi.JSON_PATCH,
                        configMap("a"),
                        "[{op: 'replace', path: '/data/k', value: 'w'}, {op: 'test', path: '/data/k', value: 'x'}]");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.reason()).isEqualTo("Invalid");
        assertThat(api().read(configMap("a")).at("/data/k").asText()).isEqualTo("v");

        Reply done = api().patch(
                        JsonApi.JSON_PATCH,
                        configMap("a"),
                        "[{op: 'test', path: '/data/k', value: 'v'}, {op: 'add', path: '/data/n', value: 'x'},"
                                + " {op: 'remove', path: '/data/k'}]");
        assertThat(done.code()).isEqualTo(200);
        assertThat(done.json().path("data")).isEqualTo(json("{n: 'x'}"));
    }

    @Test
    void aStrategicPatchMergesContainersByName() {
        createDeployment("web", "web:1", """
                {replicas: 0, template: {spec: {
                  containers: [{name: 'proxy', image: 'proxy:1'},
                               {name: 'main', image: 'web:1', args: ['a', 'b'],
                                env: [{name: 'A', value: '1'}, {name: 'B', value: '2'}],
                                volumeMounts: [{name: 'v', mountPath: '/v'}]}],
                  volumes: [{name: 'v', emptyDir: {}}]}}}
                """);

        Reply reply = api().patch(JsonApi.STRATEGIC_PATCH, deployment("web"), """
                        {spec: {template: {spec: {
                          containers: [{name: 'main', image: 'web:2', args: ['c'],
                                        env: [{name: 'B', value: '3'}, {name: 'A', $patch: 'delete'}],
                                        volumeMounts: [{name: 'w', mountPath: '/w'}]}],
                          volumes: [{name: 'w', emptyDir: {}}]}}}}
                        """);

        assertThat(reply.code()).as(reply.text()).isEqualTo(200);
        JsonNode spec = reply.json().at("/spec/template/spec");
        JsonNode main = containerNamed(spec, "main");
        assertThat(spec.path("containers")).hasSize(2);
        assertThat(containerNamed(spec, "proxy").path("image").asText()).isEqualTo("proxy:1");
        assertThat(main.path("image").asText()).isEqualTo("web:2");
        assertThat(main.path("args")).isEqualTo(json("{a: ['c']}").path("a"));
        assertThat(main.path("env"))
                .isEqualTo(json("{a: [{name: 'B', value: '3'}]}").path("a"));
        assertThat(main.path("volumeMounts")).hasSize(2);
        assertThat(spec.path("volumes")).hasSize(2);
    }

    private static JsonNode containerNamed(JsonNode podSpec, String name) {
        return Json.stream(podSpec.path("containers"))
                .filter(container -> container.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void retainKeysDropsTheRest() {
        createDeployment("web", "web:1", "{replicas: 0}");

        Reply reply = api().patch(
                        JsonApi.STRATEGIC_PATCH,
                        deployment("web"),
                        "{spec: {strategy: {$retainKeys: ['type'], type: 'Recreate'}}}");

        assertThat(reply.json().at("/spec/strategy")).isEqualTo(json("{type: 'Recreate'}"));
    }

    @Test
    void aPatchOfAnUnknownTypeIsRefused() {
        createConfigMap("a", "{}");

        Reply reply = api().patch("application/json", configMap("a"), "{data: {k: 'v'}}");

        assertThat(reply.code()).isEqualTo(415);
        assertThat(reply.reason()).isEqualTo("UnsupportedMediaType");
    }

    @Test
    void applyCreatesAndMerges() {
        String apply = "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'a'}, data: {%s}}";

        Reply unnamed = api().patch(JsonApi.APPLY_PATCH, configMap("a"), apply.formatted("k: 'v'"));
        Reply created = api().patch(JsonApi.APPLY_PATCH, configMap("a"), apply.formatted("k: 'v'"), "fieldManager=me");
        Reply merged = api().patch(JsonApi.APPLY_PATCH, configMap("a"), apply.formatted("k: 'w'"), "fieldManager=me");

        assertThat(unnamed.code()).isEqualTo(422);
        assertThat(created.code()).isEqualTo(201);
        assertThat(merged.code()).isEqualTo(200);
        assertThat(merged.json().path("data")).isEqualTo(json("{k: 'w'}"));
    }

    @Test
    void aDryRunChangesNothing() {
        createConfigMap("a", "{k: 'v'}");

        Reply created = api().post(core("configmaps"), json("{metadata: {name: 'b'}}"), "dryRun=All");
        Reply patched = api().patch(JsonApi.MERGE_PATCH, configMap("a"), "{data: {k: 'w'}}", "dryRun=All");
        Reply deleted = api().delete(configMap("a"), "dryRun=All");

        assertThat(created.code()).isEqualTo(201);
        assertThat(patched.at("/data/k")).isEqualTo("w");
        assertThat(deleted.code()).isEqualTo(200);
        assertThat(api().get(configMap("b")).code()).isEqualTo(404);
        assertThat(api().read(configMap("a")).at("/data/k").asText()).isEqualTo("v");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    app=web               | a b
                    app==web,tier=front   | a
                    app!=web              | c d
                    tier in (front, back) | a b
                    tier notin (front)    | b c d
                    tier                  | a b
                    !tier                 | c d
                    app in (web),!gone    | a b
                    """)
    void labelSelectorsSelect(String selector, String names) {
        labelled("a", "{app: 'web', tier: 'front', set: 'x'}");
        labelled("b", "{app: 'web', tier: 'back', set: 'x'}");
        labelled("c", "{app: 'db', set: 'x'}");
        labelled("d", "{set: 'x'}");

        List<JsonNode> found = api().items(core("configmaps"), "labelSelector=set=x," + selector);

        assertThat(found)
                .extracting(object -> object.at("/metadata/name").asText())
                .containsExactly(names.split(" "));
    }

    private void labelled(String name, String labels) {
        api().create(core("configmaps"), json("{metadata: {name: '" + name + "', labels: " + labels + "}}"));
    }

    @Test
    void fieldSelectorsSelect() {
        createConfigMap("a", "{}");
        createConfigMap("b", "{}");

        assertThat(api().items(core("configmaps"), "fieldSelector=metadata.name=b"))
                .hasSize(1);
        Reply unknown = api().get(core("configmaps"), "fieldSelector=data.k=v");
        assertThat(unknown.code()).isEqualTo(400);
        assertThat(unknown.message())
                .isEqualTo("\"data.k\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
        assertThat(api().get(core("pods"), "fieldSelector=data.k=v").message())
                .isEqualTo("field label not supported: data.k");
    }

    @Test
    void aLongListComesInPages() {
        for (String name : List.of("a", "b", "c")) {
            labelled(name, "{set: 'x'}");
        }

        JsonNode first =
                api().get(core("configmaps"), "limit=2", "labelSelector=set=x").json();
        JsonNode second = api().get(
                        core("configmaps"),
                        "limit=2",
                        "labelSelector=set=x",
                        "continue=" + first.at("/metadata/continue").asText())
                .json();

        assertThat(first.path("kind").asText()).isEqualTo("ConfigMapList");
        assertThat(first.path("items")).hasSize(2);
        assertThat(first.at("/items/0").has("kind")).isFalse();
        assertThat(second.path("items")).hasSize(1);
        assertThat(second.at("/items/0/metadata/name").asText()).isEqualTo("c");
        assertThat(second.at("/metadata/continue").asText()).isEmpty();
    }

    @Test
    void aDeletionMayHavePreconditions() {
        createConfigMap("a", "{}");
        String uid = api().read(configMap("a")).at("/metadata/uid").asText();

        Reply refused = api().delete(configMap("a"), json("{preconditions: {uid: 'another'}}"));
        Reply done = api().delete(configMap("a"), json("{preconditions: {uid: '" + uid + "'}}"));

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.message())
                .isEqualTo(
                        "Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (another) does"
                                + " not match the UID in record (" + uid
                                + "). The object might have been deleted and then recreated");
        assertThat(done.json())
                .isEqualTo(json("{kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success',"
                        + " details: {name: 'a', kind: 'configmaps', uid: '" + uid + "'}}"));
        assertThat(api().get(configMap("a")).code()).isEqualTo(404);
    }

    @Test
    void aFinalizerHoldsADeletedObject() {
        api().create(core("configmaps"), json("{metadata: {name: 'a', finalizers: ['example.com/hold']}}"));

        Reply deleted = api().delete(configMap("a"));
        assertThat(deleted.json().at("/metadata/deletionTimestamp").asText()).isNotEmpty();
        assertThat(api().get(configMap("a")).code()).isEqualTo(200);

        api().patch(JsonApi.MERGE_PATCH, configMap("a"), "{metadata: {finalizers: null}}");
        assertThat(api().get(configMap("a")).code()).isEqualTo(404);
    }

    @Test
    void aCollectionIsDeletedBySelector() {
        labelled("a", "{set: 'x'}");
        labelled("b", "{set: 'y'}");

        api().delete(core("configmaps"), "labelSelector=set=x");

        assertThat(api().get(configMap("a")).code()).isEqualTo(404);
        assertThat(api().get(configMap("b")).code()).isEqualTo(200);
    }

    @Test
    void deploymentsGetTheirDefaults() {
        JsonNode spec =
                createDeployment("web", "registry/web:1", "{paused: true}").path("spec");

        JsonNode container = spec.at("/template/spec/containers/0");
        assertThat(spec.path("replicas").asInt()).isEqualTo(1);
        assertThat(spec.path("revisionHistoryLimit").asInt()).isEqualTo(10);
        assertThat(spec.path("progressDeadlineSeconds").asInt()).isEqualTo(600);
        assertThat(spec.path("strategy"))
                .isEqualTo(json("{type: 'RollingUpdate', rollingUpdate: {maxUnavailable: '25%', maxSurge: '25%'}}"));
        assertThat(container)
                .isEqualTo(
                        json(
                                "{name: 'main', image: 'registry/web:1', resources: {}, imagePullPolicy: 'IfNotPresent',"
                                        + " terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File'}"));
        assertThat(Json.without(spec.at("/template/spec"), "containers"))
                .isEqualTo(
                        json("{restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst',"
                                + " securityContext: {}, schedulerName: 'default-scheduler'}"));
    }

    @Test
    void aPatchToRollingUpdateGetsItsDefaults() {
        createDeployment("web", "web:1", "{replicas: 0, strategy: {type: 'Recreate'}}");

        Reply reply =
                api().patch(JsonApi.STRATEGIC_PATCH, deployment("web"), "{spec: {strategy: {type: 'RollingUpdate'}}}");

        assertThat(reply.json().at("/spec/strategy"))
                .isEqualTo(json("{type: 'RollingUpdate', rollingUpdate: {maxUnavailable: '25%', maxSurge: '25%'}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {strategy: {type: 'Recreate'}} | spec.strategy.rollingUpdate | FieldValueForbidden | spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'
                    {strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}} | spec.strategy.rollingUpdate.maxUnavailable | FieldValueInvalid | spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0
                    {minReadySeconds: 700} | spec.progressDeadlineSeconds | FieldValueInvalid | spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds
                    {replicas: -1} | spec.replicas | FieldValueInvalid | spec.replicas: Invalid value: -1: must be greater than or equal to 0
                    {template: {spec: {containers: [{name: 'two'}]}}} | spec.template.spec.containers[0].image | FieldValueRequired | spec.template.spec.containers[0].image: Required value
                    """)
    void deploymentsAreValidated(String patch, String field, String reason, String message) {
        createDeployment("web", "web:1", "{replicas: 0}");

        Reply reply = api().patch(JsonApi.MERGE_PATCH, deployment("web"), "{spec: " + patch + "}");

        assertThat(reply.code()).isEqualTo(422);
        assertThat(reply.reason()).isEqualTo("Invalid");
        assertThat(reply.message()).isEqualTo("Deployment.apps \"web\" is invalid: " + message);
        assertThat(reply.at("/details/causes/0/field")).isEqualTo(field);
        assertThat(reply.at("/details/causes/0/reason")).isEqualTo(reason);
        assertThat(reply.at("/details/kind")).isEqualTo("Deployment");
    }

    @Test
    void theSelectorIsImmutable() {
        createDeployment("web", "web:1", "{replicas: 0}");

        Reply reply = api().patch(
                        JsonApi.MERGE_PATCH,
                        deployment("web"),
                        "{spec: {selector: {matchLabels: {app: 'web', x: 'y'}},"
                                + " template: {metadata: {labels: {app: 'web', x: 'y'}}}}}");

        assertThat(reply.code()).isEqualTo(422);
        assertThat(reply.message()).startsWith("Deployment.apps \"web\" is invalid: spec.selector: Invalid value: ");
        assertThat(reply.message()).endsWith(": field is immutable");
    }

    @Test
    void theSelectorMustMatchTheTemplate() {
        Reply reply =
                api().post(apps("deployments"), manifest("web", "web:1", "{selector: {matchLabels: {app: 'other'}}}"));

        assertThat(reply.message())
                .isEqualTo("Deployment.apps \"web\" is invalid: spec.template.metadata.labels: Invalid value:"
                        + " {\"app\":\"web\"}: `selector` does not match template `labels`");
    }

    @Test
    void namesAreValidated() {
        Reply reply = api().post(core("configmaps"), json("{metadata: {name: 'Not_A_Name'}}"));

        assertThat(reply.code()).isEqualTo(422);
        assertThat(reply.message())
                .isEqualTo("ConfigMap \"Not_A_Name\" is invalid: metadata.name: Invalid value: \"Not_A_Name\": a"
                        + " lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
                        + " and must start and end with an alphanumeric character (e.g. 'example.com', regex used for"
                        + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }

    @Test
    void anImmutableConfigMapKeepsItsData() {
        api().create(core("configmaps"), json("{metadata: {name: 'a'}, immutable: true, data: {k: 'v'}}"));

        Reply reply = api().patch(JsonApi.MERGE_PATCH, configMap("a"), "{data: {k: 'w'}}");

        assertThat(reply.code()).isEqualTo(422);
        assertThat(reply.message())
                .isEqualTo("ConfigMap \"a\" is invalid: data: Forbidden: field is immutable when `immutable` is set");
    }

    @Test
    void aConfigMapHoldsOneMebibyte() {
        Reply tooMuch = api().post(
                        core("configmaps"),
                        json("{metadata: {name: 'a'}, data: {k: '" + "x".repeat(1024 * 1024 + 1) + "'}}"));
        Reply farTooMuch = api().post(
                        core("configmaps"),
                        json("{metadata: {name: 'a'}, data: {k: '" + "x".repeat(4 * 1024 * 1024) + "'}}"));

        assertThat(tooMuch.code()).isEqualTo(422);
        assertThat(tooMuch.message())
                .isEqualTo("ConfigMap \"a\" is invalid: []: Too long: may not be more than 1048576 bytes");
        assertThat(farTooMuch.code()).isEqualTo(413);
        assertThat(farTooMuch.reason()).isEqualTo("RequestEntityTooLarge");
    }

    @Test
    void aLeaseIsRenewedOnlyFromItsNewestVersion() {
        String leases = "/apis/coordination.k8s.io/v1/namespaces/" + namespace() + "/leases";
        ObjectNode lease = (ObjectNode) api().create(
                        leases,
                        json("{metadata: {name: 'l'}, spec: {holderIdentity: 'me', leaseDurationSeconds: 15,"
                                + " renewTime: '2026-01-01T00:00:00.000000Z'}}"));
        ObjectNode unversioned = lease.deepCopy();
        ((ObjectNode) unversioned.path("metadata")).remove("resourceVersion");

        assertThat(api().put(leases + "/l", Json.with(lease, "spec", json("{holderIdentity: 'you'}")))
                        .code())
                .isEqualTo(200);
        assertThat(api().put(leases + "/l", lease).code()).isEqualTo(409);
        Reply refused = api().put(leases + "/l", unversioned);
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message())
                .isEqualTo(
                        "leases.coordination.k8s.io \"l\" is invalid: metadata.resourceVersion: Invalid value: 0: must be"
                                + " specified for an update");
        assertThat(api().put(leases + "/new", json("{metadata: {name: 'new'}, spec: {}}"))
                        .code())
                .isEqualTo(201);
    }

    @Test
    void aDeletedLeaseIsNotBroughtBackByItsRenewal() {
        String leases = "/apis/coordination.k8s.io/v1/namespaces/" + namespace() + "/leases";
        JsonNode lease = api().create(leases, json("{metadata: {name: 'l'}, spec: {holderIdentity: 'me'}}"));
        api().delete(leases + "/l");

        Reply refused = api().put(leases + "/l", lease);

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.message()).contains("Precondition failed: UID in precondition: ");
        assertThat(api().get(leases + "/l").code()).isEqualTo(404);
    }

    @Test
    void aScaleShowsAndSetsReplicas() {
        createDeployment("web", "web:1", "{replicas: 0}");

        Reply patched = api().patch(JsonApi.MERGE_PATCH, deployment("web") + "/scale", "{spec: {replicas: 2}}");

        assertThat(patched.code()).isEqualTo(200);
        assertThat(patched.at("/kind")).isEqualTo("Scale");
        assertThat(patched.at("/apiVersion")).isEqualTo("autoscaling/v1");
        assertThat(api().get(deployment("web") + "/scale").at("/spec/replicas")).isEqualTo("2");
        assertThat(api().get(deployment("web") + "/scale").at("/status/selector"))
                .isEqualTo("app=web");
        assertThat(api().read(deployment("web")).at("/metadata/generation").asInt())
                .isEqualTo(2);
    }

    @Test
    void everythingMayBeDoneUnlessForbidden() {
        Reply reply = api().post(
                        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                        json("{apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview',"
                                + " spec: {resourceAttributes: {namespace: '" + namespace()
                                + "', verb: 'patch', group: 'apps', resource: 'deployments'}}}"));

        assertThat(reply.code()).isEqualTo(201);
        assertThat(reply.json().at("/status/allowed").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/version, gitVersion, v1.",
        "/version/, gitVersion, v1.",
        "/api, kind, APIVersions",
        "/apis, kind, APIGroupList",
        "/api/v1, kind, APIResourceList",
        "/apis/apps/v1/, groupVersion, apps/v1"
    })
    void theServerDescribesItself(String path, String field, String begin) {
        Reply reply = api().get(path);

        assertThat(reply.code()).isEqualTo(200);
        assertThat(reply.json().path(field).asText()).startsWith(begin);
        assertThat(reply.headers().get("Content-Type")).startsWith("application/json");
        assertThat(reply.headers().get("Date")).isNotEmpty();
    }
}
