package io.p2phost.registry.host;

import io.p2phost.contracts.Text;

/**
 * What a machine says it can do.
 *
 * @param maxMaps how many maps its owner lets it carry at once
 */
public record Capability(
        double cpuGhz, int cpuCores, double ramGb, double networkMbps, int maxMaps, String os, String agentVersion) {
    private static final int MAX_TEXT = 128;

    /** A machine that has never been in a session. */
    public static final Capability UNKNOWN = new Capability(0, 0, 0, 0, 0, "", "");

    public Capability {
        Range.require("cpuGhz", cpuGhz, 0, 20);
        Range.require("cpuCores", cpuCores, 0, 1_024);
        Range.require("ramGb", ramGb, 0, 65_536);
        Range.require("networkMbps", networkMbps, 0, 1_000_000);
        Range.require("maxMaps", maxMaps, 0, 256);
        requireText("os", os);
        requireText("agentVersion", agentVersion);
    }

    private static void requireText(String name, String value) {
        if (value.length() > MAX_TEXT || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    name + ": " + Text.quote(value) + " (expected: at most " + MAX_TEXT + " printable characters)");
        }
    }
}
