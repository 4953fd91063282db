package io.github.milvusupgrade.k8s.helm;

import io.github.milvusupgrade.error.Code;
import io.github.milvusupgrade.error.UpgradeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is also to be done if the process ends now; other threads then run no further, not even to clean up.
 */
final class AtExit {

    private static final Logger LOG = LoggerFactory.getLogger(AtExit.class);

    private final Thread hook;

    private AtExit(Thread hook) {
        this.hook = hook;
    }

    /** @throws UpgradeException if the process is ending already; the task has been done then */
    static AtExit register(String name, Runnable task) {
        Thread hook = new Thread(task, name);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            task.run();
            throw new UpgradeException(
                    Code.CANCELLED,
                    "Helm is not used any further: this process is ending. \"helm history\" shows what became of the"
                            + " release.",
                    e);
        }
        return new AtExit(hook);
    }

    /** Not any more, because it is done now; if the process is ending already, it is done twice. */
    void cancel() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.trace("The process is ending.", e);
        }
    }
}
