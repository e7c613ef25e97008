package io.p2phost.gateway.door;

import java.time.Instant;
import java.util.Optional;

/** Where an API key is exchanged for an access token. */
@FunctionalInterface
public interface KeyIssuer {
    /**
     * Exchanges a key.
     *
     * @return empty when the key is not accepted
     * @throws UnavailableException when nobody could be asked
     */
    Optional<Issued> issue(String apiKey) throws UnavailableException;

    /** An access token and the end of its life. */
    record Issued(String token, Instant expiresAt) {}

    /** The issuer did not answer. */
    final class UnavailableException extends Exception {
        public UnavailableException(String message) {
            super(message, null, false, false);
        }
    }
}
