package io.github.milvusupgrade.error;

import java.util.StringJoiner;

/** Writes down every code for people, as Markdown: what it means and what to do. */
final class ErrorsDocument {

    private ErrorsDocument() {}

    static String write() {
        StringJoiner lines = new StringJoiner("\n", "", "\n");
        lines.add("""
                # Error codes

                Generated from `Code` and `ErrorsDocument`; do not edit. To write it again:

                ```
                %s
                ```

                Match on the code: it never changes its meaning and is never used again, while texts get better. A failed
                execution does not throw; its report carries the code in `failure()`, and `throwIfFailed()` turns it into an
                exception with the same code. In what follows `resume`, `planRollback`, `abandon` and `runs` are methods of
                `Upgrader`.""".formatted(ErrorsDocumentTest.REGENERATE));
        String group = "";
        for (Code code : Code.values()) {
            if (!group.equals(group(code))) {
                group = group(code);
                lines.add("").add("## " + group);
            }
            lines.add("").add("### " + code.id() + " " + code.name());
            lines.add("").add(code.meaning());
            lines.add("").add(remedy(code));
        }
        return lines.toString();
    }

    private static String group(Code code) {
        return switch (code.id().charAt("MU-".length())) {
            case '1' -> "No plan could be made";
            case '2' -> "The cluster could not be asked, or must not be touched";
            case '3' -> "The plan must not start";
            case '4' -> "Runs, their lock and their journal";
            case '5' -> "A step failed";
            case '6' -> "Helm releases, charts and values";
            case '7' -> "The metadata, when it is migrated from 2.1";
            default -> throw new IllegalStateException("No group is known for " + code + ".");
        };
    }

