package io.p2phost.links.charlink;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.frame.CellRole;

/** What a host claims when it links: to be this map's server at this epoch. The host is proven by its certificate. */
public record CharLinkHello(HostId host, MapName map, Epoch epoch, CellRole role) {}
