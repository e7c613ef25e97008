package io.p2phost.dbproxy.mux;

/**
 * Players who are being moved from one relay to another.
 *
 * @param moved how many are on their way from now on
 * @param left how many are still there, on their way already, or in the middle of something else
 */
public record Shed(int moved, int left) {}
