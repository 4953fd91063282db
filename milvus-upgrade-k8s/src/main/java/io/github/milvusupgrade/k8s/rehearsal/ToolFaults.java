package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The faults of the migration tool that are in force. */
final class ToolFaults {

    private final List<Armed> armed = new CopyOnWriteArrayList<>();

    InjectedFault inject(ToolFault fault) {
        Armed entry = new Armed(fault);
        armed.add(entry);
        return entry.handle;
    }

    void clear() {
        armed.clear();
    }

    /** The fault that hits this run of the tool, an injected one before one of the image. */
    synchronized Optional<ToolFault> next(JsonNode pod, String command) {
        for (Armed entry : armed) {
            if (entry.fault.isDuring(command) && entry.fault.hits(++entry.seen)) {
                entry.handle.hit();
                return Optional.of(entry.fault);
            }
        }
        return Stream.of(ToolFault.Kind.values())
                .filter(kind -> PodView.tags(pod).stream().anyMatch(tag -> tag.endsWith(kind.suffix())))
                .map(ToolFault::of)
                .filter(fault -> fault.isDuring(command))
                .findFirst();
    }

    private final class Armed {

        private final ToolFault fault;
        private final InjectedFault handle = new InjectedFault(() -> armed.remove(this));
        private int seen;

        Armed(ToolFault fault) {
            this.fault = fault;
        }
    }
}
