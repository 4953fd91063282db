package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.cluster.Check;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.state.ConfigMapJournal;
import io.github.milvusupgrade.k8s.state.LeaseLock;
import io.github.milvusupgrade.plan.UpgradePlan;
import java.util.List;

/** All checks of this package, in the order of their ids. */
public final class PreflightChecks {

    private final KubeApi api;
    private final ConfigMapJournal journal;
    private final LeaseLock lock;
    private final RequiredAccess access;

    public PreflightChecks(KubeApi api, ConfigMapJournal journal, LeaseLock lock, RequiredAccess access) {
        this.api = api;
        this.journal = journal;
        this.lock = lock;
        this.access = access;
    }

    /** The checks of a plan; of one that was begun already, only those that do not need an untouched instance. */
    public List<Check> of(UpgradePlan plan, boolean begun) {
        return List.of();
    }
}
