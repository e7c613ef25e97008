package io.p2phost.contracts.event;

/**
 * A VPS map-server the operator registered, or its removal (topic {@code p2p.vps-status.v1}, key vpsId).
 *
 * @param role CORE (never hosted maps) or RESERVE (all eligible maps)
 */
public record VpsStatusChanged(String vpsId, String host, int port, Role role, boolean registered) {
    public static final String TYPE = "VpsStatusChanged";

    /** What a VPS map-server is for. */
    public enum Role {
        CORE,
        RESERVE
    }
}
