package io.p2phost.registry.config;

import io.p2phost.registry.host.LeasePolicy;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a host's silence means something.
 *
 * @param duration a host silent for this long is OFFLINE; longer forgives bad links, shorter frees maps sooner
 * @param heartbeatInterval what agents are told; at most a third of duration, so two lost heartbeats do no harm
 * @param unhealthyAfter a host silent for this long is given nothing new; between one heartbeat and duration
 * @param tick how often leases are checked; shorter finds the end sooner and costs CPU
 * @param maxSlip a check later than this is the registry's own fault and re-arms all leases by the delay
 * @param maxHosts how many sessions one registry holds; more hosts are answered 503
 */
@ConfigurationProperties("p2p.registry.lease")
record LeaseProperties(
        @DefaultValue("15s") Duration duration,
        @DefaultValue("5s") Duration heartbeatInterval,
        @DefaultValue("8s") Duration unhealthyAfter,
        @DefaultValue("250ms") Duration tick,
        @DefaultValue("500ms") Duration maxSlip,
        @DefaultValue("100000") int maxHosts) {
    LeaseProperties {
        new Faults("p2p.registry.lease")
                .between("duration", duration, Duration.ofMillis(500), Duration.ofHours(1))
                .require(
                        heartbeatInterval.isPositive()
                                && heartbeatInterval.multipliedBy(3).compareTo(duration) <= 0,
                        "heartbeat-interval",
                        heartbeatInterval,
                        "<= " + duration.dividedBy(3) + ", a third of duration")
                .require(
                        unhealthyAfter.compareTo(heartbeatInterval) > 0 && unhealthyAfter.compareTo(duration) < 0,
                        "unhealthy-after",
                        unhealthyAfter,
                        "between " + heartbeatInterval + " and " + duration)
                .require(
                        tick.toMillis() >= 10 && tick.multipliedBy(8).compareTo(duration) <= 0,
                        "tick",
                        tick,
                        "10 ms to " + duration.dividedBy(8) + ", an eighth of duration")
                .require(maxSlip.compareTo(tick) >= 0, "max-slip", maxSlip, ">= " + tick + ", one tick")
                .between("max-hosts", maxHosts, 1, 1_000_000)
                .raise();
    }

    LeasePolicy policy() {
        return new LeasePolicy(duration, heartbeatInterval, unhealthyAfter, tick, maxSlip, maxHosts);
    }
}
