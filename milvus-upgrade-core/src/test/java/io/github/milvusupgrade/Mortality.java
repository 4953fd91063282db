package io.github.milvusupgrade;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets the process die at a chosen one of the moments that a run passes. Once dead it writes and changes nothing more,
 * whatever finally blocks try, until another process takes over.
 */
final class Mortality {

    /** The process is gone: no code of the library may catch this. */
    static final class ProcessDied extends Error {
        private static final long serialVersionUID = 1L;

        ProcessDied(String moment) {
            super("The process died " + moment + ".");
        }
    }

    private final List<String> moments = new ArrayList<>();
    private int fatal = Integer.MAX_VALUE;
    private boolean dead;

    /** Die at the moment with this number, from 0. */
    synchronized void dieAt(int moment) {
        fatal = moment;
    }

    synchronized void pass(String moment) {
        moments.add(moment);
        if (dead || moments.size() - 1 == fatal) {
            dead = true;
            throw new ProcessDied(moment);
        }
    }

    /** Another process, which lives for ever. */
    synchronized void startAnotherProcess() {
        dead = false;
        fatal = Integer.MAX_VALUE;
    }

    synchronized List<String> moments() {
        return List.copyOf(moments);
    }
}
