package io.github.milvusupgrade.k8s.probe;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.api.KubeApiException;
import io.github.milvusupgrade.k8s.etcd.Etcd;
import io.github.milvusupgrade.k8s.etcd.EtcdSeat;
import java.util.List;
import java.util.Optional;

/** Reads the sessions of an instance where its etcd can be asked: one run of {@code etcdctl} in a pod of it. */
public final class EtcdSessions {

    private EtcdSessions() {}

    /**
     * All sessions below a prefix.
     *
     * @param seat where etcd is asked; empty if the instance has no etcd of its own that is ready
     * @param prefix with a slash at its end: {@code by-dev/meta/session/}
     */
    public static Seen<List<MilvusSession>> read(KubeApi api, Optional<EtcdSeat> seat, String prefix) {
        if (seat.isEmpty()) {
            return new Seen.Blind<>("there is no pod of an etcd of its own that is ready");
        }
        try {
            return new Seen.Clear<>(new Etcd(api, seat.get())
                    .under(prefix).stream()
                            .map(entry -> MilvusSession.of(entry, prefix))
                            .flatMap(Optional::stream)
                            .toList());
        } catch (KubeApiException e) {
            if (e.is(KubeApiException.Kind.INTERRUPTED)) {
                throw e;
            }
            return new Seen.Blind<>(
                    "the account may not run etcdctl in pod " + seat.get().pod().name());
        } catch (UpgradeException e) {
            return new Seen.Blind<>(
                    e.code() == Code.ETCD_REFUSED
                            ? "etcd wants credentials, which only a migration is told"
                            : "etcdctl in pod " + seat.get().pod().name() + " came to no answer");
        }
    }
}
