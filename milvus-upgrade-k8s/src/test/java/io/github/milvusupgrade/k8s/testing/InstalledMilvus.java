package io.github.milvusupgrade.k8s.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.milvusupgrade.Upgrader;
import io.github.milvusupgrade.k8s.KubernetesMilvusCluster;
import io.github.milvusupgrade.k8s.KubernetesOptions;
import io.github.milvusupgrade.run.UpgradeReport;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A Milvus that a test installed: what it looks like, and the hands of other people on it. */
public final class InstalledMilvus {

    /** What {@link #upgrade} leads to. */
    public static final MilvusVersion TARGET = MilvusVersion.parse("2.2.16");

    public static final String NEW_IMAGE = "milvusdb/milvus:v2.2.16";

    private final TestBed bed;
    private final String release;
    private final JsonApi api;

    public InstalledMilvus(TestBed bed, String release) {
        this.bed = bed;
        this.release = release;
        this.api = bed.api();
    }

    public JsonApi api() {
        return api;
    }

    public String namespace() {
        return bed.namespace();
    }

    public Upgrader.Builder upgrader(KubernetesOptions options) {
        return Upgrader.forCluster(KubernetesMilvusCluster.connect(bed.apiClient(), bed.namespace(), release, options));
    }

    public TestBed bed() {
        return bed;
    }

    public UpgradeReport upgrade(KubernetesOptions options) {
        Upgrader upgrader = upgrader(options).build();
        return upgrader.execute(upgrader.plan(TARGET));
    }

    public RolloutRecord record() {
        return new RolloutRecord(bed);
    }

    public String deploymentsPath() {
        return "/apis/apps/v1/namespaces/" + bed.namespace() + "/deployments";
    }

    private String podsPath() {
        return "/api/v1/namespaces/" + bed.namespace() + "/pods";
    }

    public String configMapPath(String name) {
        return "/api/v1/namespaces/" + bed.namespace() + "/configmaps/" + name;
    }

    /** The Deployments of the instance, by name, Attu among them. */
    public Map<String, JsonNode> deployments() {
        return byName(deploymentsPath());
    }

    public JsonNode deployment(String component) {
        List<JsonNode> found = deployments().values().stream()
                .filter(deployment -> component.equals(ClusterObjects.component(deployment)))
                .toList();
        assertThat(found).as("Deployments of " + component).hasSize(1);
        return found.get(0);
    }

    /** The image of the Milvus container of each Deployment, by component. */
    public Map<String, Set<String>> images() {
        Map<String, Set<String>> images = new TreeMap<>();
        deployments()
                .values()
                .forEach(deployment -> images.computeIfAbsent(
                                ClusterObjects.component(deployment), component -> new TreeSet<>())
                        .add(ClusterObjects.milvusImage(deployment)));
        return images;
    }

    public Set<String> imagesOf(String component) {
        return images().get(component);
    }

