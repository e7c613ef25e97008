package io.p2phost.registry.config;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The registry's secrets; neither has a default.
 *
 * @param adminApiKey the API key with role ADMIN that exists from the first start; only its hash is stored. Changing it
 *     revokes the old one at the next start
 * @param keyEncryptionKey base64 of 32 random bytes; seals the signing keys and the authority's key in the database.
 *     Losing it means new keys and certificates for everybody
 */
@ConfigurationProperties("p2p.registry")
record SecretsProperties(String adminApiKey, String keyEncryptionKey) {
    SecretsProperties {
        new Faults("p2p.registry")
                .require(
                        adminApiKey != null && !adminApiKey.isBlank(),
                        "admin-api-key",
                        "missing",
                        "p2p_<id>_<43 base64url characters>; p2p-keygen makes one")
                .require(
                        keyEncryptionKey != null && !keyEncryptionKey.isBlank(),
                        "key-encryption-key",
                        "missing",
                        "base64 of 32 random bytes")
                .raise();
    }

    @Override
    public String toString() {
        return "SecretsProperties[***]";
    }
}
