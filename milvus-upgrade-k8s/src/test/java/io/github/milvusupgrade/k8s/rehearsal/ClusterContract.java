package io.github.milvusupgrade.k8s.rehearsal;

import static io.github.milvusupgrade.k8s.testing.JsonApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.k8s.testing.JsonApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What controllers, scheduler and nodes do, on top of the API. */
abstract class ClusterContract extends WatchContract {

    @Test
    void aDeploymentBringsUpItsPods() {
        createDeployment("web", "web:1", "{replicas: 2}");
        JsonNode deployment = awaitRolledOut("web");

        JsonNode set = replicaSets("web").get(0);
        String hash = set.at("/metadata/labels/pod-template-hash").asText();
        String setName = set.at("/metadata/name").asText();
        assertThat(setName).isEqualTo("web-" + hash);
        assertThat(set.at("/metadata/annotations/deployment.kubernetes.io~1revision")
                        .asText())
                .isEqualTo("1");
        assertThat(deployment
                        .at("/metadata/annotations/deployment.kubernetes.io~1revision")
                        .asText())
                .isEqualTo("1");
        assertThat(Json.without(deployment.path("status"), "conditions"))
                .isEqualTo(json("{observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2,"
                        + " availableReplicas: 2}"));
        assertThat(described(deployment, "Available"))
                .isEqualTo("True MinimumReplicasAvailable Deployment has minimum availability.");
        assertThat(described(deployment, "Progressing"))
                .isEqualTo("True NewReplicaSetAvailable ReplicaSet \"" + setName + "\" has successfully progressed.");
        assertThat(pods("web")).hasSize(2).allSatisfy(pod -> {
            assertThat(pod.at("/metadata/name").asText()).startsWith(setName + "-");
            assertThat(pod.at("/metadata/labels/pod-template-hash").asText()).isEqualTo(hash);
            assertThat(pod.at("/metadata/ownerReferences/0/uid")).isEqualTo(set.at("/metadata/uid"));
            assertThat(pod.at("/status/phase").asText()).isEqualTo("Running");
            assertThat(pod.at("/spec/nodeName").asText()).isNotEmpty();
            assertThat(condition(pod, "Ready").path("status").asText()).isEqualTo("True");
            assertThat(pod.at("/status/containerStatuses/0/image").asText()).isEqualTo("web:1");
        });
    }

    private String described(JsonNode object, String type) {
        JsonNode condition = condition(object, type);
        return condition.path("status").asText() + " "
                + condition.path("reason").asText() + " "
                + condition.path("message").asText();
    }

    @Test
    void aRollingUpdateKeepsEnoughPodsAvailable() {
        createDeployment("web", "web:1", "{replicas: 4}");
        String version = awaitRolledOut("web").at("/metadata/resourceVersion").asText();

        setImage("web", "web:2");
        List<JsonNode> states = watchUntilRolledOut("web", version);

        assertThat(states)
                .extracting(state -> state.at("/status/availableReplicas").asInt())
                .allMatch(available -> available >= 3);
        assertThat(mostPodsAskedForSince(version, "web:1", "web:2", 4)).isLessThanOrEqualTo(5);
        assertThat(revision("web")).isEqualTo("2");
        assertThat(replicaSets("web"))
                .extracting(set -> set.at("/spec/template/spec/containers/0/image")
                                .asText() + " x" + set.at("/spec/replicas").asInt())
                .containsExactlyInAnyOrder("web:1 x0", "web:2 x4");
    }

