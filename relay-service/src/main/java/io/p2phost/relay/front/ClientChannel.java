package io.p2phost.relay.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.p2phost.relay.player.ClientLink;
import io.p2phost.relay.player.PlayerSession;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** A player's connection, joined to his session. */
@SuppressWarnings("FutureReturnValueIgnored") // a write fails with its connection, whose end is handled here
final class ClientChannel extends ChannelInboundHandlerAdapter implements ClientLink {
    /** A socket that is closed with bytes unread is reset, and the last words may be lost with it. */
    private static final long LINGER_MILLIS = 1_000;

    private final SocketChannel channel;
    private final String address;
    private final PlayerSession session;
    private final Coded coded;
    private final IntConsumer bytesIn;
    private final IntConsumer bytesOut;
    private boolean closing;

    /**
     * Joins a connection to the session made for it.
     *
     * @param address where the player comes from
     * @param coded reads and writes what is not plain
     * @param bytesIn told of bytes from the player
     * @param bytesOut told of bytes to the player
     */
    ClientChannel(
            SocketChannel channel,
            String address,
            Coded coded,
            Function<ClientLink, PlayerSession> session,
            IntConsumer bytesIn,
            IntConsumer bytesOut) {
        this.channel = channel;
        this.address = address;
        this.coded = coded;
        this.bytesIn = bytesIn;
        this.bytesOut = bytesOut;
        this.session = session.apply(this);
    }

    PlayerSession session() {
        return session;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        session.start();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closing || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        bytesIn.accept(bytes.readableBytes());
        session.clientReceived(coded.received(bytes));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            session.clientWritable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        session.clientEnded();
        coded.close();
    }

    /** A reset; what is left comes with {@link #channelInactive}. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        channel.close();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void write(ByteBuf bytes) {
        bytesOut.accept(bytes.readableBytes());
        channel.write(coded.sent(bytes));
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    @Override
    public void close() {
        closing = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (channel.isActive()) {
                channel.shutdownOutput();
                channel.config().setAutoRead(true);
                channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }
}
