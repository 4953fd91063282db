package io.github.milvusupgrade.error;

/**
 * The stable codes of everything that can go wrong. A code never changes its meaning and is never reused; texts may get
 * better with any release, so match on the code. Each has a paragraph in {@code docs/errors.md}.
 */
public enum Code {
    /** No rule leads from the version that runs to the version that was asked for. */
    NO_UPGRADE_PATH("MU-101", "No rule leads from the running version to the target."),
    /** The target image names another version than the target. */
    TARGET_IMAGE_MISMATCH("MU-102", "The target image names another version than the target version."),
    /** The instance runs more than one version, and no unfinished run explains why. */
    MIXED_VERSIONS("MU-103", "Components of the instance run different versions."),
    /** The version of a component cannot be read from its image. */
    UNKNOWN_VERSION("MU-104", "The running version cannot be read from an image."),

    /** The API server cannot be reached. */
    API_UNREACHABLE("MU-201", "The API server cannot be reached."),
    /** The API server does not accept the credentials. */
    CREDENTIALS_REJECTED("MU-202", "The API server does not accept the credentials (401)."),
    /** The API server refuses a verb for lack of permission. */
    PERMISSION_MISSING("MU-203", "A permission is missing (403)."),
    /** The API server answered a request with an error. */
    API_REFUSED("MU-204", "The API server refused a request."),
    /** No workload of the instance exists in the namespace. */
    INSTANCE_NOT_FOUND("MU-205", "There is no such Milvus instance in the namespace."),
    /** Milvus Operator owns the instance and would undo every change. */
    OPERATOR_MANAGED("MU-206", "The instance is managed by Milvus Operator."),
    /** The namespace does not exist. */
    NAMESPACE_NOT_FOUND("MU-207", "The namespace does not exist."),

    /** At least one preflight check failed or could not be decided. */
    PREFLIGHT_BLOCKED("MU-301", "Preflight found something that forbids the upgrade."),
    /** What runs now is not what the plan was made for. */
    PLAN_CHANGED("MU-302", "What would run is not what was planned or approved."),
    /** This release of the library cannot execute the path, only explain it. */
    PATH_NOT_EXECUTABLE("MU-303", "The path is known but cannot be executed by this release."),

    /** Another process holds the lock of the instance. */
    LOCK_HELD("MU-401", "Another process holds the lock of the instance."),
    /** The lock was lost while a run was going on, so nothing more was written. */
    LOCK_LOST("MU-402", "The lock was lost during the run."),
    /** An earlier run of the instance is unfinished. */
    RUN_UNFINISHED("MU-403", "An earlier run is unfinished: resume it, roll it back or abandon it first."),
    /** No journal knows the run. */
    RUN_UNKNOWN("MU-404", "The journal knows no such run."),
    /** The run has ended in a way that leaves nothing to resume or to roll back. */
    RUN_ENDED("MU-405", "The run has ended: there is nothing to resume or to roll back."),
    /** The journal cannot be read. */
    JOURNAL_UNREADABLE("MU-406", "The journal cannot be read by this release."),
    /** The journal could not be written, so the step was not begun. */
    JOURNAL_WRITE_FAILED("MU-407", "The journal could not be written."),
    /** A step that was begun has no way back, or a later run stands on this one. */
    ROLLBACK_IMPOSSIBLE("MU-408", "The run cannot be taken back."),
    /** The run was cancelled by its caller. */
    CANCELLED("MU-409", "The run was cancelled."),
    /** A probe saw less availability than its budget allows, or cannot see. */
    BUDGET_BROKEN("MU-410", "A probe saw less availability than its budget allows, or could not see."),

    /** A step did not finish in its time. */
    STEP_TIMED_OUT("MU-501", "A step did not finish in its time."),
    /** A step threw an exception of its own. */
    STEP_FAILED("MU-502", "A step failed."),
    /** A pod cannot get its image. */
    IMAGE_UNAVAILABLE("MU-511", "A pod cannot get its image."),
    /** A container keeps crashing. */
    CRASH_LOOP("MU-512", "A container keeps crashing."),
    /** A container was killed for using more memory than its limit. */
    OUT_OF_MEMORY("MU-513", "A container was killed for want of memory."),
    /** A container cannot be created from its configuration. */
    CONTAINER_CONFIG("MU-514", "A container cannot be created from its configuration."),
    /** No node takes a pod. */
    UNSCHEDULABLE("MU-515", "No node takes a pod."),
    /** The API server refuses to create pods: quota, limits, admission. */
    PODS_REFUSED("MU-516", "The API server refuses to create pods."),
    /** A volume claim of a pod is not bound. */
    VOLUME_PENDING("MU-517", "A volume of a pod is not bound."),
    /** A rollout made no progress within its deadline. */
    NO_PROGRESS("MU-518", "A rollout made no progress within its deadline."),
    /** A pod does not go away. */
    STUCK_TERMINATING("MU-519", "A pod does not go away."),
    /** Somebody else changed the object that is being upgraded. */
    CHANGED_BY_OTHERS("MU-520", "Somebody else changed what is being upgraded."),
    /** A workload vanished. */
    WORKLOAD_GONE("MU-521", "A workload vanished during the run."),
    /** A rollout is paused. */
    ROLLOUT_PAUSED("MU-522", "A rollout is paused."),
    /** A component that was rolled out before is not healthy any more. */
    UNHEALTHY("MU-523", "A component is not healthy."),
    /** After the last step a component does not run the target image. */
    NOT_ON_TARGET("MU-524", "A component does not run the target image."),
    /** The configuration of Milvus cannot be read or edited safely. */
    CONFIG_UNUSABLE("MU-525", "The configuration of Milvus cannot be read or edited safely."),
    /** A component was rolled out, but what its gate has to see did not come in time. */
    GATE_NOT_PASSED("MU-526", "A component was rolled out, but does not serve."),