    @ParameterizedTest
    @CsvSource({"1, 25%, 25%, 1, 2", "3, 0, 1, 3, 4", "3, 1, 0, 2, 3", "5, 50%, 0, 3, 5"})
    void limitsAreRoundedTheCautiousWay(int replicas, String unavailable, String surge, int least, int most) {
        createDeployment(
                "web",
                "web:1",
                "{replicas: %d, strategy: {rollingUpdate: {maxUnavailable: %s, maxSurge: %s}}}"
                        .formatted(replicas, quoted(unavailable), quoted(surge)));
        awaitRolledOut("web");
        String version = api().get(apps("deployments")).at("/metadata/resourceVersion");

        setImage("web", "web:2");
        List<JsonNode> states = watchUntilRolledOut("web", version);

        assertThat(states)
                .extracting(state -> state.at("/status/availableReplicas").asInt())
                .allMatch(available -> available >= least);
        assertThat(mostPodsAskedForSince(version, "web:1", "web:2", replicas)).isLessThanOrEqualTo(most);
    }

    /**
     * Follows the ReplicaSets of a rollout until it is over. What they ask for is what the controller decided; the
     * statuses, of which that of the Deployment is the sum, may lag behind by a pod.
     */
    private int mostPodsAskedForSince(String version, String oldImage, String newImage, int replicas) {
        Map<String, Integer> sizes = new HashMap<>(Map.of(oldImage, replicas));
        Map<String, Integer> goal = Map.of(oldImage, 0, newImage, replicas);
        int most = replicas;
        try (JsonApi.Watch watch =
                api().openWatch(apps("replicasets"), "resourceVersion=" + version, "timeoutSeconds=10")) {
            while (!sizes.equals(goal)) {
                JsonNode set = Objects.requireNonNull(watch.next()).path("object");
                sizes.put(
                        set.at("/spec/template/spec/containers/0/image").asText(),
                        set.at("/spec/replicas").asInt());
                most = Math.max(
                        most, sizes.values().stream().mapToInt(size -> size).sum());
            }
        }
        return most;
    }

    private static String quoted(String limit) {
        return limit.endsWith("%") ? "'" + limit + "'" : limit;
    }

    @Test
    void goingBackReusesTheOldReplicaSet() {
        createDeployment("web", "web:1", "{replicas: 1}");
        awaitRolledOut("web");
        String first = replicaSets("web").get(0).at("/metadata/name").asText();
        setImage("web", "web:2");
        awaitRolledOut("web");

        setImage("web", "web:1");
        awaitRolledOut("web");

        eventually(() -> assertThat(replicaSets("web"))
                .filteredOn(set -> set.at("/status/replicas").asInt() == 1)
                .extracting(set -> set.at("/metadata/name").asText())
                .containsExactly(first));
        assertThat(replicaSets("web")).hasSize(2);
        assertThat(revision("web")).isEqualTo("3");
    }

    @Test
    void goingBackLateIsNotTooLate() {
        createDeployment("web", "web:1", "{progressDeadlineSeconds: 3}");
        awaitRolledOut("web");
        setImage("web", "web:2");
        String version = awaitRolledOut("web").at("/metadata/resourceVersion").asText();
        JsonNode clock = pod("clock", "{}");
        ((ObjectNode) clock.path("metadata")).set("annotations", json("{'sim.cluster/completes-after': '4s'}"));
        api().create(core("pods"), clock);
        eventually(() -> assertThat(
                        api().read(core("pods/clock")).at("/status/phase").asText())
                .isEqualTo("Succeeded"));

        setImage("web", "web:1");

        assertThat(watchUntilRolledOut("web", version))
                .allSatisfy(state -> assertThat(
                                condition(state, "Progressing").path("reason").asText())
                        .isNotEqualTo("ProgressDeadlineExceeded"));
    }

    @Test
    void aTemplateThatSaysTheSameIsNoNewRevision() {
        createDeployment("web", "web:1", "{replicas: 1}");
        JsonNode deployment = awaitRolledOut("web");
        ObjectNode template = deployment.at("/spec/template").deepCopy();
        ((ObjectNode) template.path("metadata")).putNull("creationTimestamp");
        ((ObjectNode) template.at("/spec/containers/0")).putArray("env");

        JsonApi.Reply reply = api().patch(
                        JsonApi.JSON_PATCH,
                        deployment("web"),
                        "[{op: 'replace', path: '/spec/template', value: " + template + "}]");

        assertThat(reply.code()).isEqualTo(200);
        assertThat(reply.at("/metadata/generation")).isEqualTo("1");
        assertThat(reply.json().at("/spec/template")).isEqualTo(deployment.at("/spec/template"));
    }

