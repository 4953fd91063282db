package io.github.milvusupgrade.k8s.rehearsal;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * A request that a {@link RehearsalCluster} received.
 *
 * @param time when it arrived
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code patch}, {@code delete}
 *     or {@code deletecollection}
 * @param resource {@code deployments}, {@code deployments/scale} …; the path if it was about no resource
 * @param namespace empty if cluster-wide
 * @param name empty for a collection
 * @param query the query parameters; the words of an executed {@code command} have spaces in between
 * @param code the HTTP status of the answer, 0 if a fault kept the client from getting one
 */
public record RecordedRequest(
        Instant time,
        String verb,
        String resource,
        String namespace,
        String name,
        Map<String, String> query,
        int code) {

    /** Keeps its own copy of the query. */
    public RecordedRequest {
        Map<String, String> copy = new HashMap<>(query);
        copy.replaceAll((parameter, value) -> value.replace('\0', ' '));
        query = Map.copyOf(copy);
    }

    static RecordedRequest of(ApiRequest request, int code, Instant time) {
        Target target = request.target();
        return target == null
                ? new RecordedRequest(time, request.verb(), request.path(), "", "", request.query(), code)
                : new RecordedRequest(
                        time,
                        request.verb(),
                        target.resource(),
                        target.namespace(),
                        target.name(),
                        request.query(),
                        code);
    }

    /** Whether it could have changed something. */
    public boolean isWrite() {
        return !verb.equals("get") && !verb.equals("list") && !verb.equals("watch") && !query.containsKey("dryRun");
    }
}
