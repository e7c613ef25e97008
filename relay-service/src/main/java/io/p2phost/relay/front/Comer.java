package io.p2phost.relay.front;

import io.netty.channel.ChannelHandler;

/** Somebody's connection behind the {@link Door}. */
public interface Comer extends ChannelHandler {
    /** He is awaited from now on: where he comes from is known, and he was let in. */
    void begin();
}
