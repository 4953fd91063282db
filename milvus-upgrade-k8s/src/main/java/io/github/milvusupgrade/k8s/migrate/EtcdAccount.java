package io.github.milvusupgrade.k8s.migrate;

/**
 * Where pods find the name and the password that etcd asks for. The library reads neither: the kubelet hands them to
 * the pods.
 *
 * @param secret a Secret in the namespace of the instance
 * @param userKey its key that holds the user's name
 * @param passwordKey its key that holds the password
 */
public record EtcdAccount(String secret, String userKey, String passwordKey) {}
