package io.p2phost.registry.host;

import java.time.Duration;

/**
 * When silence means something.
 *
 * @param duration a host silent for this long loses its session
 * @param heartbeatInterval what agents are told to use
 * @param unhealthyAfter a host silent for this long is given nothing new
 * @param tick how often leases are checked
 * @param maxSlip a check later than this is the registry's own fault: all leases are re-armed by the slip
 * @param maxHosts how many leases are tracked at most
 */
public record LeasePolicy(
        Duration duration,
        Duration heartbeatInterval,
        Duration unhealthyAfter,
        Duration tick,
        Duration maxSlip,
        int maxHosts) {
    /** The numbers of the design: 15 s, told to beat every 5 s, one missed beat and some grace until UNHEALTHY. */
    public static LeasePolicy standard() {
        return new LeasePolicy(
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofSeconds(8),
                Duration.ofMillis(250),
                Duration.ofMillis(500),
                100_000);
    }
}
