package io.github.milvusupgrade.k8s.preflight;

import io.github.milvusupgrade.error.UpgradeException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that is read when it is first asked for, and kept. A failure is kept as well, and thrown each time: asked
 * again, a server that refused would only refuse again. Safe for many threads.
 */
final class Once<T> implements Supplier<T> {

    private final Supplier<T> read;
    private Optional<T> value = Optional.empty();
    private @Nullable UpgradeException failure;

    Once(Supplier<T> read) {
        this.read = read;
    }

    @Override
    public synchronized T get() {
        if (failure != null) {
            throw failure;
        }
        if (value.isEmpty()) {
            try {
                value = Optional.of(read.get());
            } catch (UpgradeException e) {
                failure = e;
                throw e;
            }
        }
        return value.get();
    }
}
