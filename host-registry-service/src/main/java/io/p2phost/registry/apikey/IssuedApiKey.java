package io.p2phost.registry.apikey;

/** A new key and its secret, which is shown this once. */
public record IssuedApiKey(ApiKey key, String secret) {
    @Override
    public String toString() {
        return "IssuedApiKey[" + key.id() + "]";
    }
}
