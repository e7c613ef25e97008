package io.p2phost.assignment.vps;

import io.p2phost.contracts.Owner;
import io.p2phost.contracts.event.VpsStatusChanged.Role;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A map-server the operator runs.
 *
 * @param role CORE serves what is never hosted, RESERVE every eligible map that no host serves
 */
public record Vps(String id, String host, int port, Role role, Instant updatedAt) {
    private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,62})?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,62})?)*");

    public Vps {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "id: " + io.p2phost.contracts.Text.quote(id) + " (expected: 1 to 64 of a-z 0-9 . _ -)");
        }
        if (host.length() > 253 || !HOST.matcher(host).matches()) {
            throw new IllegalArgumentException("host: " + io.p2phost.contracts.Text.quote(host)
                    + " (expected: a host name or IPv4 address, without a port)");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
    }

    public String address() {
        return host + ":" + port;
    }

    public Owner asOwner() {
        return Owner.vps(id, address());
    }
}
