package io.p2phost.assignment.failover;

import io.p2phost.contracts.HostId;
import java.util.Set;

/** Everybody who hears hosts: relays their tunnels, db-proxy their char links. */
@FunctionalInterface
public interface Observers {
    /** How long a host may have been silent and still counts as heard: it speaks every second. */
    long HEARD_MILLIS = 1_500;

    /**
     * Asks them all once, at the same time, and does not wait long: who does not answer says nothing.
     *
     * @param except who is not asked; a relay's id or a service's
     */
    Heard ask(HostId host, Set<String> except);

    /**
     * Who hears the host.
     *
     * @param relays the ids of relays that hear it
     */
    record Heard(Set<String> relays, boolean dbProxy) {
        public static final Heard BY_NOBODY = new Heard(Set.of(), false);

        public Heard {
            relays = Set.copyOf(relays);
        }

        public boolean onlyByDbProxy() {
            return dbProxy && relays.isEmpty();
        }

        public boolean byAnybody() {
            return dbProxy || !relays.isEmpty();
        }
    }
}
