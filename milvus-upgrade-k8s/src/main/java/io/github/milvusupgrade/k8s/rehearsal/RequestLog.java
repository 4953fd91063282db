package io.github.milvusupgrade.k8s.rehearsal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The newest requests, in the order in which they were answered. */
final class RequestLog {

    private static final int LIMIT = 20_000;

    private final Deque<RecordedRequest> requests = new ArrayDeque<>();

    synchronized void add(RecordedRequest request) {
        requests.addLast(request);
        if (requests.size() > LIMIT) {
            requests.removeFirst();
        }
    }

    synchronized List<RecordedRequest> all() {
        return List.copyOf(requests);
    }
}
