package io.p2phost.links.mux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.p2phost.links.frame.ResetCode;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins a TCP connection and a stream: bytes, backpressure, half-close and resets both ways. Put it at the end of the
 * connection's pipeline (auto-read off, half-closure allowed) and give it to the stream as its listener.
 *
 * <p>Towards the stream, reading pauses while the stream's queue is above its watermark. Towards the connection, the
 * stream's window is given back only when the kernel has taken the bytes, so a slow reader stops its sender, wherever
 * that is, after one window.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write fails with its connection, whose end is handled here
public final class StreamPipe extends ChannelInboundHandlerAdapter implements StreamListener {
    /** How long one direction may stay open after the other has ended: a peer that is gone never ends it. */
    public static final Duration HALF_CLOSE_TIMEOUT = Duration.ofSeconds(60);

    private final Channel channel;
    private final Consumer<LinkStream> onEnd;
    private volatile @Nullable LinkStream stream;
    private volatile boolean streamClosed;

    // Channel's loop only.
    private boolean inputEnded;
    private @Nullable Future<?> halfCloseDeadline;

    public StreamPipe(Channel channel) {
        this(channel, ended -> {});
    }

    /**
     * Makes a pipe.
     *
     * @param onEnd told on the link's loop when the stream is over
     */
    public StreamPipe(Channel channel, Consumer<LinkStream> onEnd) {
        this.channel = channel;
        this.onEnd = onEnd;
    }

    // ---- from the stream, on the link's loop ----

    @Override
    public void opening(LinkStream opened) {
        stream = opened;
        if (!channel.isOpen()) {
            opened.reset(ResetCode.CONNECTION_RESET);
        }
    }

    @Override
    public void opened(LinkStream opened) {
        onChannelLoop(() -> channel.config().setAutoRead(true));
    }

    @Override
    public void data(LinkStream from, ByteBuf payload) {
        int bytes = payload.readableBytes();
        channel.writeAndFlush(payload).addListener(written -> {
            if (written.isSuccess()) {
                from.consumed(bytes);
            } else {
                from.reset(ResetCode.CONNECTION_RESET);
            }
        });
    }

    @Override
    public void finished(LinkStream from) {
        onChannelLoop(() -> {
            // Shutting down drops what is queued: wait until the last byte is with the kernel.
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
                if (channel.isActive()) {
                    ((DuplexChannel) channel).shutdownOutput();
                }
            });
            awaitOtherHalf();
        });
    }

    @Override
    public void writable(LinkStream to) {
        // On the connection's own loop, hence after the turn in which it decided to pause.
        onChannelLoop(() -> channel.config().setAutoRead(true));
    }

    @Override
    public void closed(LinkStream ended, StreamEnd end) {
        streamClosed = true;
        onChannelLoop(() -> closeChannel(end));
        onEnd.accept(ended);
    }

    private void closeChannel(StreamEnd end) {
        if (halfCloseDeadline != null) {
            halfCloseDeadline.cancel(false);
        }
        switch (end) {
            case FINISHED ->
                // Behind whatever is still being written.
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            case LINK_LOST -> channel.close();
            case RESET, RESET_BY_PEER -> {
                // Not an orderly end, and the other side must not take it for one: RST instead of FIN.
                if (channel.isActive()) {
                    channel.config().setOption(ChannelOption.SO_LINGER, 0);
                }
                channel.close();
            }
        }
    }

    private void onChannelLoop(Runnable task) {
        if (!channel.isRegistered()) {
            channel.close();
            return;
        }
        try {
            if (channel.eventLoop().inEventLoop()) {
                task.run();
            } else {
                channel.eventLoop().execute(task);
            }
        } catch (RejectedExecutionException e) {
            channel.unsafe().closeForcibly();
        }
    }

    // ---- from the connection, on its loop ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        LinkStream to = stream;
        if (to == null || streamClosed || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!to.write(bytes)) {
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        LinkStream to = stream;
        if (event instanceof ChannelInputShutdownEvent && to != null && !inputEnded) {
            inputEnded = true;
            to.finish();
            awaitOtherHalf();
        }
        ctx.fireUserEventTriggered(event);
    }

    private void awaitOtherHalf() {
        if (halfCloseDeadline == null && !streamClosed) {
            halfCloseDeadline = channel.eventLoop()
                    .schedule(this::giveUpOtherHalf, HALF_CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void giveUpOtherHalf() {
        LinkStream half = stream;
        if (half != null && !streamClosed) {
            half.reset(ResetCode.CONNECTION_RESET);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        LinkStream to = stream;
        // When both directions ended in order, the stream ends once its own last frames have crossed.
        if (to != null && !streamClosed && !(inputEnded && ((DuplexChannel) channel).isOutputShutdown())) {
            to.reset(ResetCode.CONNECTION_RESET);
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A player's or cell's broken connection is everyday life; the stream's end tells of it.
        ctx.close();
    }
}
