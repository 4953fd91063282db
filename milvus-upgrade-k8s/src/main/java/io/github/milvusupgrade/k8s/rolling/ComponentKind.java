package io.github.milvusupgrade.k8s.rolling;

import io.github.milvusupgrade.component.Component;
import java.util.Locale;

/** What a component is to the others, as far as the manner of replacing it goes. */
enum ComponentKind {
    COORDINATORS,
    NODES,
    /** What clients talk to. */
    PROXIES;

    static ComponentKind of(Component component) {
        if (component.isCoordinator()) {
            return COORDINATORS;
        }
        return component.equals(Component.PROXY) || component.equals(Component.STANDALONE) ? PROXIES : NODES;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
