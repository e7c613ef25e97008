package io.p2phost.links.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.p2phost.links.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The first handler of a connection whose transport reads on although auto-read is off: what comes then, the end of the
 * peer's output included, waits here until it is on again, in order. Event loop only.
 */
public final class AutoReadGate extends ChannelDuplexHandler {
    /** More than that in one connection is more than anybody needs to have under way: it is closed. */
    static final int MOST_BYTES = 1 << 20;

    private final Deque<Object> waiting = new ArrayDeque<>();
    private int bytes;
    private boolean giving;

    private record Event(Object event) {}

    private static boolean isClosed(ChannelHandlerContext ctx) {
        return !ctx.channel().config().isAutoRead();
    }

    /** The bytes that wait, without taking them away. */
    public Bytes waiting() {
        ByteBuf all = Unpooled.buffer(bytes);
        for (Object each : waiting) {
            if (each instanceof ByteBuf buffer) {
                all.writeBytes(buffer, buffer.readerIndex(), buffer.readableBytes());
            }
        }
        return Bytes.of(all);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (waiting.isEmpty() && !isClosed(ctx)) {
            ctx.fireChannelRead(message);
            return;
        }
        waiting.add(message);
        bytes += message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        if (bytes > MOST_BYTES) {
            ctx.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (waiting.isEmpty() && !isClosed(ctx)) {
            ctx.fireUserEventTriggered(event);
        } else {
            waiting.add(new Event(event));
        }
    }

    /** Called when auto-read is put on. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        give(ctx);
        if (waiting.isEmpty()) {
            ctx.read();
        }
    }

    private void give(ChannelHandlerContext ctx) {
        if (giving) {
            return;
        }
        giving = true;
        try {
            for (Object next = waiting.peek(); next != null && !isClosed(ctx); next = waiting.peek()) {
                waiting.remove();
                if (next instanceof Event event) {
                    ctx.fireUserEventTriggered(event.event);
                } else {
                    bytes -= next instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
                    ctx.fireChannelRead(next);
                }
            }
        } finally {
            giving = false;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        drop();
    }

    private void drop() {
        for (Object next = waiting.poll(); next != null; next = waiting.poll()) {
            ReferenceCountUtil.release(next);
        }
        bytes = 0;
    }
}
