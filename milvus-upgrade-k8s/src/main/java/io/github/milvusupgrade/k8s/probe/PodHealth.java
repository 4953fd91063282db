package io.github.milvusupgrade.k8s.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code /healthz} of a Milvus process tells: the state of each of its roles. From 2.2 on the answer is JSON if
 * the question says {@code Content-Type: application/json}, whatever its HTTP status:
 * {@code {"state":"OK","detail":[{"name":"rootcoord","code":1}]}}; otherwise, and always in 2.1, it is a bare word
 * (milvus-io/milvus:internal/http/healthz/healthz_handler.go, and cmd/roles of 2.1).
 *
 * @param roles the state of each role, by its name; at least one
 */
public record PodHealth(SortedMap<String, RoleState> roles) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copy what is handed in. */
    public PodHealth {
        roles = Collections.unmodifiableSortedMap(new TreeMap<>(roles));
    }

    static Seen<PodHealth> parse(int status, String body) {
        if (status == 404) {
            return new Seen.Blind<>("it has no /healthz");
        }
        JsonNode answer;
        try {
            answer = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return new Seen.Blind<>(
                    body.strip().equals("OK")
                            ? "it answers OK without the states of its roles, as Milvus 2.1 does"
                            : "its answer is no JSON (HTTP " + status + ")");
        }
        SortedMap<String, RoleState> roles = new TreeMap<>();
        for (JsonNode role : answer.path("detail")) {
            JsonNode code = role.path("code");
            Optional<RoleState> state = code.isInt() ? RoleState.of(code.asInt()) : Optional.empty();
            String name = role.path("name").asText();
            if (state.isEmpty() || !name.matches("[a-zA-Z]{1,40}")) {
                return new Seen.Blind<>("it tells a state that this release does not know");
            }
            roles.put(name.toLowerCase(Locale.ROOT), state.get());
        }
        return roles.isEmpty()
                ? new Seen.Blind<>("its answer does not tell the states of its roles (HTTP " + status + ")")
                : new Seen.Clear<>(new PodHealth(roles));
    }
}
