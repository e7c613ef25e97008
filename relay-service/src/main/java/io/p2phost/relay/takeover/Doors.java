package io.p2phost.relay.takeover;

/** Where players and hosts connect. */
@FunctionalInterface
public interface Doors {
    /** Listens at the ports of the settings; one that is taken is thrown. */
    void open();
}
