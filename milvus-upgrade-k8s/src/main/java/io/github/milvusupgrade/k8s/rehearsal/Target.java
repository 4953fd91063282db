package io.github.milvusupgrade.k8s.rehearsal;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The object or the collection that a path names.
 *
 * @param name empty for a collection
 * @param subresource such as {@code status}, or empty
 * @param rest what follows the subresource: the path that a proxied pod is asked for
 */
record Target(ResourceType type, String namespace, String name, String subresource, String rest) {

    private static final Set<String> OF_NAMESPACES = Set.of("status", "finalize");

    /** Null if the path names no resource that is stored here. */
    static @Nullable Target parse(String rawPath) {
        List<String> path = Stream.of(rawPath.split("/"))
                .filter(segment -> !segment.isEmpty())
                .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
        int start =
                path.isEmpty() ? 0 : path.get(0).equals("api") ? 2 : path.get(0).equals("apis") ? 3 : 0;
        if (start == 0 || path.size() <= start) {
            return null;
        }
        String group = start == 2 ? "" : path.get(1);
        String version = path.get(start - 1);
        List<String> names = path.subList(start, path.size());
        String namespace = "";
        if (names.size() > 2 && names.get(0).equals("namespaces") && !OF_NAMESPACES.contains(names.get(2))) {
            namespace = names.get(1);
            names = names.subList(2, names.size());
        }
        ResourceType type = ResourceType.find(group, version, names.get(0)).orElse(null);
        if (type == null || (!type.namespaced() && !namespace.isEmpty())) {
            return null;
        }
        String rest = names.size() > 3 ? "/" + String.join("/", names.subList(3, names.size())) : "/";
        return new Target(type, namespace, at(names, 1), at(names, 2), rest);
    }

    /** As access rules write it: {@code deployments}, {@code deployments/scale}. */
    String resource() {
        return subresource.isEmpty() ? type.plural() : type.plural() + "/" + subresource;
    }

    ObjectKey key() {
        return new ObjectKey(type, namespace, name);
    }

    private static String at(List<String> names, int index) {
        return names.size() > index ? names.get(index) : "";
    }
}
