package io.github.milvusupgrade.k8s.chart;

import io.github.milvusupgrade.k8s.api.Time;
import java.net.URI;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a file, and asks again after a failure that may pass: a server in trouble, a connection that breaks. An
 * answer that does not end in time is not asked for again, because it has taken its time already. Safe for many
 * threads.
 */
final class PatientDownload {

    private static final Logger LOG = LoggerFactory.getLogger(PatientDownload.class);
    private static final int ATTEMPTS = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final HttpDownload download;
    private final Time time;

    PatientDownload(HttpDownload download, Time time) {
        this.download = download;
        this.time = time;
    }

    /** As {@link HttpDownload#fetch}; throws the failure of the last attempt. */
    byte[] fetch(URI from, int limit) throws BoundedBody.TooLargeException {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                return download.fetch(from, limit);
            } catch (HttpDownload.PassingException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                LOG.info("Asking again in {} s (attempt {} failed): {}", pause.toSeconds(), attempt, e.getMessage());
                sleep(pause, from);
                pause = pause.multipliedBy(2);
            }
        }
    }

    private void sleep(Duration pause, URI from) {
        try {
            time.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HttpDownload.interrupted(from, e);
        }
    }
}
