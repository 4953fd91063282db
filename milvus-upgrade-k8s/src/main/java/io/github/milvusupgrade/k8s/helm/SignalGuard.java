package io.github.milvusupgrade.k8s.helm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Keeps what this process does on SIGTERM and SIGINT. Helm's own code takes both signals over when it runs in this
 * process and never gives them back, so that nothing but SIGKILL would end the process any more (source:
 * {@code manusa/helm-java}, discussion 409). One call at a time, because signals belong to the whole process.
 */
final class SignalGuard {

    private static final Logger LOG = LoggerFactory.getLogger(SignalGuard.class);
    private static final List<String> TAKEN_OVER = List.of("TERM", "INT");
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private SignalGuard() {}

    /** Makes the call, and puts back afterwards what was there before it. */
    static <T> T during(Supplier<T> call) {
        ONE_AT_A_TIME.lock();
        try {
            Map<Signal, SignalHandler> before = new LinkedHashMap<>();
            TAKEN_OVER.forEach(name -> note(new Signal(name), before));
            try {
                return call.get();
            } finally {
                before.forEach(Signal::handle);
            }
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    /** Setting a handler is the only way to learn of the one before. */
    private static void note(Signal signal, Map<Signal, SignalHandler> before) {
        try {
            SignalHandler found = Signal.handle(signal, received -> System.exit(128 + received.getNumber()));
            Signal.handle(signal, found);
            before.put(signal, found);
        } catch (IllegalArgumentException e) {
            LOG.debug("{} is not handled by this JVM.", signal, e);
        }
    }
}
