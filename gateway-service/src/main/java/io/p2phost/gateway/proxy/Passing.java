package io.p2phost.gateway.proxy;

import java.util.Set;
import java.util.TreeSet;

/**
 * Headers that are passed on. A list of what passes, not of what does not: forwarding headers, hop-by-hop headers,
 * cookies and anything a service could take for ours are left behind without being named.
 */
public final class Passing {
    private static final Set<String> REQUEST = ignoringCase(
            "Accept", "Accept-Language", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "User-Agent");

    private static final Set<String> RESPONSE = ignoringCase(
            "Allow",
            "Content-Disposition",
            "Content-Type",
            "Deprecation",
            "ETag",
            "Last-Modified",
            "Link",
            "Location",
            "Retry-After",
            "Sunset",
            "WWW-Authenticate");

    private Passing() {}

    public static boolean toService(String header) {
        return REQUEST.contains(header);
    }

    /** Whether a service's header reaches the caller. A place outside the public API would tell of our inside. */
    public static boolean toCaller(String header, String value) {
        return RESPONSE.contains(header) && (!header.equalsIgnoreCase("Location") || value.startsWith("/api/v1/"));
    }

    private static Set<String> ignoringCase(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(Set.of(names));
        return set;
    }
}
