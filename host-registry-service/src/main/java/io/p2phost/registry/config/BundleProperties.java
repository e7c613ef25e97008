package io.p2phost.registry.config;

import io.p2phost.registry.bundle.BundlePolicy;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bundles that are kept for hosts.
 *
 * @param packetVersion the char-server's; a bundle of another is refused. The date in p2p.db-proxy.layout
 * @param keepVersions released versions that stay; only they can be gone back to
 * @param maxTotal most that all versions may have together in the database; pieces that are the same count once
 * @param draftLifetime when a version that was begun and never released is forgotten
 */
@ConfigurationProperties("p2p.registry.bundle")
record BundleProperties(
        @DefaultValue("20200401") int packetVersion,
        @DefaultValue("5") int keepVersions,
        @DefaultValue("1GB") DataSize maxTotal,
        @DefaultValue("24h") Duration draftLifetime) {
    private static final DataSize LEAST = DataSize.ofKilobytes(1);
    private static final DataSize MOST = DataSize.ofTerabytes(1);

    BundleProperties {
        new Faults("p2p.registry.bundle")
                .between("packet-version", packetVersion, 20_030_000, 21_000_000)
                // Hosts that fetch the version before must find its pieces to their end.
                .between("keep-versions", keepVersions, 2, 50)
                .require(
                        maxTotal.compareTo(LEAST) >= 0 && maxTotal.compareTo(MOST) <= 0,
                        "max-total",
                        maxTotal,
                        LEAST + " to " + MOST)
                .between("draft-lifetime", draftLifetime, Duration.ofMinutes(1), Duration.ofDays(30))
                .raise();
    }

    BundlePolicy policy() {
        return new BundlePolicy(packetVersion, keepVersions, maxTotal.toBytes(), draftLifetime);
    }
}
