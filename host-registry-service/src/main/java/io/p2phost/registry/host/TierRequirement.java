package io.p2phost.registry.host;

import java.util.ArrayList;
import java.util.List;

/** The least a machine must have for a tier. */
public record TierRequirement(int tier, double cpuGhz, int cpuCores, double ramGb, double networkMbps) {
    public TierRequirement {
        if (tier < 1 || tier > 3) {
            throw new IllegalArgumentException("tier: " + tier + " (expected: 1 to 3)");
        }
    }

    /** Everything in which the machine falls short; empty when it is good enough. */
    List<Shortfall> shortfallsOf(Capability machine) {
        List<Shortfall> found = new ArrayList<>();
        compare(found, "cpuGhz", cpuGhz, machine.cpuGhz());
        compare(found, "cpuCores", cpuCores, machine.cpuCores());
        compare(found, "ramGb", ramGb, machine.ramGb());
        compare(found, "networkMbps", networkMbps, machine.networkMbps());
        return found;
    }

    private static void compare(List<Shortfall> found, String requirement, double required, double actual) {
        if (actual < required) {
            found.add(new Shortfall(requirement, required, actual));
        }
    }
}
