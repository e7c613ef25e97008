package io.p2phost.assignment.ownership;

/** Where players of a map connect on one relay. */
public record Route(String relayId, String region, String host, int port) {}
