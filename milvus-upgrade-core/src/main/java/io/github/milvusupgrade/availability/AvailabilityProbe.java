package io.github.milvusupgrade.availability;

/**
 * One thing that clients of the instance do, such as a search with your own client, attempted again and again while the
 * instance is upgraded. Implemented by callers.
 *
 * <p>Attempts are made on the executor that the {@link AvailabilityWatch} was given, by several threads at the same
 * time if one takes longer than the interval of the {@link ProbeSchedule}. What is attempted has to be harmless to
 * repeat: it goes on for the whole run, and goes on through failures.
 */
public interface AvailabilityProbe {

    /** How reports call it: one short line, and unique within a watch. */
    String name();

    /**
     * Try once. To return is a success, to throw is a failure; the first line of the message goes to events and report,
     * so it must hold no secret. After the timeout of the schedule the attempt has failed whatever it does: its thread
     * is interrupted, and what comes later counts for nothing.
     */
    void attempt() throws Exception;

    /** A probe that runs a piece of code. */
    static AvailabilityProbe named(String name, Attempt attempt) {
        return new NamedProbe(name, attempt);
    }

    /** See {@link AvailabilityProbe#attempt}. */
    @FunctionalInterface
    interface Attempt {
        /** Try once. */
        void make() throws Exception;
    }
}
