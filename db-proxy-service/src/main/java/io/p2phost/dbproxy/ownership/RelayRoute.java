package io.p2phost.dbproxy.ownership;

/** Where players of a map connect on a relay that accepted its route. */
public record RelayRoute(String relayId, String region, String host, int port) {}
