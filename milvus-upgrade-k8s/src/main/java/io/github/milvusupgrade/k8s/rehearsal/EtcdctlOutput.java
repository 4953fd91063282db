package io.github.milvusupgrade.k8s.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The answer to a {@code get} in the formats of {@code etcdctl}, written while it is read: all of it may be large.
 *
 * @param more whether there is more than was asked for
 * @param count how much there is
 */
record EtcdctlOutput(
        JsonNode header, List<Map.Entry<String, RehearsedEtcd.Item>> found, boolean keysOnly, boolean more, int count) {

    private static final int CHUNK = 32 * 1024;

    InputStream json() {
        Stream<String> keys = found.stream().map(entry -> (entry == found.get(0) ? ",\"kvs\":[" : ",") + json(entry));
        String end = (found.isEmpty() ? "" : "]") + (more ? ",\"more\":true" : "")
                + (count == 0 ? "" : ",\"count\":" + count) + "}\n";
        return joined(Stream.of("{\"header\":" + header), keys, Stream.of(end));
    }

    private String json(Map.Entry<String, RehearsedEtcd.Item> entry) {
        RehearsedEtcd.Item item = entry.getValue();
        Base64.Encoder base64 = Base64.getEncoder();
        boolean valueless = keysOnly || item.value().length == 0;
        return "{\"key\":\"" + base64.encodeToString(entry.getKey().getBytes(StandardCharsets.ISO_8859_1))
                + "\",\"create_revision\":" + item.created() + ",\"mod_revision\":" + item.modified() + ",\"version\":"
                + item.version()
                + (valueless ? "" : ",\"value\":\"" + base64.encodeToString(item.value()) + "\"")
                + (item.lease() == 0 ? "" : ",\"lease\":" + item.lease()) + "}";
    }

    InputStream fields() {
        String begin = "\"ClusterID\" : " + header.path("cluster_id") + "\n\"MemberID\" : " + header.path("member_id")
                + "\n\"Revision\" : " + header.path("revision") + "\n\"RaftTerm\" : " + header.path("raft_term") + "\n";
        Stream<String> keys = found.stream().map(entry -> {
            RehearsedEtcd.Item item = entry.getValue();
            return "\"Key\" : \"" + entry.getKey() + "\"\n\"CreateRevision\" : " + item.created()
                    + "\n\"ModRevision\" : " + item.modified() + "\n\"Version\" : " + item.version()
                    + "\n\"Value\" : \""
                    + (keysOnly ? "" : text(item)) + "\"\n\"Lease\" : " + item.lease() + "\n\n";
        });
        String end = "\"More\" : " + more + "\n\"Count\" : " + count + "\n";
        return joined(Stream.of(begin), keys, Stream.of(end));
    }

    InputStream simple(boolean valuesOnly) {
        return joined(found.stream()
                .map(entry ->
                        (valuesOnly ? "" : entry.getKey() + "\n") + (keysOnly ? "" : text(entry.getValue())) + "\n"));
    }

    static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(RehearsedEtcd.Item item) {
        return new String(item.value(), StandardCharsets.ISO_8859_1);
    }

    @SafeVarargs
    private static InputStream joined(Stream<String>... parts) {
        Iterator<String> left = Stream.of(parts).flatMap(Function.identity()).iterator();
        return new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return left.hasNext();
            }

            @Override
            public InputStream nextElement() {
                StringBuilder chunk = new StringBuilder(left.next());
                while (left.hasNext() && chunk.length() < CHUNK) {
                    chunk.append(left.next());
                }
                return stream(chunk.toString());
            }
        });
    }
}
