package io.p2phost.agent.session;

/** The way to the relays, measured lately. */
@FunctionalInterface
public interface LinkQuality {
    /** Round trip in ms; 0 until measured. */
    double latencyMillis();
}
