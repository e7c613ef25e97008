package io.p2phost.assignment.ownership;

import io.p2phost.contracts.MapName;
import java.util.List;

/** What the registry and the relays themselves say, from memory. */
public interface Relays {
    /** Whether the relay is alive; true for every relay while nobody could be asked yet. */
    boolean alive(String relayId);

    /** The relays that are alive, and where each is asked; nobody while the registry could not be asked yet. */
    List<Living> living();

    /** A relay's own address for services. */
    record Living(String relayId, String apiUrl) {}

    /** Routes of that map which living relays told, for rows that know none. */
    List<Route> routes(MapName map);
}
