package io.github.milvusupgrade.k8s.migrate;

/**
 * Where pods find the certificates to talk TLS with etcd. The library reads none of them: the kubelet mounts them into
 * the pods.
 *
 * @param secret a Secret in the namespace of the instance
 * @param authorityKey its key that holds the certificate of the authority
 * @param certificateKey its key that holds the client's certificate
 * @param privateKeyKey its key that holds the client's private key
 */
public record EtcdCertificates(String secret, String authorityKey, String certificateKey, String privateKeyKey) {

    /** With the keys of a Secret of type {@code kubernetes.io/tls} as cert-manager fills it. */
    public static EtcdCertificates of(String secret) {
        return new EtcdCertificates(secret, "ca.crt", "tls.crt", "tls.key");
    }
}
