package io.p2phost.bundles;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.p2phost.contracts.Text;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A release and the Ed25519 signature of the key that hosts pin when they enrol.
 *
 * @param signature base64url without padding
 */
@JsonPropertyOrder({"release", "signature"})
public record SignedRelease(Release release, String signature) {
    private static final int MAX_BYTES = 4096;
    private static final int SIGNATURE_BYTES = 64;

    public SignedRelease {
        if (decoded(signature).length != SIGNATURE_BYTES) {
            throw new BundleException("signature: " + Text.quote(signature) + " (expected: 64 bytes as base64url)");
        }
    }

    public static SignedRelease sign(Release release, PrivateKey key) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(release.signedBytes());
            return new SignedRelease(
                    release, Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("key: no Ed25519 private key", e);
        }
    }

    public static SignedRelease read(byte[] json) {
        return BundleJson.read(json, MAX_BYTES, "release", SignedRelease.class);
    }

    public byte[] bytes() {
        return BundleJson.write(this);
    }

    /**
     * The release, if the pinned key signed it and it is not older than the one that is held.
     *
     * @param held the newest release that was ever accepted; null if there was none
     */
    public Release accepted(PublicKey pinned, @Nullable Release held) {
        if (!verifies(pinned)) {
            throw new BundleException("release " + release.sequence() + " (" + release.version()
                    + "): not signed by the key this host was enrolled with");
        }
        if (held != null && release.sequence() < held.sequence()) {
            throw new BundleException("release " + release.sequence() + " (" + release.version()
                    + "): older than release " + held.sequence() + ", which was accepted before");
        }
        if (held != null && release.sequence() == held.sequence() && !release.equals(held)) {
            throw new BundleException("release " + release.sequence() + " (" + release.version()
                    + "): another release of the same number was accepted before");
        }
        return release;
    }

    /** The manifest, if it is the one that the release names. */
    public static Manifest manifest(Release release, byte[] json) {
        if (json.length > Limits.MANIFEST_BYTES || !Sha256.of(json).equals(release.manifestSha256())) {
            throw new BundleException("manifest of " + release.version() + ": not the one that was released");
        }
        Manifest manifest = Manifest.read(json);
        if (!manifest.version().equals(release.version())) {
            throw new BundleException("manifest of " + release.version() + ": says it is " + manifest.version());
        }
        return manifest;
    }

    private boolean verifies(PublicKey key) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(release.signedBytes());
            return verifier.verify(decoded(signature));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getUrlDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
