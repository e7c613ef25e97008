package io.p2phost.chaos;

import java.time.Duration;

/**
 * Something that goes wrong.
 *
 * @param target the number of a machine, or -1 where it is the suite's
 * @param lasts until it is put right, zero where it is over at once
 * @param after how long after the one before it begins
 */
public record Fault(Kind kind, int target, Duration lasts, Duration after) {
    /** The kinds, how often each comes beside the others, and how many seconds it lasts. */
    public enum Kind {
        AGENT_KILLED(4, 2, 10, true),
        CELL_KILLED(4, 0, 0, true),
        /** Longer than a lease, which is 15 s. */
        MACHINE_SLEEPS(2, 18, 30, true),
        AGENT_STOPPED(2, 2, 8, true),
        NAT_REBOUND(3, 0, 0, true),
        NAT_FORGOT(2, 0, 0, true),
        LINK_DOWN(2, 3, 25, true),
        RELAY_UNREACHABLE(2, 5, 25, true),
        RELAY_KILLED(1, 0, 0, false),
        DB_PROXY_KILLED(2, 0, 0, false),
        MAP_ASSIGNMENT_KILLED(2, 0, 0, false),
        HOST_REGISTRY_KILLED(1, 0, 0, false),
        GATEWAY_KILLED(1, 0, 0, false);

        private final int weight;
        private final int fewestSeconds;
        private final int mostSeconds;
        private final boolean ofMachine;

        Kind(int weight, int fewestSeconds, int mostSeconds, boolean ofMachine) {
            this.weight = weight;
            this.fewestSeconds = fewestSeconds;
            this.mostSeconds = mostSeconds;
            this.ofMachine = ofMachine;
        }

        int weight() {
            return weight;
        }

        int fewestSeconds() {
            return fewestSeconds;
        }

        int mostSeconds() {
            return mostSeconds;
        }

        /** Whether a machine has it, and not the suite. */
        public boolean ofMachine() {
            return ofMachine;
        }
    }
}
