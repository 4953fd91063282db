package io.github.milvusupgrade.k8s.rehearsal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The faults of requests that are in force. */
final class ApiFaults {

    private final List<Armed> armed = new CopyOnWriteArrayList<>();

    InjectedFault inject(ApiFault fault) {
        Armed entry = new Armed(fault);
        armed.add(entry);
        return entry.handle;
    }

    void clear() {
        armed.clear();
    }

    /** The fault that hits this request, counting it for every fault that it matches. */
    synchronized Optional<ApiFault> next(ApiRequest request) {
        Target target = request.target();
        if (target == null) {
            return Optional.empty();
        }
        Optional<ApiFault> hit = Optional.empty();
        for (Armed entry : armed) {
            if (entry.fault.matches(request.verb(), target.resource(), target.namespace(), target.name())
                    && entry.fault.hits(++entry.seen)
                    && hit.isEmpty()) {
                entry.handle.hit();
                hit = Optional.of(entry.fault);
            }
        }
        return hit;
    }

    boolean isForbidden(String verb, String resource, String namespace, String name) {
        return armed.stream()
                .map(entry -> entry.fault)
                .anyMatch(fault -> fault.isForbidden() && fault.matches(verb, resource, namespace, name));
    }

    private final class Armed {

        private final ApiFault fault;
        private final InjectedFault handle = new InjectedFault(() -> armed.remove(this));
        private int seen;

        Armed(ApiFault fault) {
            this.fault = fault;
        }
    }
}
