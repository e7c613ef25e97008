package io.p2phost.dbproxy.ownership;

import io.p2phost.contracts.MapName;
import java.util.List;
import java.util.Optional;

/** The rows of ownership. */
public interface MapOwners {
    /**
     * Changes the owner if the map's epoch is still the one the caller named: the new row, its event and its audit
     * entry commit together or not at all. Of any number of concurrent callers with the same epoch exactly one wins.
     *
     * @return {@link OwnerDecision.Changed} (without routes) or {@link OwnerDecision.Stale}
     */
    OwnerDecision compareAndSet(OwnerChange change);

    Optional<MapOwner> find(MapName map);

    List<MapOwner> all();
}
