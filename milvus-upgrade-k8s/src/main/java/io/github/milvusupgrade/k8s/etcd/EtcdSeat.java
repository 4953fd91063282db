package io.github.milvusupgrade.k8s.etcd;

import io.github.milvusupgrade.k8s.api.ObjectRef;
import java.util.List;

/**
 * Where {@code etcdctl} is run, and how it finds etcd from there.
 *
 * @param pod a running pod whose image has {@code etcdctl}
 * @param container the container
 * @param flags what every call is told: endpoints, certificates; never a password, which comes from the environment
 */
public record EtcdSeat(ObjectRef pod, String container, List<String> flags) {

    /** Copy what is handed in. */
    public EtcdSeat {
        flags = List.copyOf(flags);
    }
}