    private String revision(String name) {
        return api().read(deployment(name))
                .at("/metadata/annotations/deployment.kubernetes.io~1revision")
                .asText();
    }

    @Test
    void recreateStartsNothingBeforeTheLastOldPodIsGone() {
        createDeployment(
                "web",
                "web:1",
                "{replicas: 2, strategy: {type: 'Recreate'},"
                        + " template: {metadata: {annotations: {'sim.cluster/stops-after': '1s'}}}}");
        String version = awaitRolledOut("web").at("/metadata/resourceVersion").asText();
        String podsVersion = api().get(core("pods")).at("/metadata/resourceVersion");

        setImage("web", "web:2");
        watchUntilRolledOut("web", version);

        List<String> images = new ArrayList<>(List.of("web:1", "web:1"));
        try (JsonApi.Watch watch =
                api().openWatch(core("pods"), "resourceVersion=" + podsVersion, "timeoutSeconds=10")) {
            while (!images.equals(List.of("web:2", "web:2"))) {
                JsonNode event = Objects.requireNonNull(watch.next());
                String image = event.at("/object/spec/containers/0/image").asText();
                if (event.path("type").asText().equals("ADDED")) {
                    assertThat(images).doesNotContain("web:1");
                    images.add(image);
                } else if (event.path("type").asText().equals("DELETED")) {
                    images.remove(image);
                }
            }
        }
    }

    @Test
    void aPausedDeploymentWaits() {
        createDeployment("web", "web:1", "{replicas: 1}");
        awaitRolledOut("web");

        api().patch(JsonApi.MERGE_PATCH, deployment("web"), "{spec: {paused: true}}");
        setImage("web", "web:2");

        eventually(() -> assertThat(described(api().read(deployment("web")), "Progressing"))
                .isEqualTo("Unknown DeploymentPaused Deployment is paused"));
        eventually(() -> assertThat(api().read(deployment("web"))
                        .at("/status/observedGeneration")
                        .asInt())
                .isEqualTo(3));
        assertThat(replicaSets("web")).hasSize(1);
        assertThat(api().read(deployment("web")).at("/status/updatedReplicas").asInt())
                .isZero();

        api().patch(JsonApi.MERGE_PATCH, deployment("web"), "{spec: {paused: null}}");
        awaitRolledOut("web");
        assertThat(pods("web"))
                .filteredOn(PodView::isActive)
                .allSatisfy(pod ->
                        assertThat(pod.at("/spec/containers/0/image").asText()).isEqualTo("web:2"));
    }

    @Test
    void aReadyPodIsAvailableOnlyAfterItsMinimumTime() {
        JsonNode created = createDeployment("web", "web:1", "{replicas: 1, minReadySeconds: 2}");
        String version = created.at("/metadata/resourceVersion").asText();

        List<JsonNode> states = watchUntilRolledOut("web", version);

        assertThat(states).anySatisfy(state -> {
            assertThat(state.at("/status/readyReplicas").asInt()).isEqualTo(1);
            assertThat(state.at("/status/availableReplicas").asInt()).isZero();
            assertThat(state.at("/status/unavailableReplicas").asInt()).isEqualTo(1);
        });
    }

