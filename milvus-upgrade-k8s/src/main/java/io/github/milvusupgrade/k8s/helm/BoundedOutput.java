package io.github.milvusupgrade.k8s.helm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program prints, read to its end on a daemon thread and kept up to a limit: a program that prints much is
 * neither held up nor able to fill the memory.
 */
final class BoundedOutput {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedOutput.class);
    private static final int CHUNK = 8192;

    private final InputStream source;
    private final int limit;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Thread reader;
    private boolean cut;

    private BoundedOutput(InputStream source, int limit, String name) {
        this.source = source;
        this.limit = limit;
        this.reader = new Thread(this::read, name);
        reader.setDaemon(true);
    }

    static BoundedOutput of(InputStream source, int limit, String name) {
        BoundedOutput output = new BoundedOutput(source, limit, name);
        output.reader.start();
        return output;
    }

    private void read() {
        byte[] chunk = new byte[CHUNK];
        try {
            for (int count = source.read(chunk); count >= 0; count = source.read(chunk)) {
                keep(chunk, count);
            }
        } catch (IOException e) {
            LOG.debug("{} ends: {}", reader.getName(), e.toString());
        }
    }

    private synchronized void keep(byte[] chunk, int count) {
        int room = Math.min(count, limit - kept.size());
        kept.write(chunk, 0, room);
        cut |= room < count;
    }

    /** Waits for the end of the output, which is near once the program has ended, unless a child of it goes on. */
    void await(Duration most) throws InterruptedException {
        reader.join(most.toMillis());
    }

    /** What was read so far. */
    synchronized String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }

    /** Whether there was more than the limit. */
    synchronized boolean isCut() {
        return cut;
    }
}
