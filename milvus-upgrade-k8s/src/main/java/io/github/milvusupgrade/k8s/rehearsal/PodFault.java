package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Locale;

/**
 * Something that goes wrong with pods, to be given to {@link RehearsalCluster#inject(PodFault)}. Made by a factory that
 * says what happens, then narrowed to the pods that it happens to:
 *
 * <pre>{@code
 * PodFault.crashLoop().component("querynode").tag("v2.2.16")
 * }</pre>
 *
 * <p>Lasts until the {@link InjectedFault} is cleared; pods then recover by themselves. Immutable.
 */
public final class PodFault {

    /** What happens; the lower-case name is also its name in the {@code sim.cluster/fault} annotation. */
    enum Kind {
        IMAGE_MISSING,
        INVALID_IMAGE_NAME,
        CONFIG_ERROR,
        CRASH,
        CRASH_ONCE,
        OOM,
        NEVER_READY,
        SLOW,
        UNSCHEDULABLE,
        REFUSED,
        STUCK_TERMINATING,
        STAYS_STANDBY,
        NEVER_REGISTERS,
        TAKES_NOTHING_OVER,
        CONSUMES_NOTHING,
        HANGS_AS_IT_ENDS;

        boolean isOfContainers() {
            return compareTo(NEVER_READY) <= 0;
        }

        String annotationName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final String ANY = "*";

    private final Kind kind;
    private final Duration duration;
    private final String component;
    private final String tag;
    private final String instance;
    private final String pod;

    private PodFault(Kind kind, Duration duration, String component, String tag, String instance, String pod) {
        this.kind = kind;
        this.duration = duration;
        this.component = component;
        this.tag = tag;
        this.instance = instance;
        this.pod = pod;
    }

    private static PodFault of(Kind kind) {
        return new PodFault(kind, Duration.ZERO, ANY, ANY, ANY, "");
    }

    /** The registry does not know the image: {@code ErrImagePull}, then {@code ImagePullBackOff}. */
    public static PodFault imageMissing() {
        return of(Kind.IMAGE_MISSING);
    }

    /** The image reference cannot be parsed: {@code InvalidImageName}. */
    public static PodFault invalidImageName() {
        return of(Kind.INVALID_IMAGE_NAME);
    }

    /** A ConfigMap or Secret is missing: {@code CreateContainerConfigError}. */
    public static PodFault configError() {
        return of(Kind.CONFIG_ERROR);
    }

    /** Containers die again and again: {@code CrashLoopBackOff}; pods that are not restarted end as {@code Failed}. */
    public static PodFault crashLoop() {
        return of(Kind.CRASH);
    }

    /** Containers die once and are well after the restart. */
    public static PodFault crashOnce() {
        return of(Kind.CRASH_ONCE);
    }

    /** Containers are {@code OOMKilled} again and again. */
    public static PodFault outOfMemory() {
        return of(Kind.OOM);
    }

    /** Containers run and never become ready; pods that should end do not. */
    public static PodFault neverReady() {
        return of(Kind.NEVER_READY);
    }

    /** Containers take this much cluster time from start to readiness. */
    public static PodFault slow(Duration untilReady) {
        return new PodFault(Kind.SLOW, untilReady, ANY, ANY, ANY, "");
    }

    /** No node has room: {@code FailedScheduling}. */
    public static PodFault unschedulable() {
        return of(Kind.UNSCHEDULABLE);
    }

    /** The API server refuses to create the pods because of a quota: {@code ReplicaFailure}. */
    public static PodFault refusedByQuota() {
        return of(Kind.REFUSED);
    }

    /** Deleted pods stay {@code Terminating}. */
    public static PodFault stuckTerminating() {
        return of(Kind.STUCK_TERMINATING);
    }

    /**
     * Coordinators are ready, but do not become active: the old ones stay so, and when they are gone nobody is. Seen
     * only by those who ask the pod.
     */
    public static PodFault staysStandby() {
        return of(Kind.STAYS_STANDBY);
    }

    /** Nodes or proxies are ready and healthy, but their coordinator does not know them. Seen only in its metrics. */
    public static PodFault neverRegisters() {
        return of(Kind.NEVER_REGISTERS);
    }

    /** Query or data nodes are ready and healthy, but load nothing and write nothing. Seen only in their metrics. */
    public static PodFault takesNothingOver() {
        return of(Kind.TAKES_NOTHING_OVER);
    }

    /** Query nodes load, but read nothing from the message queue. Seen only in their metrics. */
    public static PodFault consumesNothing() {
        return of(Kind.CONSUMES_NOTHING);
    }

    /**
     * The process of a coordinator that is asked to end, while its pod stays, does not: nobody is active then, its port
     * is closed, and it goes on saying that it is healthy.
     */
    public static PodFault hangsAsItEnds() {
        return of(Kind.HANGS_AS_IT_ENDS);
    }

    /** Only pods of this Milvus component, by their label. */
    public PodFault component(String component) {
        return new PodFault(kind, duration, component, tag, instance, pod);
    }

    /** Only pods with an image of this tag, such as {@code v2.2.16}. */
    public PodFault tag(String tag) {
        return new PodFault(kind, duration, component, tag, instance, pod);
    }

    /** Only pods of this Milvus instance, by their label {@code app.kubernetes.io/instance}. */
    public PodFault instance(String instance) {
        return new PodFault(kind, duration, component, tag, instance, pod);
    }

    /** Only pods whose name begins like this. */
    public PodFault podsNamed(String prefix) {
        return new PodFault(kind, duration, component, tag, instance, prefix);
    }

    Kind kind() {
        return kind;
    }

    Duration duration() {
        return duration;
    }

    boolean matches(JsonNode candidate) {
        JsonNode metadata = candidate.path("metadata");
        String name = metadata.path("name").asText(metadata.path("generateName").asText());
        return (component.equals(ANY) || component.equals(PodView.component(candidate)))
                && (tag.equals(ANY) || PodView.tags(candidate).contains(tag))
                && (instance.equals(ANY)
                        || instance.equals(metadata.path("labels")
                                .path("app.kubernetes.io/instance")
                                .asText()))
                && name.startsWith(pod);
    }

    @Override
    public String toString() {
        return kind.annotationName() + " of pods " + pod + "* of component " + component + ", instance " + instance
                + ", tag " + tag;
    }
}
