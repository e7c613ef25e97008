package io.p2phost.contracts;

import org.jspecify.annotations.Nullable;

/**
 * Who serves a map: a player's host or a VPS map-server.
 *
 * @param id the host's id, or the VPS's id as the operator registered it
 * @param address {@code host:port} of a VPS map-server; always null for a host, which nobody dials
 */
public record Owner(Kind kind, String id, @Nullable String address) {
    /** The two kinds of owner. */
    public enum Kind {
        HOST,
        VPS
    }

    public Owner {
        if (id.isBlank() || id.length() > 64) {
            throw new IllegalArgumentException("owner.id: " + Text.quote(id) + " (expected: 1 to 64 characters)");
        }
        if (kind == Kind.HOST) {
            HostId.of(id);
        }
        if ((kind == Kind.VPS) != (address != null)) {
            throw new IllegalArgumentException(
                    "owner.address: " + address + " (expected: host:port for VPS, none for HOST)");
        }
    }

    public static Owner host(HostId id) {
        return new Owner(Kind.HOST, id.value(), null);
    }

    public static Owner vps(String id, String address) {
        return new Owner(Kind.VPS, id, address);
    }

    public boolean isHost() {
        return kind == Kind.HOST;
    }

    /** Whether this owner is that host. */
    public boolean isHost(HostId host) {
        return isHost() && id.equals(host.value());
    }

    @Override
    public String toString() {
        return kind + ":" + id;
    }
}
