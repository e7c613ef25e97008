package io.p2phost.gateway.route;

import org.jspecify.annotations.Nullable;

/**
 * A request that passed the door.
 *
 * @param path as it is passed on
 * @param query raw, null without one
 * @param token the caller's access token; null for an anonymous call
 */
public record Admitted(
        Endpoint endpoint,
        String path,
        @Nullable String query,
        @Nullable String token) {
    /** Request attribute under which it is kept. */
    public static final String ATTRIBUTE = Admitted.class.getName();
}
