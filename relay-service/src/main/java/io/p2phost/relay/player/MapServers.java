package io.p2phost.relay.player;

/** Ways to map-servers. */
public interface MapServers {
    /**
     * Connects, from a source address of the account's own.
     *
     * @param events told on the loop, in a later turn
     * @return gives the attempt up, if it is not over
     */
    Runnable dial(Loop loop, Destination to, int account, ServerLink.Events events);
}
