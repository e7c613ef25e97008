package io.p2phost.dbproxy.ownership;

import io.p2phost.contracts.MapName;

/** What a change of owner means for those who are on the map. Any thread. */
public interface Players {
    /** Has the map's server let its players go with their final saves; blocks until it has, at most two seconds. */
    void release(MapName map);

    /**
     * Asks the map's server itself, over its char link, to let its players go with their final saves, because no relay
     * reaches it; blocks until it has, at most 150 ms: nobody plays meanwhile.
     */
    void recall(MapName map);

    /** The map keeps its server after all: who was let go comes back to it. */
    void stay(MapName map);

    /**
     * The map has a new owner whose server is still to start, while the VPS serves it well: its players stay until that
     * server has announced the map, and are let go with their final saves then.
     */
    void ownerWillBe(MapOwner owner);

    /** The map has another owner: its players are handed over. */
    void ownerIs(MapOwner owner);
}
