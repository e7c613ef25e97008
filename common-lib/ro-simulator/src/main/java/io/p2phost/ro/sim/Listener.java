package io.p2phost.ro.sim;

/** Who accepts connections. */
public interface Listener {
    /**
     * Gives what receives the new connection's packets.
     *
     * @param address the peer's IPv4 address, first byte highest
     */
    Link accept(int address);
}
