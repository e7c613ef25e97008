package io.p2phost.registry.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** SHA-256 of an API key. The key holds 256 random bits, so a plain hash is enough; comparison takes constant time. */
public final class KeyHash {
    private static final int LENGTH = 32;

    private final byte[] bytes;

    private KeyHash(byte[] bytes) {
        this.bytes = bytes;
    }

    public static KeyHash ofKey(String key) {
        try {
            return new KeyHash(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /** A hash as it was stored. */
    public static KeyHash ofBytes(byte[] stored) {
        if (stored.length != LENGTH) {
            throw new IllegalArgumentException("secret hash: " + stored.length + " bytes (expected: " + LENGTH + ")");
        }
        return new KeyHash(stored.clone());
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether both are the same, without saying by its duration how much of them is. */
    public boolean matches(KeyHash other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyHash that && matches(that);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "sha256:" + HexFormat.of().formatHex(bytes, 0, 4) + "…";
    }
}
