package io.github.milvusupgrade.examples.custom;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Stands for the scheduler of the jobs that write into Milvus: in your code, a client of its API. Jobs run while nobody
 * holds them. Holds have names, so that who wants them stopped for another reason is not overruled.
 */
final class IngestJobs {

    private final Set<String> holds = new TreeSet<>();

    /** Let no job start, and return when the ones that run are through; answers false if that was so already. */
    synchronized boolean hold(String name) {
        return holds.add(name);
    }

    /** Take a hold away; answers false if there was none. */
    synchronized boolean release(String name) {
        return holds.remove(name);
    }

    /** Who wants the jobs stopped. */
    synchronized Set<String> holds() {
        return Collections.unmodifiableSet(new TreeSet<>(holds));
    }
}