    @Test
    void aMissingImageExceedsTheDeadline() {
        createDeployment("web", "web:1.99", "{replicas: 1, progressDeadlineSeconds: 4}");

        eventually(() -> assertThat(waitingReason("web")).isEqualTo("ErrImagePull"));
        eventually(() -> assertThat(waitingReason("web")).isEqualTo("ImagePullBackOff"));
        eventually(() -> assertThat(described(api().read(deployment("web")), "Progressing"))
                .isEqualTo("False ProgressDeadlineExceeded ReplicaSet \""
                        + replicaSets("web").get(0).at("/metadata/name").asText() + "\" has timed out progressing."));
        assertThat(described(api().read(deployment("web")), "Available"))
                .isEqualTo("False MinimumReplicasUnavailable Deployment does not have minimum availability.");
        String pod = anyPod("web").at("/metadata/name").asText();
        assertThat(api().items(core("events"), "fieldSelector=involvedObject.kind=Pod,involvedObject.name=" + pod))
                .extracting(event -> event.path("reason").asText())
                .contains("Scheduled", "Failed");
    }

    @Test
    void aDeploymentThatTimedOutRecovers() {
        createDeployment("web", "web:1.99", "{replicas: 1, progressDeadlineSeconds: 1}");
        eventually(() -> assertThat(described(api().read(deployment("web")), "Progressing"))
                .contains("ProgressDeadlineExceeded"));

        setImage("web", "web:2");

        assertThat(described(awaitRolledOut("web"), "Progressing")).startsWith("True NewReplicaSetAvailable");
    }

    private String waitingReason(String app) {
        return pods(app)
                .get(0)
                .at("/status/containerStatuses/0/state/waiting/reason")
                .asText();
    }

    @Test
    void aContainerThatCrashesOnceComesBack() {
        createDeployment("web", "web:1", annotated("sim.cluster/fault", "1=crash-once"));

        awaitRolledOut("web");

        JsonNode container = anyPod("web").at("/status/containerStatuses/0");
        assertThat(container.path("restartCount").asInt()).isEqualTo(1);
        assertThat(container.path("ready").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"crash, Error, 1", "oom, OOMKilled, 137"})
    void aContainerThatKeepsCrashingBacksOff(String fault, String reason, int exitCode) {
        createDeployment("web", "web:1", annotated("sim.cluster/fault", "1=" + fault));

        eventually(() -> {
            JsonNode container = anyPod("web").at("/status/containerStatuses/0");
            assertThat(container.path("restartCount").asInt()).isGreaterThanOrEqualTo(2);
            assertThat(container.at("/state/waiting/reason").asText()).isEqualTo("CrashLoopBackOff");
            assertThat(container.at("/lastState/terminated/reason").asText()).isEqualTo(reason);
            assertThat(container.at("/lastState/terminated/exitCode").asInt()).isEqualTo(exitCode);
        });
        assertThat(api().read(deployment("web")).at("/status/readyReplicas").asInt())
                .isZero();
    }

    @Test
    void aContainerWithoutItsConfigurationIsNotCreated() {
        createDeployment("web", "web:1", annotated("sim.cluster/fault", "*=config-error"));

        eventually(() -> assertThat(waitingReason("web")).isEqualTo("CreateContainerConfigError"));
    }

    @Test
    void aFaultOfAnotherTagDoesNothing() {
        createDeployment("web", "web:1", annotated("sim.cluster/fault", "2=never-ready"));

        awaitRolledOut("web");
    }

    private static String annotated(String name, String value) {
        return "{template: {metadata: {annotations: {'" + name + "': '" + value + "'}}}}";
    }

    @Test
    void aQuotaRefusesPods() {
        api().create(core("resourcequotas"), json("{metadata: {name: 'small'}, spec: {hard: {pods: '1'}}}"));
        eventually(() -> assertThat(api().read(core("resourcequotas/small"))
                        .at("/status/hard/pods")
                        .asText())
                .isEqualTo("1"));

        createDeployment("web", "web:1", "{replicas: 2}");

        eventually(() -> {
            JsonNode condition = condition(api().read(deployment("web")), "ReplicaFailure");
            assertThat(condition.path("status").asText()).isEqualTo("True");
            assertThat(condition.path("reason").asText()).isEqualTo("FailedCreate");
            assertThat(condition.path("message").asText())
                    .matches("pods \"web-[a-z0-9]+-[a-z0-9]{5}\" is forbidden: exceeded quota: small, requested:"
                            + " pods=1, used: pods=1, limited: pods=1");
        });
        assertThat(pods("web")).hasSize(1);
    }

