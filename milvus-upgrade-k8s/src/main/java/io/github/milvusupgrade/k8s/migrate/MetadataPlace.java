package io.github.milvusupgrade.k8s.migrate;

import java.util.List;

/**
 * Where the metadata of an instance is in etcd.
 *
 * @param endpoints the members of etcd as pods reach them, {@code host:port}
 * @param rootPath {@code etcd.rootPath}
 * @param metaSubPath {@code etcd.metaSubPath}
 * @param kvSubPath {@code etcd.kvSubPath}
 */
record MetadataPlace(List<String> endpoints, String rootPath, String metaSubPath, String kvSubPath) {

    MetadataPlace {
        endpoints = List.copyOf(endpoints);
    }

    /** The prefix of all metadata, with a slash at its end. */
    String prefix() {
        return rootPath + "/" + metaSubPath + "/";
    }

    /** The prefix under which each running component keeps a session. */
    String sessions() {
        return prefix() + "session/";
    }
}
