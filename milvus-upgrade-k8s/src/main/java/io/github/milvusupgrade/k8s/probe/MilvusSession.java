package io.github.milvusupgrade.k8s.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.milvusupgrade.k8s.etcd.EtcdEntry;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * What a running role of Milvus says of itself in etcd, for as long as it lives
 * (milvus-io/milvus:internal/util/sessionutil/session_util.go). The active coordinator has the key of its role alone;
 * everybody else's key ends with a number.
 *
 * @param role such as {@code querynode}, in lower case
 * @param host the address of its pod
 * @param server the number of the process, greater than that of any before it; 0 if it does not say
 * @param active whether it is the coordinator that everybody calls
 * @param version the version of the program, whatever the image is called; empty if it does not say, as 2.1 does not
 */
public record MilvusSession(String role, String host, long server, boolean active, String version) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Empty for keys that are no session, such as the counter beside them. */
    static Optional<MilvusSession> of(EtcdEntry entry, String prefix) {
        JsonNode session;
        try {
            session = JSON.readTree(new String(entry.value(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        String role = session.path("ServerName").asText();
        String address = session.path("Address").asText();
        int port = address.lastIndexOf(':');
        if (!role.matches("[a-zA-Z]{1,40}") || port < 0) {
            return Optional.empty();
        }
        String version = session.path("Version").asText();
        return Optional.of(new MilvusSession(
                role.toLowerCase(Locale.ROOT),
                address.substring(0, port),
                session.path("ServerID").asLong(),
                entry.key().equals(prefix + role),
                version.matches("[0-9A-Za-z.+-]{1,60}") ? version : ""));
    }
}
