package io.p2phost.relay.tap;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;

/** A map at a host, for as long as that owns it. */
record Cell(HostId host, MapName map, Epoch epoch) {}
