package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.k8s.api.KubeApi;
import io.github.milvusupgrade.k8s.config.EffectiveConfig;
import io.github.milvusupgrade.k8s.config.MalformedYamlException;
import io.github.milvusupgrade.k8s.etcd.EtcdSeat;
import io.github.milvusupgrade.k8s.inspect.InstanceConfig;
import io.github.milvusupgrade.k8s.probe.EtcdSessions;
import io.github.milvusupgrade.k8s.probe.MilvusSession;
import io.github.milvusupgrade.k8s.probe.Seen;
import io.github.milvusupgrade.k8s.view.PodView;
import io.github.milvusupgrade.step.StepContext;
import io.github.milvusupgrade.version.MilvusVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares what pods say of themselves in etcd with what they are to run: a tag may stand for another program than it
 * says. It tells and warns, and stops nothing, because development builds give themselves other numbers. Where etcd
 * cannot be asked it tells that.
 */
final class WhatMilvusSays {

    private static final Duration BUDGET = Duration.ofSeconds(15);

    private final KubeApi api;
    private final ClusterSnapshot planned;

    WhatMilvusSays(KubeApi api, ClusterSnapshot planned) {
        this.api = api;
        this.planned = planned;
    }

    /**
     * Tell what they say.
     *
     * @param milvus the pods of Milvus
     * @param all all pods of the instance, those of its etcd among them
     */
    void tell(List<PodView> milvus, List<PodView> all, MilvusVersion to, StepContext context) {
        Seen<List<MilvusSession>> seen = read(all);
        if (seen instanceof Seen.Blind<List<MilvusSession>> blind) {
            context.progress("sessions in etcd were not looked at: " + blind.why());
            return;
        }
        Map<String, String> pods = milvus.stream()
                .filter(pod -> !pod.ip().isEmpty())
                .collect(Collectors.toMap(PodView::ip, PodView::name, (one, other) -> one));
        List<MilvusSession> own = ((Seen.Clear<List<MilvusSession>>) seen)
                .what().stream()
                        .filter(session -> pods.containsKey(session.host()))
                        .toList();
        own.stream()
                .filter(session -> !session.version().isEmpty())
                .filter(session -> !number(session.version()).equals(number(to.toString())))
                .forEach(session -> context.warn("The " + session.role() + " in pod " + pods.get(session.host())
                        + " says in etcd that it is Milvus " + session.version() + ", not " + to
                        + ". Look whether the image is what its tag says."));
        long agree = own.stream()
                .filter(session -> number(session.version()).equals(number(to.toString())))
                .map(MilvusSession::host)
                .distinct()
                .count();
        Map<String, String> active = new TreeMap<>();
        own.stream()
                .filter(MilvusSession::active)
                .forEach(session -> active.put(session.role(), String.valueOf(pods.get(session.host()))));
        context.progress(agree + " of " + milvus.size() + " pods say in etcd that they run " + to
                + active.entrySet().stream()
                        .map(role -> role.getKey() + " is active in pod " + role.getValue())
                        .collect(Collectors.joining(", ", active.isEmpty() ? "" : "; ", "")));
    }

    private Seen<List<MilvusSession>> read(List<PodView> all) {
        KubeApi bounded = api.within(BUDGET);
        Optional<EtcdSeat> seat = EtcdSeat.among(all, planned.id().namespace());
        if (seat.isEmpty()) {
            return EtcdSessions.read(bounded, seat, "");
        }
        try {
            Optional<EffectiveConfig> config = InstanceConfig.of(planned, bounded);
            return EtcdSessions.read(
                    bounded,
                    seat,
                    path(config, "etcd.rootPath", "by-dev") + "/" + path(config, "etcd.metaSubPath", "meta")
                            + "/session/");
        } catch (MalformedYamlException e) {
            return new Seen.Blind<>("the configuration cannot be read, so it is not known where they are");
        }
    }

    private static String path(Optional<EffectiveConfig> config, String name, String otherwise) {
        return InstanceConfig.path(config.flatMap(known -> known.value(name)), otherwise);
    }

    /** A version without what may follow its numbers. */
    private static String number(String version) {
        return version.split("[-+]", 2)[0];
    }
}