    @Test
    void aPodThatNoNodeCanHoldIsUnschedulable() {
        createDeployment(
                "web",
                "web:1",
                "{template: {spec: {containers: [{name: 'main', image: 'web:1', resources: {requests: {cpu: '100'}}}]}}}");

        eventually(() -> {
            JsonNode scheduled = condition(anyPod("web"), "PodScheduled");
            assertThat(scheduled.path("status").asText()).isEqualTo("False");
            assertThat(scheduled.path("reason").asText()).isEqualTo("Unschedulable");
            assertThat(scheduled.path("message").asText()).startsWith("0/3 nodes are available: 3 Insufficient cpu.");
        });
        eventually(() -> assertThat(api().items(core("events"), "fieldSelector=reason=FailedScheduling"))
                .isNotEmpty());
    }

    @Test
    void scalingToZeroLeavesTerminatingPodsForAWhile() {
        createDeployment("web", "web:1", annotated("sim.cluster/stops-after", "3s"));
        awaitRolledOut("web");

        api().patch(JsonApi.MERGE_PATCH, deployment("web") + "/scale", "{spec: {replicas: 0}}");

        eventually(() -> assertThat(pods("web"))
                .singleElement()
                .satisfies(
                        pod -> assertThat(pod.at("/metadata/deletionTimestamp").asText())
                                .isNotEmpty()));
        awaitRolledOut("web");
        assertThat(api().read(deployment("web")).at("/status/replicas").asInt()).isZero();
        eventually(() -> assertThat(pods("web")).isEmpty());
    }

    @Test
    void scalingIsNoNewRevision() {
        createDeployment("web", "web:1", "{replicas: 1}");
        awaitRolledOut("web");

        api().patch(JsonApi.MERGE_PATCH, deployment("web") + "/scale", "{spec: {replicas: 3}}");
        awaitRolledOut("web");

        assertThat(replicaSets("web")).hasSize(1);
        assertThat(revision("web")).isEqualTo("1");
    }

    @Test
    void aDeletedPodIsReplaced() {
        createDeployment("web", "web:1", "{}");
        awaitRolledOut("web");
        JsonNode old = anyPod("web");

        api().delete(core("pods/" + old.at("/metadata/name").asText()));

        eventually(() ->
                assertThat(pods("web")).extracting(ObjectStore::uid).hasSize(1).doesNotContain(ObjectStore.uid(old)));
        awaitRolledOut("web");
    }

    @ParameterizedTest
    @CsvSource({"Background", "Foreground"})
    void whatADeploymentOwnsGoesWithIt(String propagation) {
        createDeployment("web", "web:1", "{}");
        awaitRolledOut("web");

        api().delete(deployment("web"), json("{propagationPolicy: '" + propagation + "'}"));

        eventually(() -> {
            assertThat(api().get(deployment("web")).code()).isEqualTo(404);
            assertThat(replicaSets("web")).isEmpty();
            assertThat(pods("web")).isEmpty();
        });
    }

    @Test
    void anOrphanedReplicaSetStays() {
        createDeployment("web", "web:1", "{}");
        awaitRolledOut("web");

        api().delete(deployment("web"), json("{propagationPolicy: 'Orphan'}"));

        eventually(() -> assertThat(api().get(deployment("web")).code()).isEqualTo(404));
        assertThat(replicaSets("web"))
                .singleElement()
                .satisfies(
                        set -> assertThat(set.at("/metadata/ownerReferences")).isEmpty());
        assertThat(pods("web")).hasSize(1);
    }

