package io.github.milvusupgrade.k8s.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.milvusupgrade.cluster.ClusterId;
import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.config.EffectiveConfig;
import io.github.milvusupgrade.k8s.config.MalformedYamlException;
import io.github.milvusupgrade.k8s.inspect.InstanceConfig;
import io.github.milvusupgrade.k8s.inspect.InstanceInspector;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * Finds out where the metadata of an instance is, and how it will be looked at. What was found becomes facts of the
 * plan, because a migration that is resumed must not find something else.
 *
 * <p>The defaults are those of Milvus 2.1 ({@code milvus-io/milvus:configs/milvus.yaml}). The Service is found as
 * {@code migrate.sh} does: labelled as etcd of the instance, with a port called {@code client}, not headless.
 */
final class MetadataFacts {

    private static final String ENDPOINTS = "migrate.etcd.endpoints";
    private static final String ROOT_PATH = "migrate.etcd.rootPath";
    private static final String META_SUB_PATH = "migrate.etcd.metaSubPath";
    private static final String KV_SUB_PATH = "migrate.etcd.kvSubPath";
    private static final String SIGHT = "migrate.etcd.sight";
    private static final String TOOL_IMAGE = "migrate.toolImage";

    private final KubeApi api;
    private final MigrateOptions options;

    MetadataFacts(KubeApi api, MigrateOptions options) {
        this.api = api;
        this.options = options;
    }

    /** The snapshot with the facts. Reads one ConfigMap, and Services and pods of etcd where they are needed. */
    ClusterSnapshot addTo(ClusterSnapshot snapshot) {
        Function<String, Optional<String>> config = config(snapshot);
        refuseMissingCredentials(snapshot, config);
        List<String> endpoints = endpoints(snapshot.id(), config);
        return snapshot.withFact(ENDPOINTS, String.join(",", endpoints))
                .withFact(ROOT_PATH, path(options.rootPath(), config, "etcd.rootPath", "by-dev"))
                .withFact(META_SUB_PATH, path(options.metaSubPath(), config, "etcd.metaSubPath", "meta"))
                .withFact(KV_SUB_PATH, path(options.kvSubPath(), config, "etcd.kvSubPath", "kv"))
                .withFact(SIGHT, sight(snapshot.id()).name())
                .withFact(TOOL_IMAGE, options.toolImage());
    }

    static MetadataPlace place(ClusterSnapshot snapshot) {
        return new MetadataPlace(
                Arrays.asList(fact(snapshot, ENDPOINTS).split(",")),
                fact(snapshot, ROOT_PATH),
                fact(snapshot, META_SUB_PATH),
                fact(snapshot, KV_SUB_PATH));
    }

    static Sight sight(ClusterSnapshot snapshot) {
        return Sight.valueOf(fact(snapshot, SIGHT));
    }

    static String toolImage(ClusterSnapshot snapshot) {
        return fact(snapshot, TOOL_IMAGE);
    }

    static boolean areIn(ClusterSnapshot snapshot) {
        return snapshot.fact(ENDPOINTS).isPresent();
    }

    private static String fact(ClusterSnapshot snapshot, String name) {
        return snapshot.fact(name)
                .orElseThrow(() -> new IllegalStateException(
                        "The plan of " + snapshot.id() + " does not know " + name + "; was it prepared?"));
    }

    private static String path(
            Optional<String> chosen, Function<String, Optional<String>> config, String name, String otherwise) {
        return InstanceConfig.path(chosen.or(() -> config.apply(name)), otherwise);
    }

    /** Looks up a setting by its name; empty where the instance has no configuration that can be read. */
    private Function<String, Optional<String>> config(ClusterSnapshot snapshot) {
        try {
            Optional<EffectiveConfig> config = InstanceConfig.of(snapshot, api);
            return setting -> config.flatMap(known -> known.value(setting));
        } catch (MalformedYamlException e) {
            throw new UpgradeException(
                    Code.CONFIG_UNUSABLE,
                    "The configuration of " + snapshot.id() + " in ConfigMap "
                            + snapshot.fact(InstanceInspector.CONFIG_MAP).orElse("")
                            + " cannot be read, so it is not known where the metadata is: " + e.getMessage()
                            + ". Mend it; nothing was changed.",
                    e);
        }
    }

    private void refuseMissingCredentials(ClusterSnapshot snapshot, Function<String, Optional<String>> config) {
        if (isOn(config, "etcd.auth.enabled") && options.account().isEmpty()) {
            throw missing(snapshot, "etcd.auth.enabled", "withEtcdAccount");
        }
        if (isOn(config, "etcd.ssl.enabled") && options.certificates().isEmpty()) {
            throw missing(snapshot, "etcd.ssl.enabled", "withEtcdCertificates");
        }
    }

    private static boolean isOn(Function<String, Optional<String>> config, String name) {
        return config.apply(name).filter("true"::equalsIgnoreCase).isPresent();
    }

    private static UpgradeException missing(ClusterSnapshot snapshot, String setting, String option) {
        return new UpgradeException(
                Code.ETCD_REFUSED,
                snapshot.id() + " is configured with " + setting
                        + ": true, so the migration needs credentials for etcd. Name the Secret that holds them with"
                        + " MigrateOptions." + option + ". Nothing was changed.");
    }

    private List<String> endpoints(ClusterId id, Function<String, Optional<String>> config) {
        if (!options.endpoints().isEmpty()) {
            return options.endpoints();
        }
        List<String> configured = config.apply("etcd.endpoints").stream()
                .flatMap(list -> Arrays.stream(list.split(",")))
                .map(String::strip)
                .filter(endpoint -> !endpoint.isEmpty())
                .toList();
        return configured.isEmpty() ? List.of(service(id)) : configured;
    }

    private String service(ClusterId id) {
        List<String> found = api.list(etcdOf(Resource.SERVICES, id)).items().stream()
                .filter(service ->
                        !service.path("spec").path("clusterIP").asText().equals("None"))
                .flatMap(service -> StreamSupport.stream(
                                service.path("spec").path("ports").spliterator(), false)
                        .filter(port -> port.path("name").asText().equals("client"))
                        .map(port -> address(service, port)))
                .toList();
        if (found.size() != 1) {
            throw new UpgradeException(
                    Code.ETCD_UNREACHABLE,
                    "It is not known where the etcd of " + id + " is: its configuration names no etcd.endpoints, and "
                            + (found.isEmpty()
                                    ? "no Service of etcd with a port called client has the label "
                                            + MilvusLabels.ofInstance(id.instance())
                                    : "several Services could be it: " + String.join(", ", found))
                            + ". Say it with MigrateOptions.withEtcdEndpoints. Nothing was changed.");
        }
        return found.get(0);
    }

    private static String address(JsonNode service, JsonNode port) {
        return service.path("metadata").path("name").asText() + ":"
                + port.path("port").asInt();
    }

    /** An etcd that wants credentials is asked from a pod that is given them: its own are not ours to use. */
    private Sight sight(ClusterId id) {
        if (options.blindWait().isPresent()) {
            return Sight.BLIND;
        }
        boolean own = options.endpoints().isEmpty()
                && options.account().isEmpty()
                && options.certificates().isEmpty()
                && !api.list(etcdOf(Resource.PODS, id)).map(PodView::new).isEmpty();
        return own ? Sight.ETCD_POD : Sight.PROBE_POD;
    }

    static Selection etcdOf(Resource resource, ClusterId id) {
        return Selection.all(resource, id.namespace())
                .withLabels(MilvusLabels.ofInstance(id.instance()) + "," + MilvusLabels.NAME + "=etcd");
    }
}
