package io.p2phost.registry.bundle;

import java.time.Duration;

/**
 * Rules for what is kept.
 *
 * @param packetVersion the char-server's; a map-server of another could not talk to it
 * @param keepVersions released versions that stay, the newest releases first
 * @param maxTotalBytes most that the pieces of all versions may have together
 * @param draftLifetime when a version that was begun and never released is forgotten
 */
public record BundlePolicy(int packetVersion, int keepVersions, long maxTotalBytes, Duration draftLifetime) {}