    /** The record that Helm keeps of the release cannot be read. */
    RELEASE_UNREADABLE("MU-601", "The record of a Helm release cannot be read."),
    /** A chart repository does not answer, or does not hand out what it lists. */
    CHART_UNAVAILABLE("MU-602", "A chart repository or a chart cannot be reached."),
    /** The repository has no chart of that version, or none for that Milvus version. */
    CHART_NOT_FOUND("MU-603", "A chart repository does not hold such a chart."),
    /** An index or a chart is malformed, too large, or not the one that was asked for. */
    CHART_UNUSABLE("MU-604", "A chart or the index of a repository cannot be used."),
    /** Values for a chart are no YAML, or no keys and values. */
    VALUES_UNUSABLE("MU-605", "Values for a chart cannot be read."),
    /** Helm knows no such release, it is not one of Milvus, or nothing of it was ever deployed. */
    RELEASE_NOT_UPGRADABLE("MU-606", "There is no Helm release of Milvus that can be upgraded."),

    /** Helm cannot be started: the program or the library is missing, or its files cannot be written. */
    HELM_UNAVAILABLE("MU-650", "Helm cannot be started."),
    /** The Helm that was found is too old, or newer than this release knows. */
    HELM_VERSION_UNSUPPORTED("MU-651", "The version of Helm is not supported."),
    /** Helm answered something that cannot be understood. */
    HELM_OUTPUT_UNREADABLE("MU-652", "The answer of Helm cannot be understood."),
    /** Helm knows no such release, or not the revision of it. */
    HELM_RELEASE_MISSING("MU-653", "Helm knows no such release or revision."),
    /** Another change of the release goes on, or one was broken off and left it pending. */
    HELM_BUSY("MU-654", "Another operation of Helm on the release is in progress."),
    /** Helm was not done in its time. */
    HELM_TIMED_OUT("MU-655", "Helm was not done in its time."),
    /** Helm failed for a reason that its own text tells. */
    HELM_FAILED("MU-656", "Helm failed."),
    /** The kind of Helm client that is used cannot do this. */
    HELM_UNSUPPORTED("MU-657", "This Helm client cannot do what was asked."),

    /** Nothing is there, or what is there belongs to somebody else: {@code etcd.rootPath} may be wrong. */
    METADATA_NOT_FOUND("MU-701", "Etcd does not hold the metadata of the instance where it should be."),
    /** Look at etcd, its endpoints, its quorum and its alarms. */
    ETCD_UNREACHABLE("MU-702", "Etcd cannot be asked."),
    /** Hand over an account or certificates. */
    ETCD_REFUSED("MU-703", "Etcd asks for other credentials."),
    /** Something that was not stopped keeps them. */
    SESSIONS_ALIVE("MU-704", "Sessions of Milvus in etcd did not end."),
    /** Something started pods again, and the metadata is not touched meanwhile. */
    STILL_RUNNING("MU-705", "Pods of the instance run although it was stopped."),
    /** Look at the log of its pod. */
    TOOL_FAILED("MU-711", "The migration tool failed."),
    /** Its pod was removed. */
    TOOL_TIMED_OUT("MU-712", "The migration tool did not end in its time."),
    /** It was deleted, evicted, or its node was lost. */
    POD_ENDED("MU-713", "A pod of the migration ended before it should."),
    /** Nothing is converted without a backup that was read to its end. */
    BACKUP_UNUSABLE("MU-750", "The backup of the metadata cannot be trusted."),
    /** The backup is brought back. */
    CONVERSION_IN_DOUBT("MU-751", "It is not known whether the metadata was converted."),
    /** Milvus is stopped and stays so; the message says where the backup is. */
    RESTORE_FAILED("MU-752", "The metadata could not be restored.");

    private final String id;
    private final String meaning;

    Code(String id, String meaning) {
        this.id = id;
        this.meaning = meaning;
    }

    /** The code as it is printed and stored, such as {@code MU-511}. */
    public String id() {
        return id;
    }

    /** One sentence that says what the code stands for. */
    public String meaning() {
        return meaning;
    }

    @Override
    public String toString() {
        return id;
    }
}
