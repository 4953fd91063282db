package io.github.milvusupgrade.k8s.rolling;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs many upgrades of instances of their own, a few at a time: each of them mostly waits. */
final class Lanes {

    private static final int WIDTH = 4;

    private Lanes() {}

    /** The results in order; the first failure is thrown, once all have ended. */
    static <T> List<T> run(List<Callable<T>> tasks) throws InterruptedException {
        ExecutorService lanes = Executors.newFixedThreadPool(WIDTH);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : lanes.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } finally {
            lanes.shutdownNow();
            lanes.awaitTermination(10, TimeUnit.SECONDS);
        }
    }
}
