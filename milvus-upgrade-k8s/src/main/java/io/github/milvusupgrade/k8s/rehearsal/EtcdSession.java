package io.github.milvusupgrade.k8s.rehearsal;

/** A live session in a {@link RehearsedEtcd}. Safe for use by several threads. */
public final class EtcdSession {

    private final RehearsedEtcd etcd;
    private final long lease;

    EtcdSession(RehearsedEtcd etcd, long lease) {
        this.etcd = etcd;
        this.lease = lease;
    }

    /** Ends it at once, as a component does that stops in order. */
    public void revoke() {
        etcd.revoke(lease);
    }

    /** Keeps it alive no longer, as a component does that is killed: its key goes when its time is over. */
    public void abandon() {
        etcd.letGo(lease);
    }
}
