package io.p2phost.agent.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** The host's Ed25519 identity key. It proves who the host is to the registry alone and never leaves the home. */
public final class HostKey {
    private static final String HEADER = "-----BEGIN PRIVATE KEY-----";
    private static final String FOOTER = "-----END PRIVATE KEY-----";

    private final EdECPrivateKey key;

    private HostKey(EdECPrivateKey key) {
        this.key = key;
    }

    static HostKey generate() {
        try {
            return new HostKey((EdECPrivateKey)
                    KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    static HostKey fromPem(String pem) throws IOException {
        int start = pem.indexOf(HEADER);
        int end = pem.indexOf(FOOTER);
        if (start < 0 || end < start) {
            throw new IOException("no PRIVATE KEY block");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.substring(start + HEADER.length(), end));
            PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
            return new HostKey((EdECPrivateKey) key);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("not an Ed25519 key", e);
        }
    }

    String toPem() {
        return HEADER
                + "\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n"
                + FOOTER
                + "\n";
    }

    /** For signing assertions. */
    public PrivateKey privateKey() {
        return key;
    }

    /** The public half as enrolment sends it: base64 of the raw 32 bytes. */
    public String publicKeyBase64() {
        byte[] seed = key.getBytes().orElseThrow(() -> new IllegalStateException("key without its 32 bytes"));
        return Base64.getEncoder()
                .encodeToString(new Ed25519PrivateKeyParameters(seed, 0)
                        .generatePublicKey()
                        .getEncoded());
    }

    /** Proof of possession: base64 of the Ed25519 signature over the UTF-8 text. */
    public String signBase64(String text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 signing failed", e);
        }
    }
}
