package io.github.milvusupgrade.step;

import io.github.milvusupgrade.component.Component;

/**
 * What must be seen of Milvus after a component was rolled, before the next one is touched: "rolled out" says nothing
 * about "serves". The library brings gates of its own for every kind of component; callers write theirs, such as a
 * search that has to find something, and hand them to the cluster that they upgrade.
 *
 * <p>A gate is asked again and again, until it lets the run pass or its budget is over; then the step fails and nothing
 * further is touched. It is asked on the way back, too, after a component was rolled back. Part of the plan by its
 * {@link #describe}: with other gates than those it began with, a run is not resumed.
 *
 * <p>Implementations are safe for many threads: the steps of one stage may be applied at the same time.
 */
public interface Gate {

    /** What has to be so, in one line without a full stop: {@code a search of collection orders finds something}. */
    String describe();

    /** Whether it stands after this component. */
    boolean guards(Component component);

    /**
     * Look once, reading only, and say what was seen. Must not wait for anything to change; it is asked again. Every
     * request of its own keeps to a time of seconds and to {@link StepContext#remaining()}.
     *
     * @param component what was rolled, or rolled back
     * @throws io.github.milvusupgrade.error.UpgradeException if there is no point in asking again; any other exception
     *     fails the step as well
     * @throws InterruptedException if the thread was interrupted, which cancels the run
     */
    GateAnswer check(Component component, StepContext context) throws InterruptedException;
}
