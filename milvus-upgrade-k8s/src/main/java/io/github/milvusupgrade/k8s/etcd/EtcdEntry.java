package io.github.milvusupgrade.k8s.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * One key of etcd.
 *
 * @param key the key, as text
 * @param value its value
 * @param leased whether it goes away by itself when its owner does
 */
public record EtcdEntry(String key, byte[] value, boolean leased) {

    /** As {@code etcdctl --write-out=json} prints it; fields that are zero are left out there. */
    static EtcdEntry of(JsonNode kv) {
        byte[] key = Base64.getDecoder().decode(kv.path("key").asText(""));
        return new EtcdEntry(
                new String(key, StandardCharsets.UTF_8),
                Base64.getDecoder().decode(kv.path("value").asText("")),
                kv.path("lease").asLong(0) != 0);
    }
}
