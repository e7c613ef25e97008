package io.p2phost.relay.player;

/**
 * Another relay, as clients reach it.
 *
 * @param address IPv4, in dotted order
 */
public record OtherFront(int address, int port) {}
