package io.github.milvusupgrade.k8s.rehearsal;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Where Milvus keeps what, below its meta root path in etcd; the content is made up. */
final class MilvusMetadata {

    /** Whose sessions keep the migration tool from working: {@code migration/runner.go}. */
    static final List<String> ROLES = List.of(
            "rootcoord", "indexcoord", "indexnode", "datacoord", "datanode", "querycoord", "querynode", "proxy");

    /** What only 2.1 has, and the tool removes before it converts anything. */
    static final List<String> ONLY_OLD = List.of(
            "root-coord/index/",
            "root-coord/segment-index/",
            "indexes/",
            "queryCoord-collectionMeta/",
            "snapshots/root-coord/segment-index/");

    /** What 2.2 reads instead. */
    static final String NEW = "migrated-2.2/";

    private static final long FIRST_ID = 430_000_000_000_000_000L;

    private MilvusMetadata() {}

    static String session(String root, String role) {
        return root + "/session/" + role;
    }

    /** Writes metadata of 2.1: four of five keys are of the kinds that are converted, the others stay as they are. */
    static void seed(RehearsedEtcd etcd, String root, int keys) {
        Random random = new Random(21);
        for (int i = 0; i < keys; i++) {
            byte[] value = new byte[20 + random.nextInt(200)];
            random.nextBytes(value);
            String prefix = i % 5 == 4 ? "datacoord-meta/s/" : ONLY_OLD.get(i % ONLY_OLD.size());
            etcd.put(root + "/" + prefix + (FIRST_ID + i) + "/" + i, value);
        }
    }

    static byte[] converted(byte[] value) {
        byte[] mark = "2.2:".getBytes(StandardCharsets.UTF_8);
        byte[] converted = new byte[mark.length + value.length];
        System.arraycopy(mark, 0, converted, 0, mark.length);
        System.arraycopy(value, 0, converted, mark.length, value.length);
        return converted;
    }
}
