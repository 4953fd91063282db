package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sessions that running Milvus pods keep in etcd: {@code milvus-io/milvus:internal/util/sessionutil}. Coordinators
 * hold the key of their role, everybody else one with the number of the server. Coordinators and proxies take theirs
 * back when they stop, nodes leave theirs to expire.
 */
final class MilvusSessions {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Duration TTL = Duration.ofSeconds(20);
    private static final Pattern VERSION = Pattern.compile("^v?(\\d+\\.\\d+\\.\\d+)");
    private static final String CONFIGS = "/milvus/configs/";

    private final RehearsedEtcd etcd;
    private final PodFiles files;
    private final Map<String, List<Registered>> sessions = new HashMap<>();

    MilvusSessions(ObjectStore store, RehearsedEtcd etcd, PodFiles files) {
        this.etcd = etcd;
        this.files = files;
        store.observe(this::onChange);
    }

    private void onChange(Change change) {
        if (change.key().type() != ResourceType.PODS) {
            return;
        }
        ObjectNode pod = change.last();
        String uid = ObjectStore.uid(pod);
        if (change.after() == null) {
            Optional.ofNullable(sessions.remove(uid)).ifPresent(left -> left.forEach(this::leave));
        } else if (PodView.isRunning(pod) && !sessions.containsKey(uid)) {
            for (JsonNode container : pod.path("spec").path("containers")) {
                List<String> roles = roles(container);
                if (!roles.isEmpty()) {
                    sessions.put(uid, register(pod, container, roles));
                }
            }
        }
    }

    /** The first who stands by for a coordinator that leaves takes its place, and keeps a session of its own. */
    private void leave(Registered left) {
        left.leave();
        if (!left.coordinates() || etcd.get(left.exclusive()).isPresent()) {
            return;
        }
        for (List<Registered> pod : sessions.values()) {
            Optional<Registered> heir = pod.stream()
                    .filter(other -> other.exclusive().equals(left.exclusive()))
                    .findFirst();
            if (heir.isPresent()) {
                pod.add(heir.get()
                        .with(etcd.openSession(left.exclusive(), heir.get().value(), TTL)));
                return;
            }
        }
    }

    /** What {@code milvus run …} runs. */
    private static List<String> roles(JsonNode container) {
        List<String> words = new ArrayList<>();
        container.path("command").forEach(word -> words.add(word.asText()));
        container.path("args").forEach(word -> words.add(word.asText()));
        int run = words.indexOf("run");
        if (run < 1 || !words.get(run - 1).endsWith("milvus") || run + 1 == words.size()) {
            return List.of();
        }
        String role = words.get(run + 1);
        return switch (role) {
            case "standalone" -> MilvusMetadata.ROLES;
            case "mixture" ->
                words.subList(run + 2, words.size()).stream()
                        .map(flag -> flag.replaceFirst("^-+", ""))
                        .filter(MilvusMetadata.ROLES::contains)
                        .toList();
            default -> List.of(role);
        };
    }

    private List<Registered> register(JsonNode pod, JsonNode container, List<String> roles) {
        String root = root(pod, container.path("name").asText());
        String ip = pod.path("status").path("podIP").asText();
        String port = container.path("ports").path(0).path("containerPort").asText();
        int id = nextId(root);
        List<Registered> registered = new ArrayList<>();
        for (String role : roles) {
            String exclusive = MilvusMetadata.session(root, role);
            boolean isCoordinator = role.endsWith("coord");
            boolean holdsRole = isCoordinator && etcd.get(exclusive).isEmpty();
            ObjectNode session = Json.object("ServerID", id, "ServerName", role, "Address", ip + ":" + port);
            session.put("Exclusive", isCoordinator).put("TriggerKill", true);
            version(container)
                    .filter(version -> !version.startsWith("2.1."))
                    .ifPresent(version -> session.put("Version", version));
            String key = holdsRole ? exclusive : exclusive + "-" + id;
            EtcdSession opened = etcd.openSession(key, session.toString(), TTL);
            registered.add(new Registered(
                    opened, exclusive, session.toString(), isCoordinator, isCoordinator || role.equals("proxy")));
        }
        return registered;
    }

    /** The number of a server comes from a counter in etcd, which no lease takes away. */
    private int nextId(String root) {
        String counter = root + "/session/id";
        int last = etcd.get(counter)
                .map(bytes -> Integer.parseInt(new String(bytes, StandardCharsets.US_ASCII)))
                .orElse(0);
        etcd.put(counter, Integer.toString(last + 1));
        return last + 1;
    }

    private static Optional<String> version(JsonNode container) {
        String image = container.path("image").asText();
        return Optional.of(VERSION.matcher(image.substring(image.lastIndexOf(':') + 1)))
                .filter(Matcher::find)
                .map(found -> found.group(1));
    }

    /** As the configuration says that is mounted: the whole one of old charts, or the user's on top of the default. */
    private String root(JsonNode pod, String container) {
        String rootPath = "by-dev";
        String metaSubPath = "meta";
        for (String file : List.of("milvus.yaml", "default.yaml", "user.yaml")) {
            JsonNode section =
                    etcdSection(files.text(pod, container, CONFIGS + file).orElse(""));
            rootPath = section.path("rootPath").asText(rootPath);
            metaSubPath = section.path("metaSubPath").asText(metaSubPath);
        }
        return rootPath + "/" + metaSubPath;
    }

    private static JsonNode etcdSection(String yaml) {
        try {
            return YAML.readTree(yaml).path("etcd");
        } catch (JsonProcessingException e) {
            // Milvus would not start with it; what the rehearsal is about is how the upgrade treats the text.
            return Json.object();
        }
    }

    private record Registered(
            EtcdSession session, String exclusive, String value, boolean coordinates, boolean revokes) {

        Registered with(EtcdSession other) {
            return new Registered(other, exclusive, value, coordinates, revokes);
        }

        void leave() {
            if (revokes) {
                session.revoke();
            } else {
                session.abandon();
            }
        }
    }
}
