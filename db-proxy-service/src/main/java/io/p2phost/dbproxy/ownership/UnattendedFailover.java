package io.p2phost.dbproxy.ownership;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a lost host's map while assignment cannot be asked: its standby that is logged in here takes it, else
 * nobody owns it and the VPS's reserve serves it. The change is the ordinary compare-and-set: if assignment has decided
 * after all, this is void, and when it is back it adopts what is in effect.
 */
public final class UnattendedFailover {
    private static final Logger log = LoggerFactory.getLogger(UnattendedFailover.class);
    private static final String CAUSE = "UNATTENDED";
    private static final String ACTOR = "db-proxy";

    private final Arbiter arbiter;
    private final Function<MapName, List<HostId>> standbys;
    private final Counter toStandbys;
    private final Counter toVps;

    /** @param standbys hosts whose map-server stands by for the map and is logged in */
    public UnattendedFailover(Arbiter arbiter, Function<MapName, List<HostId>> standbys, MeterRegistry meters) {
        this.arbiter = arbiter;
        this.standbys = standbys;
        this.toStandbys = meters.counter("p2p_dbproxy_unattended_failovers_total", "to", "standby");
        this.toVps = meters.counter("p2p_dbproxy_unattended_failovers_total", "to", "vps");
    }

    /** The host that owns the map with this epoch is lost. */
    public void hostLost(HostId host, MapName map, Epoch epoch) {
        for (HostId standby : standbys.apply(map)) {
            if (!standby.equals(host) && isSettled(map, epoch, Owner.host(standby))) {
                return;
            }
        }
        isSettled(map, epoch, null);
    }

    /** False when that one cannot own maps. */
    private boolean isSettled(MapName map, Epoch epoch, @Nullable Owner to) {
        return switch (arbiter.decide(new OwnerChange(map, epoch, to, false, CAUSE, ACTOR))) {
            case OwnerDecision.Changed changed -> {
                log.warn(
                        "{}: its host is lost and assignment does not answer: {} has it, epoch {}",
                        map,
                        to == null ? "the VPS's reserve" : "host " + to.id(),
                        changed.now().epoch());
                (to == null ? toVps : toStandbys).increment();
                yield true;
            }
            case OwnerDecision.Stale stale -> true;
            case OwnerDecision.NotReady refused -> false;
        };
    }
}
