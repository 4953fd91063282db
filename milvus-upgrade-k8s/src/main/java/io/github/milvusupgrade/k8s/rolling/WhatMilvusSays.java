package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.cluster.ClusterSnapshot;
import io.github.milvusupgrade.component.Component;
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
import java.util.Collection;
import java.util.HashMap;
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
        Collection<MilvusSession> own = ofPods(milvus, ((Seen.Clear<List<MilvusSession>>) seen).what());
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

    /**
     * Nodes leave their sessions to expire, and a new pod may get the address of an old one meanwhile. So of each role
     * that a pod can have the newest session counts.
     */
    private Collection<MilvusSession> ofPods(List<PodView> milvus, List<MilvusSession> sessions) {
        Map<String, Component> components = new HashMap<>();
        for (PodView pod : milvus) {
            planned.workloads().stream()
                    .filter(workload -> pod.isOfDeployment(workload.name()))
                    .forEach(workload -> components.put(pod.ip(), workload.component()));
        }
        Map<String, MilvusSession> newest = new TreeMap<>();
        for (MilvusSession session : sessions) {
            Component component = components.get(session.host());
            if (component != null && canHave(component, session.role())) {
                newest.merge(
                        session.host() + " " + session.role() + " " + session.active(),
                        session,
                        (one, other) -> one.server() > other.server() ? one : other);
            }
        }
        return newest.values();
    }

    private static boolean canHave(Component component, String role) {
        return component.name().equals(role)
                || component.equals(Component.STANDALONE)
                || (component.equals(Component.MIXCOORD) && role.endsWith("coord"));
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
