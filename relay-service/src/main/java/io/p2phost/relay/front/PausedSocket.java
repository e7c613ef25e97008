package io.p2phost.relay.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.UnixChannel;
import io.p2phost.links.Bytes;
import io.p2phost.links.net.AutoReadGate;
import java.util.concurrent.CompletableFuture;

/**
 * A connection that this process neither reads nor writes, while another one may be taking it on. On the connection's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write fails with its connection, whose end is handled there
final class PausedSocket {
    private final Channel channel;
    private final EventLoop loop;
    private Bytes unsent = Bytes.NONE;

    private PausedSocket(Channel channel) {
        this.channel = channel;
        this.loop = channel.eventLoop();
    }

    /** Completes on the loop, when the kernel says nothing of the connection to this process any more. */
    static CompletableFuture<PausedSocket> of(Channel channel) {
        PausedSocket paused = new PausedSocket(channel);
        channel.config().setAutoRead(false);
        channel.flush();
        paused.unsent = takeUnsent(channel);
        CompletableFuture<PausedSocket> done = new CompletableFuture<>();
        channel.deregister().addListener(over -> done.complete(paused));
        return done;
    }

    private static Bytes takeUnsent(Channel channel) {
        ByteBuf all = Unpooled.buffer();
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        while (buffer != null && buffer.current() != null) {
            if (buffer.current() instanceof ByteBuf bytes) {
                all.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
            }
            buffer.remove();
        }
        return Bytes.of(all);
    }

    /** Whether another process could take it on: a peer may have ended it meanwhile. */
    boolean isOpen() {
        return channel.isOpen() && channel instanceof UnixChannel;
    }

    Carried.Socket carried() {
        AutoReadGate gate = channel.pipeline().get(AutoReadGate.class);
        return new Carried.Socket(
                ((UnixChannel) channel).fd().intValue(), gate == null ? Bytes.NONE : gate.waiting(), unsent);
    }

    /** No other process has taken it on; {@code then} runs when it is read and written again. */
    void goOn(Runnable then) {
        loop.register(channel).addListener(registered -> {
            if (!unsent.isEmpty()) {
                channel.writeAndFlush(unsent.toBuffer());
            }
            then.run();
        });
    }

    /** Another process has it: this one lets go of it, and its peer sees nothing. */
    void leave() {
        channel.close();
    }
}