    /** Every field of every Deployment that a person would set, by its place: {@code proxy /spec/replicas}. */
    public SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        deployments()
                .forEach((name, deployment) -> ClusterObjects.fields(deployment)
                        .forEach((place, value) -> settings.put(name + " " + place, value)));
        return settings;
    }

    /** What is different from an earlier look at the {@link #settings}: the places with their values now. */
    public Map<String, String> changesSince(SortedMap<String, String> before) {
        SortedMap<String, String> now = settings();
        Map<String, String> changes = new TreeMap<>();
        Stream.concat(before.keySet().stream(), now.keySet().stream())
                .filter(place -> !now.getOrDefault(place, "").equals(before.getOrDefault(place, "")))
                .forEach(place -> changes.put(place, now.getOrDefault(place, "")));
        return changes;
    }

    /**
     * Waits until the Deployment controller has seen every change, every pod that is wanted is available, and none is
     * on its way out: preflight blocks an instance that is not at rest.
     */
    public void awaitSettled() {
        Awaitility.await("the instance to settle")
                .atMost(Duration.ofSeconds(60))
                .until(() -> deployments().values().stream().allMatch(ClusterObjects::isSettled)
                        && byName(podsPath()).values().stream()
                                .allMatch(pod ->
                                        pod.at("/metadata/deletionTimestamp").isMissingNode()));
    }

    /** The pods of a component that are not on their way out, by name; the value tells them apart for ever. */
    public Map<String, String> podUids(String component) {
        Map<String, String> uids = new TreeMap<>();
        byName(podsPath()).forEach((name, pod) -> {
            if (component.equals(ClusterObjects.component(pod))
                    && pod.at("/metadata/deletionTimestamp").isMissingNode()) {
                uids.put(name, pod.at("/metadata/uid").asText());
            }
        });
        return uids;
    }

    /** Waits for a pod of a component in which a text stands. */
    public void awaitPod(String component, String text) {
        Awaitility.await("a pod of " + component + " with " + text)
                .atMost(Duration.ofSeconds(60))
                .until(() -> byName(podsPath()).values().stream()
                        .anyMatch(pod -> component.equals(ClusterObjects.component(pod))
                                && pod.toString().contains(text)));
    }

    /** Somebody else writes user.yaml. */
    public void writeUserYaml(String text) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("data").put("user.yaml", text);
        api.patch(JsonApi.MERGE_PATCH, configMapPath(release + "-milvus"), patch.toString());
    }

    public JsonNode configMap(String name) {
        return api.read(configMapPath(name));
    }

    /** What the Service that clients use selects. */
    public JsonNode selectorOfService() {
        return api.read("/api/v1/namespaces/" + bed.namespace() + "/services/" + release + "-milvus")
                .at("/spec/selector");
    }

    public String userYaml() {
        return configMap(release + "-milvus").at("/data/user.yaml").asText();
    }

    /** Every component is on the target, rolled exactly once, and nothing else is different from before. */
    public void assertUpgradedFrom(SortedMap<String, String> before) {
        Map<String, String> changes = new TreeMap<>();
        Map<String, Integer> rolledOnce = new TreeMap<>();
        deployments().forEach((name, deployment) -> {
            changes.put(name + " " + ClusterObjects.imagePlace(deployment), NEW_IMAGE);
            changes.put(name + " /metadata/labels/app.kubernetes.io/version", TARGET.toString());
            rolledOnce.put(name, 1);
        });
        assertThat(changesSince(before)).isEqualTo(changes);
        assertThat(replicaSetsOn(NEW_IMAGE)).isEqualTo(rolledOnce);
    }

    /** How many ReplicaSets with an image the controller made for each Deployment. */
    public Map<String, Integer> replicaSetsOn(String image) {
        Map<String, Integer> counts = new TreeMap<>();
        byName("/apis/apps/v1/namespaces/" + bed.namespace() + "/replicasets").values().stream()
                .filter(set -> ClusterObjects.milvusImage(set).equals(image))
                .forEach(set ->
                        counts.merge(set.at("/metadata/ownerReferences/0/name").asText(), 1, Integer::sum));
        return counts;
    }

    /** Somebody else changes a Deployment. */
    public void patch(String component, String type, String body) {
        patchNamed(deployment(component).at("/metadata/name").asText(), type, body);
    }

    private void patchNamed(String name, String type, String body) {
        JsonApi.Reply reply = api.patch(type, deploymentsPath() + "/" + name, body, "fieldManager=somebody");
        assertThat(reply.code()).as(reply.text()).isEqualTo(200);
    }

    private Map<String, JsonNode> byName(String path) {
        Map<String, JsonNode> found = new TreeMap<>();
        api.items(path, "labelSelector=app.kubernetes.io/instance=" + release)
                .forEach(item -> found.put(item.at("/metadata/name").asText(), item));
        return found;
    }

    public void setImage(String component, String image) {
        setImageOf(deployment(component).at("/metadata/name").asText(), component, image);
    }

    public void setImageOf(String deployment, String container, String image) {
        String body = "{spec: {template: {spec: {containers: [{name: '" + container + "', image: '" + image + "'}]}}}}";
        patchNamed(deployment, JsonApi.STRATEGIC_PATCH, body);
    }

    public void delete(String component) {
        api.delete(deploymentsPath() + "/"
                + deployment(component).at("/metadata/name").asText());
    }

    /** Deletes the pods of a component that run an image, as an eviction does. */
    public void deletePods(String component, String image) {
        podsOf(component, image).forEach(name -> api.delete(podsPath() + "/" + name));
    }

    private List<String> podsOf(String component, String image) {
        return byName(podsPath()).entrySet().stream()
                .filter(pod -> ClusterObjects.component(pod.getValue()).equals(component)
                        && ClusterObjects.milvusImage(pod.getValue()).equals(image))
                .map(Map.Entry::getKey)
                .toList();
    }

    public void createQuota(String name, int pods) {
        api.create(
                quotasPath(), JsonApi.json("{metadata: {name: '" + name + "'}, spec: {hard: {pods: '" + pods + "'}}}"));
    }

    public void deleteQuota(String name) {
        api.delete(quotasPath() + "/" + name);
    }

    public JsonNode lease() {
        return api.read(leasePath());
    }

    public void seizeLease(String holder) {
        JsonApi.Reply reply = api.patch(JsonApi.MERGE_PATCH, leasePath(), "{spec: {holderIdentity: '" + holder + "'}}");
        assertThat(reply.code()).as(reply.text()).isEqualTo(200);
    }

    /** Lets the time pass after which the lock of a dead process is free. */
    public void expireLease() {
        if (api.get(leasePath()).code() == 200) {
            seizeLease("");
        }
    }

    public void deleteJournals() {
        journals().forEach(name -> api.delete(configMapPath(name)));
    }

    public void annotateJournals() {
        journals()
                .forEach(name -> api.patch(
                        JsonApi.MERGE_PATCH,
                        configMapPath(name),
                        "{metadata: {annotations: {seen: 'by a controller'}}}"));
    }

    private List<String> journals() {
        return api
                .items(
                        "/api/v1/namespaces/" + bed.namespace() + "/configmaps",
                        "labelSelector=app.kubernetes.io/managed-by=milvus-upgrade")
                .stream()
                .map(item -> item.at("/metadata/name").asText())
                .toList();
    }

    private String quotasPath() {
        return "/api/v1/namespaces/" + bed.namespace() + "/resourcequotas";
    }

    private String leasePath() {
        return "/apis/coordination.k8s.io/v1/namespaces/" + bed.namespace() + "/leases/milvus-upgrade-" + release;
    }
}
