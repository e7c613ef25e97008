package io.p2phost.relay.charfront;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.p2phost.links.DropReason;
import io.p2phost.relay.charfront.CharFrontMetrics.Named;
import io.p2phost.relay.charfront.CharFrontMetrics.Refused;
import io.p2phost.relay.front.Comer;
import io.p2phost.relay.front.Door;
import io.p2phost.relay.front.DoorHandler;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client on its way to a map-server, and its connection to the char-server. Everything happens on the client's loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a write fails with its connection, whose end is handled here
final class CharClient extends ChannelInboundHandlerAdapter implements Comer {
    /** More than clients say before the char-server has answered, which is their first packet. */
    private static final int MOST_EARLY = 1_024;

    /** A socket that is closed with bytes unread is reset, and the last words may be lost with it. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final SocketChannel channel;
    private final Door.Visit visit;
    private final CharFront.Settings settings;
    private final CharServer.Way charServer;
    private final CharFrontMetrics metrics;
    private final FromClient fromClient;
    /** What the client said before its connection to the char-server stood. */
    private ByteBuf early = Unpooled.EMPTY_BUFFER;

    private @Nullable ToClient toClient;
    private CharServer.@Nullable Attempt attempt;
    private @Nullable Channel server;
    private @Nullable Future<?> deadline;
    private @Nullable Future<?> stalled;
    private boolean over;

    CharClient(
            SocketChannel channel,
            Door.Visit visit,
            CharFront.Settings settings,
            CharServer.Way charServer,
            CharFrontMetrics metrics) {
        this.channel = channel;
        this.visit = visit;
        this.settings = settings;
        this.charServer = charServer;
        this.metrics = metrics;
        this.fromClient = new FromClient(settings.packets().fromClients());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin();
    }

    @Override
    public void begin() {
        deadline = after(settings.timing().firstPacket(), () -> {
            metrics.dropped(DropReason.HANDSHAKE_TIMEOUT);
            cut();
        });
        channel.config().setAutoRead(true);
    }

    private Future<?> after(Duration delay, Runnable then) {
        return channel.eventLoop().schedule(then, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void forget(@Nullable Future<?> alarm) {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    // ---- the client's side ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (over || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        Refused wrong = fromClient.look(bytes);
        if (wrong != null) {
            bytes.release();
            refuse(wrong);
        } else if (server != null) {
            server.writeAndFlush(bytes);
        } else {
            if (!early.isReadable()) {
                early = channel.alloc().buffer();
            }
            early.writeBytes(bytes);
            bytes.release();
            if (early.readableBytes() > MOST_EARLY) {
                refuse(Refused.TOO_EARLY);
            } else if (attempt == null && early.readableBytes() >= CharClientPackets.ENTER_LENGTH) {
                connect();
            }
        }
    }

    private void connect() {
        visit.spoke();
        channel.config().setAutoRead(false);
        forget(deadline);
        deadline = after(settings.timing().letIn(), () -> refuse(Refused.NOT_LET_IN));
        int account = early.getIntLE(CharClientPackets.ACCOUNT_AT);
        toClient = new ToClient(
                settings.packets().toClients(), account, settings.addresses().get(), new Seen());
        attempt = charServer.connect(channel.eventLoop(), account, new ServerSide(account));
    }

    private final class Seen implements ToClient.Events {
        @Override
        public void letIn() {
            forget(deadline);
            visit.isInGame();
            metrics.letIn();
        }

        @Override
        public void named(Named how, Place to) {
            metrics.named(how, to);
        }

        @Override
        public void opaque(int id) {
            metrics.opaque();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (over) {
            return;
        }
        boolean writable = channel.isWritable();
        // Who does not read is not listened to either: its questions would only bring more to write.
        reading(server, writable);
        reading(channel, writable && (server == null || server.isWritable()));
        forget(stalled);
        stalled = writable
                ? null
                : after(settings.limits().stalled(), () -> {
                    metrics.dropped(DropReason.SLOW_RECEIVER);
                    cut();
                });
    }

    private static void reading(@Nullable Channel of, boolean on) {
        if (of != null) {
            of.config().setAutoRead(on);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            channel.close();
        }
    }

    /** What it said last still reaches the char-server. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        forget(deadline);
        forget(stalled);
        leave();
    }

    /** A reset; what is left comes with {@link #channelInactive}. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        channel.close();
    }

    private void refuse(Refused why) {
        if (!over) {
            metrics.refused(why);
            cut();
        }
    }

    private void cut() {
        leave();
        DoorHandler.cut(channel);
    }

    /** The char-server's side is over. */
    private void leave() {
        if (over) {
            return;
        }
        over = true;
        early.release();
        if (toClient != null) {
            toClient.release();
        }
        if (attempt != null) {
            attempt.giveUp();
        }
        if (server != null) {
            server.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Nothing more comes for the client: it gets what there is, then the end. */
    private void bye(ByteBuf lastWords) {
        leave();
        forget(deadline);
        deadline = after(settings.timing().lastWords(), () -> DoorHandler.cut(channel));
        channel.writeAndFlush(lastWords).addListener(written -> {
            if (channel.isActive()) {
                channel.shutdownOutput();
                channel.config().setAutoRead(true);
                forget(deadline);
                deadline = after(LINGER, channel::close);
            }
        });
    }

    // ---- the char-server's side ----

    private final class ServerSide extends ChannelInboundHandlerAdapter implements CharServer.Connected {
        private final int account;

        ServerSide(int account) {
            this.account = account;
        }

        @Override
        public void connected(Channel made) {
            server = made;
            made.pipeline().addLast(this);
            made.writeAndFlush(early);
            early = Unpooled.EMPTY_BUFFER;
            boolean writable = channel.isWritable();
            reading(made, writable);
            reading(channel, writable);
        }

        @Override
        public void failed(Refused why) {
            if (!over) {
                metrics.refused(why);
                bye(settings.packets().closed(account));
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (over || toClient == null || attempt == null || !(message instanceof ByteBuf bytes)) {
                ReferenceCountUtil.release(message);
                return;
            }
            attempt.spoke();
            ByteBuf on = toClient.pass(bytes);
            if (on.isReadable()) {
                channel.write(on);
            } else {
                on.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            channel.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            reading(channel, ctx.channel().isWritable() && channel.isWritable());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ctx.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!over && toClient != null) {
                bye(toClient.rest());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
