package io.p2phost.metrics.history;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the host history.
 *
 * @param retention days older than this are dropped; longer needs more disk (about 100 bytes per heartbeat)
 * @param maxPoints most buckets of one answer; more is refused rather than cut
 */
@ConfigurationProperties("p2p.metrics.history")
public record HistoryProperties(
        @DefaultValue("30d") Duration retention,
        @DefaultValue("2000") int maxPoints) {
    public HistoryProperties {
        if (retention.toDays() < 1 || retention.toDays() > 3_650) {
            throw new IllegalArgumentException(
                    "p2p.metrics.history.retention: " + retention + " (expected: 1 to 3650 days)");
        }
        if (maxPoints < 10 || maxPoints > 100_000) {
            throw new IllegalArgumentException(
                    "p2p.metrics.history.max-points: " + maxPoints + " (expected: 10 to 100000)");
        }
    }
}
