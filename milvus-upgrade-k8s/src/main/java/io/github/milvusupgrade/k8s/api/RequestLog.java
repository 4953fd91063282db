package io.github.milvusupgrade.k8s.api;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is sent. Safe for many threads. */
final class RequestLog {

    private final Map<String, LongAdder> byKind = new ConcurrentHashMap<>();
    private final LongAdder retries = new LongAdder();

    void sent(ApiRequest request) {
        byKind.computeIfAbsent(request.verb() + " " + request.resource(), kind -> new LongAdder())
                .increment();
    }

    void retried() {
        retries.increment();
    }

    RequestCounts counts() {
        Map<String, Long> counts = new HashMap<>();
        byKind.forEach((kind, count) -> counts.put(kind, count.sum()));
        return new RequestCounts(counts, retries.sum());
    }
}
