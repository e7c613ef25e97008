package io.p2phost.assignment.selection;

/**
 * Why a host is not given a map.
 *
 * @param gate the gate it does not pass
 * @param detail value and expectation
 */
public record Refusal(Gate gate, String detail) {
    /** The gates, in the order in which they are tried. */
    public enum Gate {
        STATE,
        TIER,
        CPU_LOAD,
        MEMORY_LOAD,
        NETWORK_LOAD,
        LATENCY,
        MAP_SLOTS,
        PENALTY,
        EXCLUDED,
        MIN_HOSTS
    }
}
