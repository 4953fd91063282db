package io.github.milvusupgrade.k8s.helm;

import io.github.milvusupgrade.k8s.api.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One run of a program: never through a shell, never longer than its deadline, and never leaving a process behind. If
 * this process ends first, the program is asked to end as well.
 */
final class ChildProcess {

    private static final int OUT_LIMIT = 32 << 20;
    private static final int ERR_LIMIT = 1 << 18;
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final long LOOK_MILLIS = 100;

    private final Process process;
    private final BoundedOutput out;
    private final BoundedOutput err;

    private ChildProcess(Process process, String name) {
        this.process = process;
        this.out = BoundedOutput.of(process.getInputStream(), OUT_LIMIT, name + " stdout");
        this.err = BoundedOutput.of(process.getErrorStream(), ERR_LIMIT, name + " stderr");
    }

    /** How a run came to its end. */
    enum Ending {
        /** By itself. */
        EXITED,
        /** It was ended, because its time was over. */
        TIMED_OUT,
        /** It was ended, because the caller asked for that. */
        CANCELLED
    }

    /**
     * @param exitCode as the operating system has it; says nothing unless the program ended by itself
     * @param out what it printed, up to a limit
     * @param outIsCut whether it printed more than the limit
     * @param err what it printed to standard error, up to a limit
     */
    record Finished(Ending ending, int exitCode, String out, boolean outIsCut, String err) {}

    /**
     * @param grace how long the program may take to end once it was asked to, before it is killed
     * @throws IOException if it cannot be started
     */
    static Finished run(ProcessBuilder builder, Deadline deadline, Duration grace, BooleanSupplier cancelled)
            throws IOException {
        String name = "milvus-upgrade-helm " + builder.command().get(1);
        ChildProcess child = new ChildProcess(builder.start(), name);
        AtExit end = AtExit.register(name, () -> child.end(grace));
        boolean interrupted = false;
        Ending ending = Ending.CANCELLED;
        try {
            child.process.getOutputStream().close();
            ending = child.await(deadline, cancelled);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            end.cancel();
            child.end(grace);
        }
        return child.finished(ending, interrupted);
    }

    private Ending await(Deadline deadline, BooleanSupplier cancelled) throws InterruptedException {
        while (!process.waitFor(Math.min(LOOK_MILLIS, deadline.remaining().toMillis()), TimeUnit.MILLISECONDS)) {
            if (cancelled.getAsBoolean()) {
                return Ending.CANCELLED;
            }
            if (deadline.passed()) {
                return Ending.TIMED_OUT;
            }
        }
        return Ending.EXITED;
    }

    private Finished finished(Ending ending, boolean interruptedBefore) {
        boolean interrupted = interruptedBefore;
        try {
            out.await(LAST_WORDS);
            err.await(LAST_WORDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        int exitCode = process.isAlive() ? -1 : process.exitValue();
        return new Finished(ending, exitCode, out.text(), out.isCut(), err.text());
    }

    /** Ends the program with all that it started: asks first, and kills what is left after the grace. */
    private void end(Duration grace) {
        List<ProcessHandle> tree = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .filter(ProcessHandle::isAlive)
                .toList();
        tree.forEach(ProcessHandle::destroy);
        awaitAll(tree, grace);
        List<ProcessHandle> left = tree.stream()
                .flatMap(one -> Stream.concat(Stream.of(one), one.descendants()))
                .filter(ProcessHandle::isAlive)
                .toList();
        left.forEach(ProcessHandle::destroyForcibly);
        awaitAll(left, LAST_WORDS);
    }

    private static void awaitAll(List<ProcessHandle> processes, Duration most) {
        CompletableFuture<?>[] ends =
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(ends)
                .completeOnTimeout(null, most.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
