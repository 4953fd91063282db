package io.github.milvusupgrade.run;

/**
 * Is told everything that happens in a run, in order and one event at a time, on a thread of the run; gaps and broken
 * budgets may also be told on a worker of the probes. It observes and cannot steer: an exception it throws becomes a
 * warning in the report. A listener that takes long makes the run wait.
 */
@FunctionalInterface
public interface UpgradeListener {

    /** Take notice of an event. */
    void onEvent(UpgradeEvent event);
}
