package io.p2phost.relay.player;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;

/**
 * Where a player goes, and as whom; db-proxy's word.
 *
 * @param owner a host, reached through its tunnel, or a VPS with its address
 * @param loginId1 what is written into the packet that enters there
 * @param number of his session; grows with each delivery
 * @param x cell in which he stands then
 * @param y likewise
 */
public record Destination(Owner owner, MapName map, Epoch epoch, int loginId1, long number, int x, int y) {}
