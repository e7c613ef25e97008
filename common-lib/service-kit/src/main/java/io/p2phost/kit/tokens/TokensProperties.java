package io.p2phost.kit.tokens;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Keys for tokens between services.
 *
 * @param privateKey this service's own Ed25519 key, base64 of PKCS#8
 * @param serviceKeys public keys of all services as a JWKS document; {@code kid} is the service's id
 */
@ConfigurationProperties("p2p.tokens")
public record TokensProperties(String privateKey, String serviceKeys) {
    public TokensProperties {
        if (privateKey == null || privateKey.isBlank()) {
            throw new IllegalArgumentException(
                    "p2p.tokens.private-key: missing (expected: base64 of a PKCS#8 Ed25519 key; ./p2p up and init-secrets make one)");
        }
        if (serviceKeys == null || serviceKeys.isBlank()) {
            throw new IllegalArgumentException(
                    "p2p.tokens.service-keys: missing (expected: a JWKS document with a key per service)");
        }
    }

    @Override
    public String toString() {
        return "TokensProperties[privateKey=***]";
    }
}
