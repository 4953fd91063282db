package io.github.milvusupgrade.k8s.rolling;

/** How new pods take the place of old ones. Data of a {@link RollManner}. */
public enum TakeOver {
    /** Kubernetes stops an old pod as soon as a new one is available. */
    AS_AVAILABLE,
    /**
     * Where several pods serve the same, as query nodes do for a collection with several in-memory replicas, so many
     * new pods are kept beside the old ones until all of them have joined; then the old ones go in portions, as large
     * as the surge of the Deployment, each when the one before is gone. Without it a new node may join a replica that
     * has one already, and leave another without any: seen with two query nodes and two replicas of 2.2.16. Where
     * nothing is known of that, and where there is no room, it is {@link #AS_AVAILABLE}.
     *
     * <p>Old data nodes that a new data coordinator does not know, those of 2.2.4 and before, stay until new ones write
     * from the channels of what is loaded, and old query nodes of the same step with them; 40 s at most.
     */
    JOINING,
    /**
     * New pods are kept beside the old ones until all of them stand by; then the old ones are let go. For coordinators
     * that are active-standby.
     */
    STANDING_BY,
    /**
     * As {@link #STANDING_BY}, but before the pods of old coordinators go, the process in them is asked to end. Whoever
     * still calls its address is refused at once, and looks for the new one; the address of a pod that is gone answers
     * nothing, and Milvus 2.2 waits 5 s for it ({@code grpc.client.dialTimeout}). Kubernetes starts the process again,
     * which then stands by. Needs permission to run a program in pods; without it, it is {@link #STANDING_BY}, and the
     * report warns of it.
     */
    STEPPING_DOWN,
    /**
     * New pods, as many as are wanted, are kept beside the old ones until all of them are ready; then the Services that
     * lead to them lead to the new ones alone, and when everybody can have noticed, the old ones are let go. A client
     * whose connection ends then never meets an old pod again. Needs permission to change Services; without it the old
     * pods are just let go, and the report warns of it.
     */
    BY_SERVICE
}
