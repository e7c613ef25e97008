package io.p2phost.ro.sim;

/** A cell of a map. */
public record Point(String map, int x, int y) {}
