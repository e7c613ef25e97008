package io.p2phost.registry.enrolment;

import java.util.Arrays;
import java.util.HexFormat;

/** Keyed hash of an enrolment code. */
public final class CodeHash {
    private final byte[] bytes;

    private CodeHash(byte[] bytes) {
        this.bytes = bytes;
    }

    public static CodeHash of(byte[] bytes) {
        return new CodeHash(bytes.clone());
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodeHash that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "hmac:" + HexFormat.of().formatHex(bytes, 0, Math.min(4, bytes.length)) + "…";
    }
}
