package io.github.milvusupgrade.k8s.api;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How many requests were sent so far, retries included: a snapshot. The difference of two tells what happened between.
 *
 * @param byKind requests by verb and resource, such as {@code patch deployments.apps}, in alphabetical order
 * @param retries how many of all were sent because an earlier one had failed
 */
public record RequestCounts(Map<String, Long> byKind, long retries) {

    public RequestCounts {
        byKind = Collections.unmodifiableMap(new TreeMap<>(byKind));
    }

    public long total() {
        return byKind.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What was sent since an earlier snapshot of the same gateway. */
    public RequestCounts since(RequestCounts earlier) {
        Map<String, Long> difference = new TreeMap<>();
        byKind.forEach((kind, count) -> {
            long more = count - earlier.byKind.getOrDefault(kind, 0L);
            if (more > 0) {
                difference.put(kind, more);
            }
        });
        return new RequestCounts(difference, retries - earlier.retries);
    }

    /** For people: {@code 9 requests, 1 of them a retry: 8 patch deployments.apps, 1 watch pods}. */
    @Override
    public String toString() {
        String kinds = byKind.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        String again = retries == 0 ? "" : retries == 1 ? ", 1 of them a retry" : ", " + retries + " of them retries";
        return total() + (total() == 1 ? " request" : " requests") + again + (kinds.isEmpty() ? "" : ": " + kinds);
    }
}