    @Test
    void aClaimIsBoundAndAPodWaitsForIt() {
        claim("soon", "standard");
        claim("later", "never");

        eventually(() -> assertThat(api().read(core("persistentvolumeclaims/soon"))
                        .at("/status/phase")
                        .asText())
                .isEqualTo("Bound"));
        api().create(
                        core("pods"),
                        pod("waits", "{volumes: [{name: 'v', persistentVolumeClaim: {claimName: 'later'}}]}"));
        eventually(() -> assertThat(condition(api().read(core("pods/waits")), "PodScheduled")
                        .path("message")
                        .asText())
                .contains("unbound immediate PersistentVolumeClaims"));
        assertThat(api().read(core("persistentvolumeclaims/later"))
                        .at("/status/phase")
                        .asText())
                .isEqualTo("Pending");
    }

    @Test
    void aClaimThatNamesNoClassGetsTheDefaultOne() {
        api().create(
                        core("persistentvolumeclaims"),
                        json("{metadata: {name: 'backup'}, spec: {accessModes: ['ReadWriteOnce'],"
                                + " resources: {requests: {storage: '1Gi'}}}}"));

        eventually(() -> assertThat(api().read(core("persistentvolumeclaims/backup"))
                        .at("/status/phase")
                        .asText())
                .isEqualTo("Bound"));
        JsonNode claim = api().read(core("persistentvolumeclaims/backup"));
        assertThat(claim.at("/spec/storageClassName").asText()).isEqualTo("standard");
        assertThat(claim.at("/spec/volumeName").asText()).isNotEmpty();
        assertThat(claim.at("/status/capacity/storage").asText()).isEqualTo("1Gi");
    }

    private void claim(String name, String storageClass) {
        api().create(
                        core("persistentvolumeclaims"),
                        json("{metadata: {name: '" + name + "'}, spec: {storageClassName: '" + storageClass
                                + "', accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}}}"));
    }

    private static JsonNode pod(String name, String extra) {
        JsonNode manifest = json("{metadata: {name: '" + name
                + "'}, spec: {restartPolicy: 'Never', containers: [{name: 'main', image: 'job:1'}]}}");
        return Json.with(manifest, "spec", MergePatch.apply(manifest.path("spec"), json(extra)));
    }

    @Test
    void aPodThatIsNotRestartedSucceedsAndLeavesItsLog() {
        api().create(core("pods"), pod("job", "{}"));

        eventually(() -> assertThat(
                        api().read(core("pods/job")).at("/status/phase").asText())
                .isEqualTo("Succeeded"));

        JsonNode terminated = api().read(core("pods/job")).at("/status/containerStatuses/0/state/terminated");
        assertThat(terminated.path("reason").asText()).isEqualTo("Completed");
        assertThat(terminated.path("exitCode").asInt()).isZero();
        assertThat(api().get(core("pods/job/log"), "tailLines=1").text())
                .endsWith("this is the last line of its log\n");
        assertThat(api().get(core("pods/job/log"), "container=other").code()).isEqualTo(400);
    }

