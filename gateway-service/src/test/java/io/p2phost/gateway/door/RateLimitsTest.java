package io.p2phost.gateway.door;

import static io.p2phost.gateway.door.RateLimits.Kind.ADDRESS;
import static io.p2phost.gateway.door.RateLimits.Kind.CALLER;
import static io.p2phost.gateway.door.RateLimits.Kind.HEARTBEAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private final MutableTicker time = new MutableTicker();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RateLimits limits = new RateLimits(
            Map.of(
                    CALLER, new RateLimits.Rate(2, 4),
                    ADDRESS, new RateLimits.Rate(1, 1),
                    HEARTBEAT, new RateLimits.Rate(1, 2)),
            100,
            time,
            meters);

    @Test
    void aBurstPassesAndTheNextCallIsToldHowLongToWait() {
        for (int i = 0; i < 4; i++) {
            assertThat(limits.take(CALLER, "a")).isZero();
        }
        assertThat(limits.take(CALLER, "a")).isEqualTo(Duration.ofMillis(500));
        time.advance(Duration.ofMillis(499));
        assertThat(limits.take(CALLER, "a")).isPositive();
        time.advance(Duration.ofMillis(1));
        assertThat(limits.take(CALLER, "a")).isZero();
        assertThat(meters.counter("p2p_gateway_limited_total", "kind", "caller").count())
                .isEqualTo(2);
    }

    @Test
    void callersAndKindsDoNotShare() {
        for (int i = 0; i < 5; i++) {
            limits.take(CALLER, "a");
        }
        assertThat(limits.take(CALLER, "b")).isZero();
        assertThat(limits.take(HEARTBEAT, "a")).isZero();
        assertThat(limits.take(HEARTBEAT, "a")).isZero();
        assertThat(limits.take(HEARTBEAT, "a")).isPositive();
    }

    @Test
    void theNumberOfCallersRememberedIsBounded() {
        for (int i = 0; i < 10_000; i++) {
            limits.take(ADDRESS, "10.0.0." + i);
        }
        assertThat(limits.tracked(ADDRESS)).isBetween(1L, 100L);
    }
}
