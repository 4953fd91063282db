package io.github.milvusupgrade.k8s.rehearsal;

import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;

/** The output of a program that goes on and prints nothing, until it is closed. */
final class EndlessInput extends InputStream {

    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read() throws InterruptedIOException {
        try {
            closed.await();
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("ended with the cluster");
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws InterruptedIOException {
        return read();
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
