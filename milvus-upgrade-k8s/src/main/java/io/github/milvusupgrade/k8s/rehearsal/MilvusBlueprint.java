package io.github.milvusupgrade.k8s.rehearsal;

import io.kubernetes.client.openapi.ApiClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A Milvus instance as the official Helm chart installs it, to be given to {@link RehearsalCluster#seed}. Names,
 * labels, mounts, ports and strategies are the chart's ({@code zilliztech/milvus-helm:charts/milvus/templates}).
 * Immutable: each method returns a changed copy.
 *
 * <pre>{@code
 * MilvusBlueprint.cluster("my-release").namespace("milvus").version("2.2.4").replicas("querynode", 3)
 * }</pre>
 */
public final class MilvusBlueprint {

    private static final List<String> COORDINATORS = List.of("rootcoord", "datacoord", "indexcoord", "querycoord");
    // The newest chart of each line: zilliztech/milvus-helm, index of the published charts.
    private static final Map<String, String> NEWEST_CHARTS = Map.of(
            "2.1", "3.2.18", "2.2", "4.0.34", "2.3", "4.1.28", "2.4", "4.2.25", "2.5", "4.2.58", "2.6", "5.0.17");

    private final String release;
    private final Topology topology;
    private String namespace = "default";
    private String version = "2.2.4";
    private String chart = "";
    private String repository = "milvusdb/milvus";
    private String name = "milvus";
    private String fullname = "";
    private String userYaml = "";
    private String messageQueue;
    private String rootPath = "";
    private int metadataKeys = -1;
    private String sidecar = "";
    private boolean attu;
    private boolean helmRelease;
    private boolean operator;
    private Map<String, Integer> replicas = Map.of();
    private Map<String, String> tags = Map.of();
    private Map<String, Map<String, String>> podAnnotations = Map.of();
    private List<String> queryNodeGroups = List.of();

    private MilvusBlueprint(String release, Topology topology) {
        this.release = release;
        this.topology = topology;
        this.messageQueue = topology == Topology.STANDALONE ? "rocksmq" : "pulsar";
    }

    private MilvusBlueprint(MilvusBlueprint other) {
        this(other.release, other.topology);
        namespace = other.namespace;
        version = other.version;
        chart = other.chart;
        repository = other.repository;
        name = other.name;
        fullname = other.fullname;
        userYaml = other.userYaml;
        messageQueue = other.messageQueue;
        rootPath = other.rootPath;
        metadataKeys = other.metadataKeys;
        sidecar = other.sidecar;
        attu = other.attu;
        helmRelease = other.helmRelease;
        operator = other.operator;
        replicas = other.replicas;
        tags = other.tags;
        podAnnotations = other.podAnnotations;
        queryNodeGroups = other.queryNodeGroups;
    }

    /** A cluster with one Deployment for each of the four coordinators. */
    public static MilvusBlueprint cluster(String release) {
        return new MilvusBlueprint(release, Topology.CLUSTER);
    }

    /** A cluster with one Deployment for all coordinators together. */
    public static MilvusBlueprint mixcoord(String release) {
        return new MilvusBlueprint(release, Topology.MIXCOORD);
    }

    /** Everything in one pod; the message queue is {@code rocksmq} unless {@link #messageQueue} says otherwise. */
    public static MilvusBlueprint standalone(String release) {
        return new MilvusBlueprint(release, Topology.STANDALONE);
    }

    /** Default {@code default}. */
    public MilvusBlueprint namespace(String namespace) {
        return changed(copy -> copy.namespace = namespace);
    }

    /** The Milvus version, without {@code v}; the image tag is {@code v<version>}. Default 2.2.4. */
    public MilvusBlueprint version(String version) {
        return changed(copy -> copy.version = version);
    }

    /** The chart version; by default the newest chart of the Milvus version's line. */
    public MilvusBlueprint chart(String chartVersion) {
        return changed(copy -> copy.chart = chartVersion);
    }

    /** The image without its tag. Default {@code milvusdb/milvus}. */
    public MilvusBlueprint repository(String repository) {
        return changed(copy -> copy.repository = repository);
    }

    /** The image tag of one component, as an interrupted upgrade leaves it. */
    public MilvusBlueprint tag(String component, String tag) {
        return changed(copy -> copy.tags = with(tags, component, tag));
    }

    /** How many replicas a component has, {@code etcd} included. Default 1; etcd of a cluster 3. */
    public MilvusBlueprint replicas(String component, int count) {
        return changed(copy -> copy.replicas = with(replicas, component, count));
    }

    /** The text of {@code user.yaml}. Default empty. */
    public MilvusBlueprint userYaml(String text) {
        return changed(copy -> copy.userYaml = text);
    }

    /** {@code pulsar}, {@code kafka}, {@code rocksmq} …, as it stands in the default configuration. */
    public MilvusBlueprint messageQueue(String name) {
        return changed(copy -> copy.messageQueue = name);
    }

    /**
     * Where metadata lies in etcd, without {@code meta}. By default what 2.1's charts say, {@code by-dev}, and the name
     * of the release for later versions. Instances of one rehearsal cluster share an etcd, so several need several
     * paths.
     */
    public MilvusBlueprint rootPath(String path) {
        return changed(copy -> copy.rootPath = path);
    }

    /** How much metadata there is, in the form of 2.1. By default 400 keys for 2.1, none for later versions. */
    public MilvusBlueprint metadataKeys(int count) {
        return changed(copy -> copy.metadataKeys = count);
    }

    /** The chart's {@code nameOverride}, which changes the label {@code app.kubernetes.io/name}. */
    public MilvusBlueprint nameOverride(String name) {
        return changed(copy -> copy.name = name);
    }

    /** The chart's {@code fullnameOverride}, with which every object's name begins. */
    public MilvusBlueprint fullnameOverride(String fullname) {
        return changed(copy -> copy.fullname = fullname);
    }

    /** A container of this name in front of the Milvus container of every pod, as injected proxies are. */
    public MilvusBlueprint sidecarFirst(String containerName) {
        return changed(copy -> copy.sidecar = containerName);
    }

    /** With the Attu console, which carries Milvus' labels and is none of its components. */
    public MilvusBlueprint attu() {
        return changed(copy -> copy.attu = true);
    }

    /** With further query node Deployments, one for each of these resource groups. */
    public MilvusBlueprint queryNodeGroups(String... groups) {
        return changed(copy -> copy.queryNodeGroups = List.of(groups));
    }

    /** With the Secret in which Helm remembers the release. */
    public MilvusBlueprint helmRelease() {
        return changed(copy -> copy.helmRelease = true);
    }

    /** With the labels of an instance that {@code milvus-operator} manages, instead of Helm's. */
    public MilvusBlueprint operatorManaged() {
        return changed(copy -> copy.operator = true);
    }

    /** An annotation on the pod template of one component, such as {@code sim.cluster/ready-after}. */
    public MilvusBlueprint annotatePods(String component, String annotation, String value) {
        return changed(copy -> copy.podAnnotations =
                with(podAnnotations, component, with(podAnnotations(component), annotation, value)));
    }

    /**
     * Creates the objects on any cluster, in the blueprint's namespace, which has to exist. Returns when they are
     * created; their pods are still to come. Where there are no real images to run, nodes have to be simulated.
     *
     * @throws IllegalStateException if one of them cannot be created
     */
    public void createOn(ApiClient cluster) {
        LiveApi api = new LiveApi(cluster);
        ChartObjects.of(this).forEach(object -> api.create(ResourceType.of(object), namespace, object));
    }

    String release() {
        return release;
    }

    String namespace() {
        return namespace;
    }

    String version() {
        return version;
    }

    String chart() {
        return chart.isEmpty() ? NEWEST_CHARTS.getOrDefault(line(), "4.0.34") : chart;
    }

    String repository() {
        return repository;
    }

    String name() {
        return name;
    }

    /** {@code zilliztech/milvus-helm:charts/milvus/templates/_helpers.tpl}, {@code milvus.fullname}. */
    String fullname() {
        String text = !fullname.isEmpty() ? fullname : release.contains(name) ? release : release + "-" + name;
        return text.substring(0, Math.min(63, text.length())).replaceFirst("-$", "");
    }

    String image(String component) {
        return repository + ":" + tags.getOrDefault(component, "v" + version);
    }

    String userYaml() {
        return userYaml;
    }

    String messageQueue() {
        return messageQueue;
    }

    String rootPath() {
        boolean byDefault = configStyle() == ConfigStyle.ONE_FILE && !operator;
        return !rootPath.isEmpty() ? rootPath : byDefault ? "by-dev" : release;
    }

    int metadataKeys() {
        return metadataKeys >= 0 ? metadataKeys : line().equals("2.1") ? 400 : 0;
    }

    String sidecar() {
        return sidecar;
    }

    boolean hasAttu() {
        return attu;
    }

    boolean hasHelmRelease() {
        return helmRelease;
    }

    boolean isOperatorManaged() {
        return operator;
    }

    boolean isStandalone() {
        return topology == Topology.STANDALONE;
    }

    List<String> queryNodeGroups() {
        return queryNodeGroups;
    }

    int replicas(String component) {
        return replicas.getOrDefault(component, component.equals("etcd") && !isStandalone() ? 3 : 1);
    }

    Map<String, String> podAnnotations(String component) {
        return podAnnotations.getOrDefault(component, Map.of());
    }

    List<String> components() {
        if (isStandalone()) {
            return List.of("standalone");
        }
        List<String> components = new ArrayList<>(topology == Topology.CLUSTER ? COORDINATORS : List.of("mixcoord"));
        components.add(line().equals("2.6") ? "streamingnode" : "indexnode");
        components.addAll(List.of("datanode", "querynode", "proxy"));
        return components;
    }

    /** How the chart brings the configuration into the pods. */
    ConfigStyle configStyle() {
        String[] parts = chart().split("\\.", -1);
        int major = Integer.parseInt(parts[0]);
        int minor = Integer.parseInt(parts[1]);
        if (major < 4 && (minor < 3 || chart().equals("3.3.0") || chart().equals("3.3.1"))) {
            return ConfigStyle.ONE_FILE;
        }
        return major > 4 || (major == 4 && minor >= 2) ? ConfigStyle.READ_BY_MILVUS : ConfigStyle.MERGED_AT_START;
    }

    private String line() {
        String[] parts = version.split("[.-]", -1);
        return parts.length < 2 ? version : parts[0] + "." + parts[1];
    }

    private MilvusBlueprint changed(Consumer<MilvusBlueprint> change) {
        MilvusBlueprint copy = new MilvusBlueprint(this);
        change.accept(copy);
        return copy;
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> changed = new TreeMap<>(map);
        changed.put(key, value);
        return Collections.unmodifiableMap(changed);
    }

    private enum Topology {
        CLUSTER,
        MIXCOORD,
        STANDALONE
    }

    /** The three ways in the chart's history, oldest first. */
    enum ConfigStyle {
        ONE_FILE,
        MERGED_AT_START,
        READ_BY_MILVUS
    }
}
