package io.p2phost.registry.token;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Instant;

/** A pair of Ed25519 keys with which access tokens are signed. */
public record SigningKey(String kid, PublicKey publicKey, PrivateKey privateKey, Instant createdAt) {
    @Override
    public String toString() {
        return "SigningKey[" + kid + "]";
    }
}
