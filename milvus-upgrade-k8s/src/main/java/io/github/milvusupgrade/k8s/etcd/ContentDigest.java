package io.github.milvusupgrade.k8s.etcd;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Tells whether two sets of keys with values are the same, whatever order they come in: the number of entries and the
 * sum of their SHA-256, modulo 2^256. Immutable.
 *
 * @param entries how many keys
 * @param sum the sum, in hexadecimal
 */
public record ContentDigest(long entries, String sum) {

    /** Of no entries at all. */
    public static final ContentDigest EMPTY = new ContentDigest(0, "0");

    private static final BigInteger MODULUS = BigInteger.TWO.pow(256);

    /** The digest of one entry more. */
    public ContentDigest with(byte[] key, byte[] value) {
        MessageDigest sha = sha256();
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(key.length).flip());
        sha.update(key);
        sha.update(value);
        BigInteger total = new BigInteger(sum, 16).add(new BigInteger(1, sha.digest()));
        return new ContentDigest(entries + 1, total.mod(MODULUS).toString(16));
    }

    /** SHA-256, which every Java platform has. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }
}
