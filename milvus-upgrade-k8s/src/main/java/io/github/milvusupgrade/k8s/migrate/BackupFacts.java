package io.github.milvusupgrade.k8s.migrate;

import io.github.milvusupgrade.k8s.etcd.ContentDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a backup that was read from its first byte to its last.
 *
 * @param bytes its size
 * @param sha256 of the whole file, in hexadecimal
 * @param content what the entries hold
 */
record BackupFacts(long bytes, String sha256, ContentDigest content) {

    private static final String BYTES = "backup.bytes";
    private static final String SHA256 = "backup.sha256";
    private static final String ENTRIES = "backup.entries";
    private static final String CONTENT = "backup.content";

    /** As facts for the journal and for annotations. */
    Map<String, String> toFacts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(BYTES, Long.toString(bytes));
        facts.put(SHA256, sha256);
        facts.put(ENTRIES, Long.toString(content.entries()));
        facts.put(CONTENT, content.sum());
        return facts;
    }

    /** What {@link #toFacts} wrote; empty unless all of it is there. */
    static Optional<BackupFacts> from(Map<String, String> facts) {
        String bytes = facts.get(BYTES);
        String sha256 = facts.get(SHA256);
        String entries = facts.get(ENTRIES);
        String content = facts.get(CONTENT);
        if (bytes == null || sha256 == null || entries == null || content == null) {
            return Optional.empty();
        }
        return Optional.of(
                new BackupFacts(Long.parseLong(bytes), sha256, new ContentDigest(Long.parseLong(entries), content)));
    }

    @Override
    public String toString() {
        return content.entries() + " entries in " + bytes + " bytes, sha256 " + sha256;
    }
}
