package io.p2phost.links.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A socket that is listened at, and whose accepting can rest. Auto-read alone would not do: a read that was asked for
 * before it was put off still accepts somebody afterwards.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a loop that has ended has nothing left to do
public final class ListeningSocket {
    private final Channel channel;
    private final EventLoop loop;

    public ListeningSocket(Channel channel) {
        this.channel = channel;
        this.loop = channel.eventLoop();
    }

    public Channel channel() {
        return channel;
    }

    /**
     * Accepts nobody until {@link #goOn}: who comes waits in the kernel. Completes when whoever was accepted before has
     * arrived on his loop.
     */
    public CompletableFuture<Void> pause(EventLoopGroup arrivals) {
        CompletableFuture<Void> resting = new CompletableFuture<>();
        channel.deregister().addListener(done -> resting.complete(null));
        return resting.thenCompose(done -> turnOfEach(arrivals));
    }

    private static CompletableFuture<Void> turnOfEach(EventLoopGroup loops) {
        List<CompletableFuture<Void>> turns = new ArrayList<>();
        for (EventExecutor each : loops) {
            turns.add(CompletableFuture.runAsync(() -> {}, each));
        }
        return CompletableFuture.allOf(turns.toArray(CompletableFuture[]::new));
    }

    /** Accepts again. */
    public void goOn() {
        if (channel.isOpen()) {
            loop.register(channel);
        }
    }
}
