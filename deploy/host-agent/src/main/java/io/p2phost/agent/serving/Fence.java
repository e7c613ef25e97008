package io.p2phost.agent.serving;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import java.time.Instant;

/**
 * A map that was taken from this host: which epoch it held and which is current.
 *
 * @param why what kept the host from serving it; empty if nothing did
 */
public record Fence(MapName map, Epoch epoch, Epoch currentEpoch, Instant at, String why) {}
