package io.github.milvusupgrade.k8s.rehearsal;

/**
 * What the main container of a pod runs. Works in small pieces that the {@link ProgramRun} calls back in cluster time;
 * killed by not being called back any more.
 */
@FunctionalInterface
interface Program {

    /** Begins; every piece of work holds the lock of the object store. */
    void start(ProgramRun run);

    /** Was killed: gives back what only a living process holds. Inside the lock of the object store. */
    default void killed() {}
}
