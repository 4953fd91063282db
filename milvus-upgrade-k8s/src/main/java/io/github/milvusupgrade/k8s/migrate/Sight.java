package io.github.milvusupgrade.k8s.migrate;

/** How etcd is looked into. */
enum Sight {
    /** By {@code etcdctl} in a pod of the instance's own etcd. */
    ETCD_POD("etcdctl in the pod of etcd"),
    /** By {@code etcdctl} in a pod made for it. */
    PROBE_POD("etcdctl in a pod made for it"),
    /** Not at all. */
    BLIND("not at all");

    private final String words;

    Sight(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
