package io.p2phost.registry.token;

import java.time.Instant;

/** A signed access token and when it ends. */
public record AccessToken(String token, Instant expiresAt) {
    @Override
    public String toString() {
        return "AccessToken[expiresAt=" + expiresAt + "]";
    }
}
