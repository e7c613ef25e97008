package io.p2phost.relay.charfront;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.p2phost.links.DropReason;
import io.p2phost.links.net.AutoReadGate;
import io.p2phost.links.net.Dialer;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.net.ListeningSocket;
import io.p2phost.relay.front.Door;
import io.p2phost.relay.front.DoorHandler;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.front.ProxyHeader;
import io.p2phost.relay.front.SourceAddresses;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.Refused;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where players find the char-server. Everything goes on to it and back as it is, but that a player who is sent to a map
 * behind relays is sent to this one, whichever of them the char-server knows: so whoever comes to his region's relay stays
 * there. Maps with an address of their own keep it.
 */
public final class CharFront implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CharFront.class);
    private static final WriteBufferWaterMark WATERMARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);
    private static final int BACKLOG = 1_024;
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int LOOKS_PER_WARNING = 50;

    private final Settings settings;
    private final LinkTransport transport;
    private final CharFrontMetrics metrics;
    private final Door door;
    private final CharServer charServer;
    private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable ListeningSocket listening;
    /** Nobody is to be let in for now, or any more. */
    private boolean shut;

    private volatile boolean closed;

    /**
     * How it behaves.
     *
     * @param bindAddress where it is listened at
     * @param port where it is listened at; 0: any
     * @param charServer {@code host:port} of the char-server
     * @param limits who may connect, and how often: as at the front
     * @param packets of the client version that plays here
     * @param addresses which are changed, and to what
     * @param timing how long things may take
     */
    public record Settings(
            String bindAddress,
            int port,
            String charServer,
            Front.Limits limits,
            Packets packets,
            Supplier<Addresses> addresses,
            Timing timing) {}

    /**
     * Which addresses are changed.
     *
     * @param fronts those that the char-server names for maps behind relays
     * @param own this relay's front
     */
    public record Addresses(Set<Place> fronts, Place own) {
        public Addresses {
            fronts = Set.copyOf(fronts);
        }
    }

    /**
     * How long packets are.
     *
     * @param fromClients those that clients send a char-server
     * @param toClients those that clients receive
     */
    public record Packets(PacketLengths fromClients, PacketLengths toClients) {
        /** What a client is told when there is no char-server: as from one that takes nobody. */
        ByteBuf closed(int account) {
            byte[] refused = Refused.of(Refused.SERVER_CLOSED).packet().bytes();
            return Unpooled.buffer(Integer.BYTES + refused.length)
                    .writeIntLE(account)
                    .writeBytes(refused);
        }
    }

    /**
     * How long things may take.
     *
     * @param firstPacket from the connection to the whole of the client's first packet
     * @param connect until the char-server has accepted
     * @param letIn from the first packet to the char-server's yes
     * @param lastWords to somebody who does not read
     */
    public record Timing(Duration firstPacket, Duration connect, Duration letIn, Duration lastWords) {}

    public CharFront(Settings settings, LinkTransport transport, SourceAddresses sources, CharFrontMetrics metrics) {
        this.settings = settings;
        this.transport = transport;
        this.metrics = metrics;
        Front.Limits limits = settings.limits();
        this.door = new Door(
                new Door.Rules(
                        limits.connections(), limits.maxEntering(), limits.allow(), limits.deny(), limits.proxies()),
                System::nanoTime,
                metrics);
        this.charServer = new CharServer(
                settings.charServer(), new Dialer(transport, settings.timing().connect()), sources);
    }

    /** Listens; a port that cannot be listened at is thrown. */
    public void start() {
        try {
            start(new io.p2phost.links.net.Door.At(new InetSocketAddress(settings.bindAddress(), settings.port())));
        } catch (Exception e) {
            // Netty throws checked exceptions through unchecked signatures.
            throw new IllegalStateException(
                    "p2p.relay.char-front.port: " + settings.port() + " at " + settings.bindAddress()
                            + " cannot be listened at: " + e.getMessage() + " (expected: a free port)",
                    e);
        }
    }

    /** Listens as soon as the port is free: players who have just been taken over must not end with it. */
    public void startWhenFree() {
        if (isOpenNow(true)) {
            return;
        }
        Thread.ofVirtual().name("char-front").start(() -> {
            try {
                for (int looks = 1; !closed && !isOpenNow(looks % LOOKS_PER_WARNING == 0); looks++) {
                    Thread.sleep(LOOK);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private boolean isOpenNow(boolean says) {
        opening.lock();
        try {
            if (!shut) {
                start();
            }
        } catch (IllegalStateException e) {
            if (says) {
                log.warn("{}; players go on, and nobody chooses his character here until it is", e.getMessage());
            }
        } finally {
            opening.unlock();
        }
        return listening != null;
    }

    /** Listens there. */
    public void start(io.p2phost.links.net.Door where) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.group())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new DoorHandler(door, metrics))
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATERMARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        welcome(client);
                    }
                });
        listening = new ListeningSocket(where.open(bootstrap, transport));
    }

    /** The socket that is listened at; null while none is. */
    public @Nullable Channel listening() {
        ListeningSocket socket = listening;
        return socket == null ? null : socket.channel();
    }

    /** Lets nobody in any more; who is in goes on. Completes when nobody is on his way in. */
    public CompletableFuture<Void> closeDoor() {
        shut(true);
        ListeningSocket socket = listening;
        return socket == null ? CompletableFuture.completedFuture(null) : socket.pause(transport.group());
    }

    /** Lets clients in again. */
    public void openDoor() {
        shut(false);
        ListeningSocket socket = listening;
        if (socket != null) {
            socket.goOn();
        }
    }

    private void shut(boolean now) {
        opening.lock();
        try {
            shut = now;
        } finally {
            opening.unlock();
        }
    }

    private void welcome(SocketChannel client) {
        Door.Visit visit = client.attr(DoorHandler.VISIT).get();
        connections.add(client);
        if (visit.address() == null) {
            ProxyHeader.await(
                    client,
                    settings.timing().firstPacket(),
                    metrics::proxyChecked,
                    () -> metrics.dropped(DropReason.PROXY_HEADER),
                    visit::comesFrom,
                    real -> made(client, visit));
        } else {
            client.pipeline().addLast(made(client, visit));
        }
        if (transport.readsOn()) {
            client.pipeline().addFirst(new AutoReadGate());
        }
        visit.isSilent();
    }

    private CharClient made(SocketChannel client, Door.Visit visit) {
        return new CharClient(client, visit, settings, charServer::connect, metrics);
    }

    /** The port that is listened at; -1 when none is. */
    public int port() {
        Channel at = listening();
        return at == null ? -1 : ((InetSocketAddress) at.localAddress()).getPort();
    }

    /** Clients that are connected now. */
    public int connections() {
        return connections.size();
    }

    /** Those of them whom the char-server has not let in. */
    public int entering() {
        return door.entering();
    }

    @Override
    public void close() {
        shut(true);
        closed = true;
        Channel at = listening();
        if (at != null) {
            at.close().awaitUninterruptibly();
        }
        connections.close().awaitUninterruptibly();
    }
}
