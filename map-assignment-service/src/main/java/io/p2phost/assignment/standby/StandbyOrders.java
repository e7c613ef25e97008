package io.p2phost.assignment.standby;

import java.util.List;

/** The relays, which tell hosts through their tunnels that they stand by. */
@FunctionalInterface
public interface StandbyOrders {
    /** Has every living relay tell; one that does not answer is told with the next time. */
    void tell(List<Standby> standbys);
}
