package io.github.milvusupgrade.k8s.etcd;

import io.github.milvusupgrade.k8s.api.ObjectRef;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.view.ContainerSpec;
import io.github.milvusupgrade.k8s.view.PodView;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

    /** The seat in a pod of an instance's own etcd, if one of these is it and is ready. */
    public static Optional<EtcdSeat> among(List<PodView> pods, String namespace) {
        return pods.stream()
                .filter(pod -> pod.labels().getOrDefault(MilvusLabels.NAME, "").equals("etcd"))
                .filter(pod -> pod.ready() && !pod.deleting())
                .min(Comparator.comparing(PodView::name))
                .map(pod -> new EtcdSeat(
                        Resource.PODS.in(namespace, pod.name()),
                        containerOf(pod),
                        List.of("--dial-timeout=5s", "--command-timeout=10s")));
    }

    private static String containerOf(PodView pod) {
        return pod.containers().stream()
                .map(ContainerSpec::name)
                .filter("etcd"::equals)
                .findFirst()
                .orElseGet(() -> pod.containers().get(0).name());
    }
}
