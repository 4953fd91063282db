package io.github.milvusupgrade.k8s.rehearsal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** One run of a {@link Program}: its log, its clock, and how it ended. Guarded by the lock of the object store. */
final class ProgramRun {

    private final ObjectStore store;
    private final EventLoop loop;
    private final Program program;
    private final Runnable onExit;
    private final List<String> log = new ArrayList<>();
    private OptionalInt exitCode = OptionalInt.empty();
    private boolean over;

    ProgramRun(ObjectStore store, EventLoop loop, Program program, Runnable onExit) {
        this.store = store;
        this.loop = loop;
        this.program = program;
        this.onExit = onExit;
    }

    void start(Duration after) {
        after(after, () -> program.start(this));
    }

    /** Goes on after this much cluster time, unless it was killed in between. */
    void after(Duration clusterTime, Runnable piece) {
        loop.after(clusterTime, () -> {
            synchronized (store) {
                if (!over) {
                    piece.run();
                }
            }
        });
    }

    void log(String line) {
        log.add(line);
    }

    void exit(int code) {
        over = true;
        exitCode = OptionalInt.of(code);
        onExit.run();
    }

    void kill() {
        if (!over) {
            over = true;
            program.killed();
        }
    }

    OptionalInt exitCode() {
        return exitCode;
    }

    List<String> lines() {
        synchronized (store) {
            return List.copyOf(log);
        }
    }
}