    @Test
    void aPodThatIsNotRestartedMayFail() {
        JsonNode manifest = pod("job", "{}");
        ((ObjectNode) manifest.path("metadata")).set("annotations", json("{'sim.cluster/fault': '1=crash'}"));
        api().create(core("pods"), manifest);

        eventually(() -> assertThat(
                        api().read(core("pods/job")).at("/status/phase").asText())
                .isEqualTo("Failed"));
        assertThat(api().read(core("pods/job"))
                        .at("/status/containerStatuses/0/state/terminated/exitCode")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aPodThatHasEndedGoesAtOnce() {
        api().create(core("pods"), pod("job", "{}"));
        eventually(() -> assertThat(
                        api().read(core("pods/job")).at("/status/phase").asText())
                .isEqualTo("Succeeded"));

        api().delete(core("pods/job"));

        assertThat(api().get(core("pods/job")).code()).isEqualTo(404);
    }

    @Test
    void whatCannotBeExecutedIsRefused() {
        claim("later", "never");
        api().create(
                        core("pods"),
                        pod("waits", "{volumes: [{name: 'v', persistentVolumeClaim: {claimName: 'later'}}]}"));
        api().create(core("pods"), pod("server", "{restartPolicy: 'Always'}"));
        eventually(() -> assertThat(
                        api().read(core("pods/server")).at("/spec/nodeName").asText())
                .isNotEmpty());

        assertThat(refusal("nobody", "command=true", "stdout=true"))
                .isEqualTo("404 NotFound pods \"nobody\" not found");
        assertThat(refusal("waits", "command=true", "stdout=true"))
                .isEqualTo("400 BadRequest pod waits does not have a host assigned");
        assertThat(refusal("server", "command=true", "stdout=true", "container=other"))
                .isEqualTo("400 BadRequest container other is not valid for pod server");
        assertThat(refusal("server", "command=true", "stdout=true"))
                .isEqualTo("400 BadRequest Upgrade request required");
    }

    private String refusal(String pod, String... query) {
        JsonApi.Reply reply = api().get(core("pods/" + pod + "/exec"), query);
        return reply.code() + " " + reply.reason() + " " + reply.message();
    }

    @Test
    void aPodThatRunsTakesItsTimeToGo() {
        JsonNode manifest = pod("server", "{restartPolicy: 'Always'}");
        api().create(core("pods"), manifest);
        eventually(() -> assertThat(condition(api().read(core("pods/server")), "Ready")
                        .path("status")
                        .asText())
                .isEqualTo("True"));

        JsonApi.Reply deleted = api().delete(core("pods/server"));

        assertThat(deleted.at("/kind")).isEqualTo("Pod");
        assertThat(deleted.at("/metadata/deletionGracePeriodSeconds")).isEqualTo("30");
        eventually(() -> assertThat(api().get(core("pods/server")).code()).isEqualTo(404));
    }

    @Test
    void aStatefulSetNumbersItsPods() {
        JsonNode manifest = manifest("db", "db:1", "{replicas: 2, serviceName: 'db'}");
        api().create(apps("statefulsets"), manifest);

        eventually(() -> assertThat(api().read(apps("statefulsets/db"))
                        .at("/status/readyReplicas")
                        .asInt())
                .isEqualTo(2));
        assertThat(pods("db"))
                .extracting(pod -> pod.at("/metadata/name").asText())
                .containsExactly("db-0", "db-1");
    }

    @Test
    void whatADeploymentDoesIsToldInEvents() {
        createDeployment("web", "web:1", "{}");
        awaitRolledOut("web");

        String set = replicaSets("web").get(0).at("/metadata/name").asText();
        eventually(() -> assertThat(api().items(
                                core("events"), "fieldSelector=involvedObject.kind=Deployment,involvedObject.name=web"))
                .extracting(event ->
                        event.path("type").asText() + " " + event.path("reason").asText() + " "
                                + event.path("message").asText())
                .contains("Normal ScalingReplicaSet Scaled up replica set " + set + " from 0 to 1"));
    }

    /** The states of a Deployment after this version, up to the one in which it is rolled out. */
    private List<JsonNode> watchUntilRolledOut(String name, String version) {
        List<JsonNode> states = new ArrayList<>();
        try (JsonApi.Watch watch = api().openWatch(
                        apps("deployments"),
                        "fieldSelector=metadata.name=" + name,
                        "resourceVersion=" + version,
                        "timeoutSeconds=40")) {
            do {
                JsonNode event = Objects.requireNonNull(watch.next(), name + " was not rolled out in 40 s");
                states.add(event.path("object"));
            } while (!isRolledOut(states.get(states.size() - 1)));
        }
        return states;
    }
}