    /** Every code needs one: the compiler asks for it. */
    static String remedy(Code code) {
        return switch (code) {
            case NO_UPGRADE_PATH -> """
                    The message names the rule that refuses, why, and the nearest way that is open. Choose another target, or go
                    through the version it names. `docs/paths.md` lists every rule. If you know better for your instance, put a
                    rule of your own in front: `UpgradePathRules.official().withFirst(…)`.""";
            case TARGET_IMAGE_MISMATCH -> """
                    The tag of the image that was passed to `plan` names a Milvus version, and it is not the target. Correct the
                    tag or the target; the library does not guess which one was meant.""";
            case MIXED_VERSIONS -> """
                    If the message names an unfinished run, that is how an interrupted upgrade looks: resume it or roll it back.
                    If not, somebody changed images by hand. Bring all components to one of the listed versions, then plan
                    again.""";
            case UNKNOWN_VERSION -> """
                    The tag of an image is no release, such as `latest` or a build of a branch. Find out what runs (Milvus logs
                    its version when it starts) and state it with `Upgrader.Builder.sourceVersion`. Do not state it by guess:
                    the path depends on it.""";
            case API_UNREACHABLE -> """
                    No answer came from the API server: look at the cause in the message for the host, DNS, TLS or a proxy. If a
                    run was going on, nothing more was written; once the server answers, `resume` the run, which first reads
                    what its last write has done.""";
            case CREDENTIALS_REJECTED -> """
                    The token or certificate of the `ApiClient` that you passed in is expired or wrong. Renew it, then `resume`
                    the run if one was begun. Long runs need credentials that renew themselves, such as those of a service
                    account in the cluster.""";
            case PERMISSION_MISSING -> """
                    The message names the verb, the resource and the namespace. Grant them to the identity that runs the upgrade;
                    a namespaced Role is enough. Preflight asks for every permission before anything is changed, so check
                    whether somebody took it away during the run.""";
            case API_REFUSED -> """
                    The API server understood the request and said no; its own reason is in the message, such as an invalid
                    field or an admission webhook. Remove the reason. Repeating the request unchanged will not help, so it was
                    not repeated.""";
            case INSTANCE_NOT_FOUND -> """
                    No workload in the namespace carries the label `app.kubernetes.io/instance` with this name. Check both names
                    with `kubectl get deployments --all-namespaces -l app.kubernetes.io/instance=<name>`. The name is that of
                    the Helm release, not of the chart.""";
            case OPERATOR_MANAGED -> """
                    Milvus Operator owns the workloads and would undo every change. Change `spec.components.image` of its Milvus
                    resource instead; the operator does the rest.""";
            case NAMESPACE_NOT_FOUND -> """
                    The namespace does not exist on the API server that the `ApiClient` talks to. Check its spelling, and that
                    the kubeconfig or context is that of the right cluster.""";
            case PREFLIGHT_BLOCKED -> """
                    Nothing was changed. Each blocking finding says what was seen and what to do; `FAIL` is known to be wrong,
                    `UNKNOWN` could not be decided, which blocks as well. Remove what blocks. If a finding is wrong for your
                    instance, `Upgrader.Builder.waive` takes the id of that one check and a reason, which is kept in the report.""";
            case PLAN_CHANGED -> """
                    The digest of the plan is not the one that was approved or begun. Either another release or configuration of
                    the library makes it now (rules, customizers, options), or its text was edited, or the run that it rolls
                    back went on since. Use the configuration that made the plan, with every change to it in
                    `Upgrader.Builder.customize`; or make a new plan and have it approved.""";
            case PATH_NOT_EXECUTABLE -> """
                    The way is known and explained by the path, but no steps for this kind of hop are there. Do this hop by the
                    guide that the rule names as its source, then plan the rest from the version that runs then.""";
            case LOCK_HELD -> """
                    Another process upgrades this instance; the message names it. Wait until it is done, or stop it: its lock then
                    expires by itself. Do not delete the lock by hand while the process may live, or two will write at once.""";
            case LOCK_LOST -> """
                    The process could not renew its lock in time, through a long pause or an API server that did not answer, and
                    stopped writing, to the instance and to the journal. See with `runs` whether another process went on with
                    the run; if not, `resume` it.""";
            case RUN_UNFINISHED -> """
                    An earlier run failed, was cancelled or died after it had begun. `resume` it to go on, `planRollback` and
                    execute that to go back, or `abandon` it if you have put everything right by hand. A run is not resumed
                    while another one takes it back: finish that one first.""";
            case RUN_UNKNOWN -> """
                    The message lists the runs that the journal does know. Check the id, and that the upgrader uses the journal,
                    namespace and instance that the run was written for. Old finished runs may have been removed.""";
            case RUN_ENDED -> """
                    The run succeeded, was rolled back, was abandoned or has changed nothing, so there is nothing left to do with
                    it. Make a new plan. A run that was taken back in part cannot go on either: finish the way back with
                    `planRollback`, or `abandon` it.""";
            case JOURNAL_UNREADABLE -> """
                    The message names the file or object. If a newer release of the library wrote it, use that one. If it is
                    damaged, keep a copy, compare what each component runs with the plan in its header, bring the instance to
                    one version by hand, and then remove the journal of that run.""";
            case JOURNAL_WRITE_FAILED -> """
                    What cannot be written down is not done: the step was not begun, or its outcome is not recorded and it will be
                    applied again, which does no harm. Make room, restore the permission or the connection, then `resume`.""";
            case ROLLBACK_IMPOSSIBLE -> """
                    The message says which of three it is. A step that was begun has no way back: the plan showed it below the
                    point of no return; go on with `resume`. A later run stands on this one: roll that one back first. The run
                    is itself a way back: resume it, or plan the upgrade again.""";
            case CANCELLED -> """
                    Somebody asked the run to stop, or interrupted its thread. What was done stays, and the instance may run two
                    versions. `resume` the run, or execute its `planRollback`.""";
            case BUDGET_BROKEN -> """
                    One of your probes had no success for longer, or succeeded less often, than its `AvailabilityBudget` allows;
                    the message names the probe, the gap, the step it began in and the last failure. Before the first step the
                    same code says that the probe does not succeed at all, or that the executors which it was given do not
                    work; then nothing was changed. Otherwise find out whether the instance serves again: `resume` goes on and
                    measures anew, `planRollback` goes back. If the budget says so, the run was taken back already.""";
            case STEP_TIMED_OUT -> """
                    The message says what was waited for and how it stood at the end. Look at that object. If it only needs longer
                    on your cluster, raise the time in the options of the path; then `resume`, which waits again and does not
                    begin anew.""";
            case STEP_FAILED -> """
                    A step threw an exception that the library does not know; it stands in the message, and its stack trace in the
                    log. For a step of your own, look there. For one of the library, please report it. After a fix, `resume`.""";
            case IMAGE_UNAVAILABLE -> """
                    The node cannot pull the image: it does not exist, the registry wants credentials, or it is out of reach. Try
                    `docker pull` with the image in the message, check `imagePullSecrets` and registry mirrors. Old pods keep
                    serving. Then `resume`, or roll back and plan with another image.""";
            case CRASH_LOOP -> """
                    The last lines of the container's log are in the message; `kubectl logs --previous` shows more. Usual reasons
                    are configuration that the new version does not take, and dependencies (etcd, storage, queue) that it does
                    not reach. Remove the reason and `resume`, or roll back.""";
            case OUT_OF_MEMORY -> """
                    The container used more memory than its limit, often while it loads or compacts what the old version left.
                    Raise `resources.limits.memory` of the workload that the message names, then `resume`.""";
            case CONTAINER_CONFIG -> """
                    A Secret, ConfigMap or key that the pod refers to is missing, or its command cannot be run; the reason in the
                    message names it. Create or correct it, then `resume`.""";
            case UNSCHEDULABLE -> """
                    The message carries the scheduler's reason: too little CPU or memory, taints, affinity, topology. A rolling
                    upgrade needs room for one pod more of each component. Make room or let the autoscaler do so, then
                    `resume`.""";
            case PODS_REFUSED -> """
                    The controller may not create pods: a ResourceQuota is used up, a LimitRange or a pod security policy is
                    violated, or a webhook denies them. The message has the reason. Change the policy or the workload, then
                    `resume`.""";
            case VOLUME_PENDING -> """
                    A PersistentVolumeClaim of the pod is not bound. `kubectl describe pvc` says why: no such storage class, no
                    capacity, or a volume in another zone. Solve that, then `resume`.""";
            case NO_PROGRESS -> """
                    Kubernetes saw no pod become ready within the progress deadline of the Deployment, and nothing more precise was
                    found. Look at the events and the readiness of the pods that the message names. Then `resume`, or roll
                    back.""";
            case STUCK_TERMINATING -> """
                    An old pod does not go away: its node may be down, or a finalizer holds it. Until it is gone two versions may
                    write. Bring the node back or remove the finalizer's reason; force deletion only if the node is known to be
                    dead. Then `resume`.""";
            case CHANGED_BY_OTHERS -> """
                    Somebody, or something such as Argo CD, Flux or an operator, changed the object during the run; the message
                    shows the difference and, if known, who. Suspend that automation for the time of the upgrade and settle
                    which state is right. Then `resume` to go on, or roll back.""";
            case WORKLOAD_GONE -> """
                    A Deployment that is part of the plan was deleted during the run. It is not made again, because that may be on
                    purpose. Restore it with Helm or from a backup and `resume`; or `abandon` the run and make a new plan.""";
            case ROLLOUT_PAUSED -> """
                    Somebody paused the rollout of the Deployment, and that is respected. Find out why, continue with
                    `kubectl rollout resume`, then `resume` the run.""";
            case UNHEALTHY -> """
                    A component runs, but Milvus does not report it healthy, or it was healthy before and is not any more. Look at
                    its log and at the dependencies that the message names. The steps that follow were not begun. `resume`, or
                    roll back.""";
            case NOT_ON_TARGET -> """
                    After the last step, a pod still runs another image than the target. Something else sets it: an operator, a
                    GitOps controller or a mutating webhook. Suspend it, then `resume` to verify again.""";
            case CONFIG_UNUSABLE -> """
                    `user.yaml` or another part of the configuration is no valid YAML, or cannot be changed without changing what
                    it means; the message has line and column. Nothing was written. Correct the ConfigMap, or make the change
                    that the message asks for by hand, then plan again or `resume`.""";
            case GATE_NOT_PASSED -> """
                    Kubernetes calls the component rolled out, but Milvus itself does not serve with it; the message says what is
                    missing: a coordinator that does not become active, a node that does not register or takes nothing over, or
                    what a gate of your own asks for. No component after it was touched. Look at the log of the pods that the
                    message names. `resume` asks again and goes on once it is there; `planRollback` brings the old pods back.
                    If it only needs longer, raise `KubernetesOptions.withGateBudget`.""";
            case RELEASE_UNREADABLE -> """
                    The Secret `sh.helm.release.v1.<release>.v<revision>` is damaged, or a newer Helm writes another form. Compare
                    with `helm history`: if Helm cannot read it either, restore the Secret from a backup. Nothing was changed.""";
            case CHART_UNAVAILABLE -> """
                    The message names the address and what came back. Check it with `curl`, and the credentials that you passed;
                    a proxy may stand in between. Without a network, pass a folder or the `.tgz` of the chart instead of a
                    URL.""";
            case CHART_NOT_FOUND -> """
                    The message says what the repository does hold. `milvus-io/milvus-helm` is archived and ends with chart 4.0.31:
                    use `https://zilliztech.github.io/milvus-helm/`. Or name another chart version, and the image with it.""";
            case CHART_UNUSABLE -> """
                    What was read is no index or no chart, is larger than any that is known, or does not have the digest that the
                    index promised. An address that answers with a login page looks like that, too. Nothing was kept of it. Fetch
                    the chart by other means, compare its digest, and pass the `.tgz`.""";
            case VALUES_UNUSABLE -> """
                    The values that you passed are no YAML mapping; the message has line and column. Correct them and plan
                    again.""";
            case RELEASE_NOT_UPGRADABLE -> """
                    Helm knows no release of that name in the namespace, or it was installed by another chart, or none of its
                    revisions is deployed; the message says which. See `helm list --all` in the namespace. If Milvus is a part of
                    another chart, upgrade that chart. Nothing was changed.""";
            case HELM_UNAVAILABLE -> """
                    The program `helm` is not where it was looked for, may not be executed, or has no room for its files; or
                    helm-java was chosen and is not on the class path, or would be led to another cluster by the environment.
                    The message says which. Nothing was changed.""";
            case HELM_VERSION_UNSUPPORTED -> """
                    Helm 3 from 3.14 on and Helm 4 are supported. Install one of them and name its path if another one comes
                    first in `PATH`. Nothing was changed.""";
            case HELM_OUTPUT_UNREADABLE -> """
                    The program that is called as `helm` answered something that Helm does not. Check which program that is: a
                    wrapper script may print a line of its own. Nothing was changed.""";
            case HELM_RELEASE_MISSING -> """
                    Check the namespace and the name of the release with `helm list --all`, and its revisions with
                    `helm history`. Helm keeps the last ten revisions only, so an older one cannot be returned to.""";
            case HELM_BUSY -> """
                    If somebody else is upgrading the release, let them finish. A Helm that was killed leaves its revision
                    pending, and Helm then refuses everything but a rollback; `helm history` shows it. When it is certain that
                    nobody is at work, roll back to the last revision that was deployed, then `resume`.""";
            case HELM_TIMED_OUT -> """
                    Helm waits for nothing but the hooks of the chart and the API server. Look at the Jobs that the hooks made,
                    and at `helm history`: the revision is `failed`, or `pending-upgrade` if Helm had to be killed.""";
            case HELM_FAILED -> """
                    The message holds what Helm said. If the chart could not be rendered, nothing was changed; if the API server
                    refused an object, those before it are applied already. Correct the values or the cluster, then `resume`, or
                    roll back.""";
            case HELM_UNSUPPORTED -> """
                    Helm inside the process cannot roll back: use the `helm` program, or upgrade to the chart and the values of
                    the earlier revision, which has the same effect. Nor can it be told in which cluster a chart shall look things
                    up: set `KUBECONFIG` to the kubeconfig that was given, or use the `helm` program. Nothing was changed.""";
            case METADATA_NOT_FOUND -> """
                    Nothing was stopped. `etcd.rootPath` of the instance leads to nothing, or to the metadata of another Milvus:
                    say where it is with `MigrateOptions.withRootPath`, `withMetaSubPath` or `withEtcdEndpoints`. Two instances
                    that share a root path cannot be migrated while one of them runs.""";
            case ETCD_UNREACHABLE -> """
                    Look at the pods of etcd, its quorum (`etcdctl endpoint status --cluster`) and its alarms (`etcdctl alarm
                    list`). If etcd is outside of the namespace it is asked from a pod made for it, whose image must have
                    `etcdctl`: `MigrateOptions.withProbeImage`. Before the instance was stopped nothing has happened; after it,
                    the run has taken itself back.""";
            case ETCD_REFUSED -> """
                    Name the Secret with the account or the certificates: `MigrateOptions.withEtcdAccount`,
                    `withEtcdCertificates`. The library reads neither; the kubelet gives them to the pods.""";
            case SESSIONS_ALIVE -> """
                    The message names the sessions. What keeps them was not stopped because it is no pod of the instance: another
                    Milvus with the same `etcd.rootPath`, or a component in another namespace. Nothing was converted, and the run
                    has started the old version again.""";
            case STILL_RUNNING -> """
                    Somebody scaled a Deployment up while the metadata was about to be changed: an autoscaler, an operator, GitOps,
                    a person. The run takes itself back. Stop whoever did it, then make a new plan.""";
            case TOOL_FAILED -> """
                    The message quotes the log of the tool. Before the conversion nothing was changed; if it was the conversion,
                    the metadata was brought back from the backup. Either way the old version was started again, and the report's
                    way back says so.""";
            case TOOL_TIMED_OUT -> """
                    The pod of the tool was removed, and the run has taken itself back. With much metadata give the tool longer:
                    `MigrateOptions.withToolTimeout`.""";
            case POD_ENDED -> """
                    Look for what deleted or evicted it: `kubectl get events`. The run has taken itself back.""";
            case BACKUP_UNUSABLE -> """
                    The message says what is wrong with the backup. Nothing was converted, and the run has started the old version
                    again. If the volume is full, make it larger with `MigrateOptions.withBackupSize`.""";
            case CONVERSION_IN_DOUBT -> """
                    The conversion is never repeated on metadata of which nobody knows what was done to it. The backup was brought
                    back and the old version started; make a new plan.""";
            case RESTORE_FAILED -> """
                    Milvus is stopped, and must stay so until the metadata is restored. The message names the volume claim with the
                    backup and its checksum: keep it. Mend the cause (mostly etcd: space, quorum, credentials), then `resume` the
                    run of the rollback: it begins with the restore, and starts the old version only after the metadata was
                    compared. By hand: run the tool's image with the `rollback.yaml` of the ConfigMap that the message names, the
                    claim mounted at `/milvus/data`.""";
        };
    }
}
