package io.p2phost.links.frame;

/**
 * How far the sender of this is with a stream.
 *
 * @param received payload bytes that it got, from the stream's begin
 * @param held window of these that it has not given back
 * @param finished whether it got FIN
 */
public record StreamState(int streamId, long received, int held, boolean finished) {}
