package io.p2phost.registry.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets before they are stored: AES-256-GCM under the operator's key-encryption key, bound to a purpose so that
 * one kind of secret cannot be put in another's place.
 */
public final class Sealer {
    /** Name of the setting that holds the key. */
    public static final String SETTING = "p2p.registry.key-encryption-key";

    private static final int KEY_LENGTH = 32;
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;

    private final SecretKey key;
    private final SecureRandom random;

    private Sealer(SecretKey key, SecureRandom random) {
        this.key = key;
        this.random = random;
    }

    /**
     * Makes a sealer.
     *
     * @param base64Key 32 bytes in base64
     * @throws IllegalArgumentException when it is anything else; the text itself is not repeated
     */
    public static Sealer of(String base64Key, SecureRandom random) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64Key.strip());
        } catch (IllegalArgumentException e) {
            bytes = new byte[0];
        }
        if (bytes.length != KEY_LENGTH) {
            throw new IllegalArgumentException(SETTING + ": (expected: base64 of 32 random bytes)");
        }
        return new Sealer(new SecretKeySpec(bytes, "AES"), random);
    }

    /** Encrypts; the answer holds nonce, cipher text and tag. */
    public byte[] seal(String purpose, byte[] secret) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, purpose).doFinal(secret);
            return ByteBuffer.allocate(NONCE_LENGTH + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not usable here", e);
        }
    }

    /**
     * Decrypts what {@link #seal} made for the same purpose.
     *
     * @throws IllegalStateException when it was sealed with another key or changed since
     */
    public byte[] open(String purpose, byte[] sealed) {
        if (sealed.length <= NONCE_LENGTH) {
            throw new IllegalStateException(purpose + ": the stored secret is cut short");
        }
        byte[] nonce = new byte[NONCE_LENGTH];
        System.arraycopy(sealed, 0, nonce, 0, NONCE_LENGTH);
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, purpose)
                    .doFinal(sealed, NONCE_LENGTH, sealed.length - NONCE_LENGTH);
        } catch (AEADBadTagException e) {
            throw new IllegalStateException(
                    SETTING + ": does not open the stored " + purpose + " (expected: the key it was sealed with)", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not usable here", e);
        }
    }

    /**
     * A keyed hash: what is stored of a short secret, so that a stolen table alone does not allow guessing it.
     *
     * @param purpose keeps hashes of different kinds apart
     */
    public byte[] keyedHash(String purpose, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is not usable here", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String purpose) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
