package io.github.milvusupgrade.k8s.migrate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import io.github.milvusupgrade.k8s.api.Deadline;
import io.github.milvusupgrade.k8s.api.Resource;
import io.github.milvusupgrade.k8s.api.Selection;
import io.github.milvusupgrade.k8s.etcd.Etcd;
import io.github.milvusupgrade.k8s.etcd.EtcdEntry;
import io.github.milvusupgrade.k8s.inspect.MilvusLabels;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes sure that the metadata in etcd is that of this instance: it is there, and those who have a session beside it
 * are pods of the instance. A wrong root path leads to nothing, or to the metadata of somebody else.
 */
final class MetadataOwner {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** The session of a pod that has just been replaced may be there for its time to live. */
    private static final Duration STRANGERS_GO = Duration.ofSeconds(75);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final ClusterAccess access;
    private final Migration migration;

    MetadataOwner(ClusterAccess access, Migration migration) {
        this.access = access;
        this.migration = migration;
    }

    /** Waits for sessions of strangers to end, then refuses what is not the instance's. */
    void demand(Etcd etcd, StepContext context) throws InterruptedException {
        Deadline deadline = Deadline.after(STRANGERS_GO, access.time());
        while (true) {
            List<String> strangers = look(etcd);
            if (strangers.isEmpty()) {
                return;
            }
            if (deadline.passed()) {
                throw foreign(strangers, "and they stayed for " + STRANGERS_GO.toSeconds() + " s");
            }
            context.progress("waiting for sessions that are none of this instance: " + String.join(", ", strangers));
            context.checkpoint();
            access.time().sleep(BETWEEN_LOOKS);
        }
    }

    /**
     * Looks once.
     *
     * @return the sessions that belong to none of the instance's pods, beside those that do
     * @throws UpgradeException with {@link Code#METADATA_NOT_FOUND} if there is no metadata, or no session of ours
     */
    List<String> look(Etcd etcd) {
        MetadataPlace place = migration.place();
        if (!etcd.hasKeys(place.prefix())) {
            throw new UpgradeException(
                    Code.METADATA_NOT_FOUND,
                    "etcd at " + String.join(", ", place.endpoints()) + " holds nothing under " + place.prefix()
                            + ", so the metadata of " + migration.id()
                            + " is elsewhere. Say where with MigrateOptions.withRootPath and withMetaSubPath (etcd.rootPath"
                            + " and etcd.metaSubPath of Milvus), or withEtcdEndpoints. Nothing was stopped.");
        }
        Sessions sessions = new Sessions(etcd, place, access.time());
        Set<String> ours = addresses();
        List<EtcdEntry> alive = sessions.ofComponents();
        List<String> strangers = alive.stream()
                .filter(entry -> !ours.contains(host(entry)))
                .map(entry -> sessions.name(entry) + " of " + host(entry))
                .toList();
        if (!ours.isEmpty() && strangers.size() == alive.size()) {
            throw foreign(strangers, "and no pod of this instance is among them");
        }
        return strangers;
    }

    private UpgradeException foreign(List<String> strangers, String why) {
        return new UpgradeException(
                Code.METADATA_NOT_FOUND,
                "The metadata under " + migration.place().prefix() + " is not that of " + migration.id()
                        + " alone: sessions there are " + (strangers.isEmpty() ? "none" : String.join(", ", strangers))
                        + ", " + why
                        + ". Check etcd.rootPath; if another Milvus shares it, it must be stopped first. Nothing was"
                        + " stopped.");
    }

    /** A session names the address of its component; some builds give the name of the pod. */
    private Set<String> addresses() {
        return access
                .api()
                .list(Selection.all(Resource.PODS, migration.id().namespace())
                        .withLabels(MilvusLabels.ofInstance(migration.id().instance())))
                .map(PodView::new)
                .stream()
                .filter(pod -> !pod.ended())
                .flatMap(pod -> Stream.of(
                        pod.name(), pod.raw().path("status").path("podIP").asText()))
                .filter(address -> !address.isEmpty())
                .collect(Collectors.toSet());
    }

    private static String host(EtcdEntry session) {
        try {
            String address = JSON.readTree(session.value()).path("Address").asText("");
            return address.replaceFirst(":\\d+$", "");
        } catch (JsonProcessingException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
