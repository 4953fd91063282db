package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Where a pod can run, or why nowhere. */
final class Scheduling {

    static final String NAME = "default-scheduler";
    static final int NODES = 3;

    private static final long CPU_OF_A_NODE = Quantity.parse("64");
    private static final String NO_VICTIMS =
            " preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";

    private final ObjectStore store;
    private final PodFaults faults;

    Scheduling(ObjectStore store, PodFaults faults) {
        this.store = store;
        this.faults = faults;
    }

    /** What keeps the pod from being scheduled, in the scheduler's words. */
    Optional<String> obstacle(JsonNode pod) {
        if (faults.has(PodFault.Kind.UNSCHEDULABLE, pod) || Quantity.of(pod, "cpu") > CPU_OF_A_NODE) {
            return Optional.of("0/3 nodes are available: 3 Insufficient cpu." + NO_VICTIMS);
        }
        String namespace = pod.path("metadata").path("namespace").asText();
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            String name = volume.path("persistentVolumeClaim").path("claimName").asText();
            JsonNode claim = name.isEmpty() ? null : store.find(new ObjectKey(ResourceType.CLAIMS, namespace, name));
            if (!name.isEmpty() && claim == null) {
                return Optional.of(
                        "0/3 nodes are available: persistentvolumeclaim \"" + name + "\" not found." + NO_VICTIMS);
            }
            if (claim != null && !claim.path("status").path("phase").asText().equals("Bound")) {
                return Optional.of(
                        "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims." + NO_VICTIMS);
            }
        }
        return Optional.empty();
    }

    String nodeFor(JsonNode pod) {
        return "node-" + (1 + Math.floorMod(ObjectStore.uid(pod).hashCode(), NODES));
    }
}
