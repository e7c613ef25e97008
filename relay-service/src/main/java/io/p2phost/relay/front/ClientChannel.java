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
import io.p2phost.relay.player.ServerLink;
import io.p2phost.relay.player.SessionImage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A player's connection, joined to his session. */
@SuppressWarnings("FutureReturnValueIgnored") // a write fails with its connection, whose end is handled here
final class ClientChannel extends ChannelInboundHandlerAdapter implements ClientLink, Comer {
    /** A socket that is closed with bytes unread is reset, and the last words may be lost with it. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    /** How long the last words may take to somebody who does not read. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final SocketChannel channel;
    private final String address;
    private final Door.Visit visit;
    private final PlayerSession session;
    private final Coded coded;
    private final Counts counts;
    private final Patience patience;
    private final int enterLength;
    private int heard;
    private boolean closing;
    private @Nullable Future<?> end;
    /** Since when the connection takes nothing; looked at now and then, as it changes at every burst. */
    private long stalledSince;

    private @Nullable Future<?> look;

    /**
     * What is counted of a connection.
     *
     * @param in bytes from the player
     * @param out bytes to the player
     * @param slow cut because he does not read
     */
    record Counts(IntConsumer in, IntConsumer out, Runnable slow) {}

    /**
     * What somebody may cost who does not read.
     *
     * @param pending bytes that wait for him
     * @param stalled how long it takes nothing
     */
    record Patience(long pending, Duration stalled) {}

    private boolean isPaused;
    private @Nullable PausedSocket paused;

    /**
     * Joins a connection to the session made for it.
     *
     * @param address where the player comes from
     * @param coded reads and writes what is not plain
     */
    ClientChannel(
            SocketChannel channel,
            String address,
            Door.Visit visit,
            Coded coded,
            Function<ClientLink, PlayerSession> session,
            Counts counts,
            Patience patience) {
        this.channel = channel;
        this.address = address;
        this.visit = visit;
        this.coded = coded;
        this.counts = counts;
        this.patience = patience;
        this.session = session.apply(this);
        this.enterLength = this.session.enterLength();
    }

    PlayerSession session() {
        return session;
    }

    // ---- from one process to the next; on the loop ----

    /** Nothing more happens until {@link #goOn} or {@link #leave}; empty when no other process can go on with him. */
    CompletableFuture<Optional<Carried>> pause() {
        Optional<SessionImage> image = closing || !coded.isCarried() ? Optional.empty() : session.pause();
        if (image.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        isPaused = true;
        CompletableFuture<PausedSocket> own = PausedSocket.of(channel);
        ServerLink carried = session.carried();
        ServerLink to = Coded.carrier(carried);
        CompletableFuture<PausedSocket> his = to instanceof SocketLink socket ? socket.pause() : null;
        CompletableFuture<@Nullable Void> all =
                his == null ? own.thenApply(x -> null) : CompletableFuture.allOf(own, his);
        return all.thenApply(done -> {
            PausedSocket socket = own.join();
            paused = socket;
            if (!socket.isOpen()) {
                return Optional.empty();
            }
            Carried.Way way = null;
            if (his != null) {
                way = his.join().isOpen() ? his.join().carried() : null;
            } else if (to instanceof StreamServerLink stream) {
                way = new Carried.Stream(stream.stream());
            }
            return Optional.of(new Carried(image.get(), socket.carried(), way, coded.image(carried)));
        });
    }

    /** No other process has taken him on. */
    void goOn() {
        PausedSocket was = paused;
        if (was == null) {
            return;
        }
        paused = null;
        ServerLink to = Coded.carrier(session.carried());
        was.goOn(() -> {
            isPaused = false;
            if (to instanceof SocketLink socket) {
                socket.goOn();
            }
            session.goOn();
            if (!channel.isOpen()) {
                session.clientEnded();
            }
        });
    }

    /** Another process has taken him on. */
    void leave() {
        if (paused != null) {
            session.leave();
            paused.leave();
        }
    }

    /** Another process had him until now; nothing is read yet. */
    void goOnFrom(Carried carried, @Nullable Function<ServerLink.Events, ServerLink> standing) {
        isPaused = true;
        SessionImage image = carried.image();
        heard = image.enter().isEmpty() ? image.first().length() : enterLength;
        if (image.inGame()) {
            visit.isInGame();
        } else if (heard < enterLength) {
            visit.isSilent();
        }
        // Behind this nothing may be written, and before it nothing was.
        if (!carried.socket().unsent().isEmpty()) {
            channel.write(carried.socket().unsent().toBuffer());
        }
        if (coded.goOnFrom(carried.code())) {
            session.goOnFrom(
                    image, standing == null ? null : events -> coded.carried(carried.code(), events, standing));
        } else {
            DoorHandler.cut(channel);
        }
    }

    /** Begins where the other process has stopped. */
    void begin(Carried carried) {
        isPaused = false;
        flush();
        if (!carried.socket().unread().isEmpty()) {
            session.clientReceived(coded.received(carried.socket().unread().toBuffer()));
        }
        session.clientWritable();
        session.readClient();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!isPaused) {
            begin();
        }
    }

    @Override
    public void begin() {
        session.start();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closing || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        int size = bytes.readableBytes();
        counts.in.accept(size);
        if (heard < enterLength) {
            heard += size;
            if (heard >= enterLength) {
                visit.spoke();
            }
        }
        session.clientReceived(coded.received(bytes));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            session.clientWritable();
        } else {
            stalledSince = System.nanoTime();
            if (look == null) {
                lookIn(patience.stalled.toNanos());
            }
        }
    }

    private void lookIn(long nanos) {
        look = channel.eventLoop().schedule(this::lookWhetherHeReads, nanos, TimeUnit.NANOSECONDS);
    }

    private void lookWhetherHeReads() {
        look = null;
        if (!channel.isActive() || channel.isWritable()) {
            return;
        }
        long left = patience.stalled.toNanos() - (System.nanoTime() - stalledSince);
        if (left > 0) {
            lookIn(left);
        } else if (isPaused) {
            // If no other process goes on with him, he is looked at again.
            lookIn(patience.stalled.toNanos());
        } else {
            cutWhoDoesNotRead();
        }
    }

    private void cutWhoDoesNotRead() {
        if (isPaused) {
            return;
        }
        counts.slow.run();
        DoorHandler.cut(channel);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        forget(end);
        forget(look);
        session.clientEnded();
        coded.close();
    }

    private static void forget(@Nullable Future<?> alarm) {
        if (alarm != null) {
            alarm.cancel(false);
        }
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
        counts.out.accept(bytes.readableBytes());
        channel.write(coded.sent(bytes));
        // His map-server waits while he does not read; what the relay itself answers does not.
        if (channel.bytesBeforeWritable() > patience.pending && channel.isActive()) {
            cutWhoDoesNotRead();
        }
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
        if (isPaused) {
            return;
        }
        channel.config().setAutoRead(on);
    }

    @Override
    public void inGame() {
        visit.isInGame();
    }

    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        visit.isSilent();
        endIn(LAST_WORDS, () -> DoorHandler.cut(channel));
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (channel.isActive()) {
                channel.shutdownOutput();
                channel.config().setAutoRead(true);
                endIn(LINGER, channel::close);
            }
        });
    }

    private void endIn(Duration delay, Runnable how) {
        forget(end);
        end = channel.eventLoop().schedule(how, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
