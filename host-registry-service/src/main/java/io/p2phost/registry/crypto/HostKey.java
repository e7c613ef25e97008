package io.p2phost.registry.crypto;

import io.p2phost.contracts.Text;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/** A host's Ed25519 public key, as its 32 raw bytes (RFC 8032 §5.1.2). */
public final class HostKey {
    private static final int LENGTH = 32;
    private static final int SIGNATURE_LENGTH = 64;
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    // The y coordinates of the points of small order: under such a key anybody can sign anything.
    private static final BigInteger ORDER_EIGHT =
            new BigInteger("55188659117513257062467267217118295137698188065244968500265048394206261417927");
    private static final Set<BigInteger> SMALL_ORDER =
            Set.of(BigInteger.ZERO, BigInteger.ONE, P.subtract(BigInteger.ONE), ORDER_EIGHT, P.subtract(ORDER_EIGHT));

    private final byte[] raw;
    private final PublicKey key;

    private HostKey(byte[] raw, PublicKey key) {
        this.raw = raw;
        this.key = key;
    }

    /**
     * Reads a key from its raw bytes.
     *
     * @throws IllegalArgumentException when they are no usable Ed25519 key
     */
    public static HostKey of(byte[] raw) {
        if (raw.length != LENGTH) {
            throw new IllegalArgumentException(
                    "publicKey: " + raw.length + " bytes (expected: base64 of the " + LENGTH + " raw bytes)");
        }
        byte[] bigEndian = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bigEndian[i] = raw[LENGTH - 1 - i];
        }
        boolean xOdd = (bigEndian[0] & 0x80) != 0;
        bigEndian[0] &= 0x7f;
        BigInteger y = new BigInteger(1, bigEndian);
        if (y.compareTo(P) >= 0 || SMALL_ORDER.contains(y)) {
            throw new IllegalArgumentException("publicKey: a weak point (expected: a generated Ed25519 key)");
        }
        try {
            PublicKey key = KeyFactory.getInstance("Ed25519")
                    .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(xOdd, y)));
            // The JDK decodes the point only when it verifies: ask now, so that no unusable key is stored.
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            return new HostKey(raw.clone(), key);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("publicKey: not on the curve (expected: a generated Ed25519 key)", e);
        }
    }

    /** Reads a key from standard base64. */
    public static HostKey parse(String base64) {
        byte[] raw;
        try {
            raw = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("publicKey: " + Text.quote(base64) + " (expected: base64)", e);
        }
        return of(raw);
    }

    /** Whether the signature over the message was made with this key's private half. */
    public boolean verifies(byte[] message, byte[] signature) {
        if (signature.length != SIGNATURE_LENGTH) {
            return false;
        }
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(message);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    public byte[] raw() {
        return raw.clone();
    }

    public PublicKey key() {
        return key;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostKey that && Arrays.equals(raw, that.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    @Override
    public String toString() {
        return Base64.getEncoder().encodeToString(raw);
    }
}
