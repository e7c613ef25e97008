package io.p2phost.relay.front;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.AutoReadGate;
import io.p2phost.links.net.Dialer;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.net.ListeningSocket;
import io.p2phost.links.net.Networks;
import io.p2phost.relay.codec.StreamCodec;
import io.p2phost.relay.player.Commands;
import io.p2phost.relay.player.DbProxy;
import io.p2phost.relay.player.Maps;
import io.p2phost.relay.player.PlayerSession;
import io.p2phost.relay.player.PlayerSettings;
import io.p2phost.relay.player.Players;
import io.p2phost.relay.player.ServerLink;
import io.p2phost.relay.player.Tap;
import io.p2phost.relay.telemetry.RelayMetrics;
import io.p2phost.relay.tunnel.HostTunnels;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where players connect, whatever map they go to. Each connection is a session of its own, which asks db-proxy where it
 * leads and outlives the map-servers behind it.
 */
public final class Front implements AutoCloseable {
    private static final WriteBufferWaterMark WATERMARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);
    private static final int BACKLOG = 1_024;

    private final Settings settings;
    private final LinkTransport transport;
    private final Maps maps;
    private final Players players;
    private final DbProxy dbProxy;
    private final Commands commands;
    private final Tap.Taps taps;
    private final Ways ways;
    private final RelayMetrics metrics;
    private final Door door;
    private final AddressLimits questions;
    private final ClientChannel.Counts counts;
    private final ClientChannel.Patience patience;
    private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    private final List<ListeningSocket> listening = new ArrayList<>();
    private volatile @Nullable PlayerSettings treated;

    /**
     * How the front behaves.
     *
     * @param bindAddress where it is listened at
     * @param ports public ports, all alike
     * @param connectTimeout how long a VPS may take to accept
     * @param limits who may connect, and how often
     * @param codec reads clients that do not send plain packets; null: all do
     * @param players how players are treated, given the port that they are told
     */
    public record Settings(
            String bindAddress,
            List<Integer> ports,
            Duration connectTimeout,
            Limits limits,
            @Nullable StreamCodec codec,
            IntFunction<PlayerSettings> players) {
        public Settings {
            ports = List.copyOf(ports);
        }
    }

    /**
     * What the front lets happen.
     *
     * @param connections ceiling of all connections, shares of addresses and networks
     * @param maxEntering connections at once whose player is not in game yet
     * @param questions about newcomers to db-proxy: at once, and shares of addresses
     * @param allow addresses without a share: only the ceilings count
     * @param deny addresses that are not let in
     * @param proxies load balancers, which say by a PROXY header for whom they connect
     * @param pendingBytes that may wait for somebody who does not read
     * @param stalled how long somebody may not read
     */
    public record Limits(
            AddressLimits.Rules connections,
            int maxEntering,
            AddressLimits.Rules questions,
            Networks allow,
            Networks deny,
            Networks proxies,
            long pendingBytes,
            Duration stalled) {}

    /** What the front needs of the relay. */
    public record Parts(
            LinkTransport transport,
            HostTunnels tunnels,
            Maps maps,
            Players players,
            DbProxy dbProxy,
            SourceAddresses sources,
            Commands commands,
            Tap.Taps taps,
            RelayMetrics metrics) {}

    public Front(Settings settings, Parts parts) {
        this.settings = settings;
        this.transport = parts.transport();
        this.maps = parts.maps();
        this.players = parts.players();
        this.dbProxy = parts.dbProxy();
        this.commands = parts.commands();
        this.taps = parts.taps();
        this.metrics = parts.metrics();
        Limits limits = settings.limits();
        LinkMetrics drops = metrics.ofPlayers();
        this.door = new Door(
                new Door.Rules(
                        limits.connections(), limits.maxEntering(), limits.allow(), limits.deny(), limits.proxies()),
                System::nanoTime,
                drops);
        this.questions = new AddressLimits(limits.questions(), System::nanoTime);
        this.counts = new ClientChannel.Counts(
                metrics::fromPlayers, metrics::toPlayers, () -> drops.dropped(DropReason.SLOW_RECEIVER));
        this.patience = new ClientChannel.Patience(limits.pendingBytes(), limits.stalled());
        this.ways = new Ways(parts.tunnels(), new Dialer(transport, settings.connectTimeout()), parts.sources());
    }

    /** Listens; a port that cannot be listened at is thrown, and none is then. */
    public void start() {
        for (int port : settings.ports()) {
            try {
                listening.add(
                        open(new io.p2phost.links.net.Door.At(new InetSocketAddress(settings.bindAddress(), port))));
            } catch (Exception e) {
                // Netty throws checked exceptions through unchecked signatures.
                close();
                throw new IllegalStateException(
                        "p2p.relay.front-ports: " + port + " at " + settings.bindAddress() + " cannot be listened at: "
                                + e.getMessage() + " (expected: a free port)",
                        e);
            }
        }
        admit();
    }

    /** Nobody is let in before all ports are there: players are told the first of them. */
    private void admit() {
        treated = settings.players().apply(ports().getFirst());
        listening.forEach(socket -> socket.channel().config().setAutoRead(true));
    }

    private ListeningSocket open(io.p2phost.links.net.Door where) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.group())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new DoorHandler(door, metrics.ofPlayers()))
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATERMARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel player) {
                        welcome(player);
                    }
                });
        return new ListeningSocket(where.open(bootstrap, transport));
    }

    private PlayerSettings treated() {
        return Objects.requireNonNull(treated);
    }

    private void welcome(SocketChannel player) {
        Door.Visit visit = player.attr(DoorHandler.VISIT).get();
        InetAddress from = visit.address();
        connections.add(player);
        if (from == null) {
            ProxyHeader.await(
                    player,
                    treated().timing().firstPacket(),
                    metrics::proxyChecked,
                    () -> metrics.ofPlayers().dropped(DropReason.PROXY_HEADER),
                    visit::comesFrom,
                    real -> client(player, visit, real));
            gate(player);
        } else {
            gate(player);
            player.pipeline().addLast(client(player, visit, from));
        }
        visit.isSilent();
    }

    private void gate(SocketChannel player) {
        if (transport.readsOn()) {
            player.pipeline().addFirst(new AutoReadGate());
        }
    }

    private ClientChannel client(SocketChannel player, Door.Visit visit, InetAddress from) {
        Coded coded = new Coded(settings.codec(), ways);
        DbProxy asked = new Newcomer(dbProxy, visit, from, questions, metrics::entryDeferred);
        PlayerSession.Parts parts = new PlayerSession.Parts(
                new NettyLoop(player.eventLoop()), asked, coded, maps, players, metrics.ofSessions(), commands, taps);
        return new ClientChannel(
                player,
                from.getHostAddress(),
                visit,
                coded,
                link -> new PlayerSession(treated(), parts, link),
                counts,
                patience);
    }

    // ---- from one process to the next ----

    /** The sockets that are listened at. */
    public List<Channel> listening() {
        return listening.stream().map(ListeningSocket::channel).toList();
    }

    /** Lets nobody in any more; who is in plays on. Completes when nobody is on his way in. */
    public CompletableFuture<Void> closeDoors() {
        return CompletableFuture.allOf(listening.stream()
                .map(socket -> socket.pause(transport.group()))
                .toArray(CompletableFuture[]::new));
    }

    /** Lets players in again. */
    public void openDoors() {
        listening.forEach(ListeningSocket::goOn);
    }

    /** How many players are in the middle of something that is over in a moment. */
    public CompletableFuture<Integer> busy() {
        return all(client -> CompletableFuture.completedFuture(
                        client.session().isBusy() ? Optional.of(client) : Optional.<ClientChannel>empty()))
                .thenApply(busy -> busy.size() + unnamed().size());
    }

    /** Connections of which their load balancer has still to say for whom they are. */
    private List<Channel> unnamed() {
        return connections.stream()
                .filter(connection ->
                        connection.isOpen() && connection.pipeline().get(ClientChannel.class) == null)
                .toList();
    }

    /** Stops everything with every player that another process can go on with, until {@link #goOn} or {@link #leave}. */
    public CompletableFuture<List<Carried>> pause() {
        return all(ClientChannel::pause);
    }

    /** No other process has taken them on. */
    public void goOn() {
        all(client -> {
            client.goOn();
            return CompletableFuture.completedFuture(Optional.empty());
        });
        openDoors();
    }

    /** Another process has them now. Completes when none of their sockets is open here. */
    public CompletableFuture<Integer> leave() {
        unnamed().forEach(Channel::close);
        return all(client -> {
                    client.leave();
                    return CompletableFuture.completedFuture(Optional.empty());
                })
                .thenApply(List::size);
    }

    /** Does something with each player on his loop, and collects what comes of it. */
    private <T> CompletableFuture<List<T>> all(Function<ClientChannel, CompletableFuture<Optional<T>>> what) {
        List<CompletableFuture<Optional<T>>> each = new ArrayList<>();
        for (Channel connection : connections) {
            ClientChannel client = connection.pipeline().get(ClientChannel.class);
            if (client != null) {
                each.add(CompletableFuture.supplyAsync(() -> what.apply(client), connection.eventLoop())
                        .thenCompose(Function.identity()));
            }
        }
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .thenApply(done -> each.stream()
                        .map(CompletableFuture::join)
                        .flatMap(Optional::stream)
                        .toList());
    }

    /** Goes on where another process listened; before that, {@link Taken#begin}. */
    public void start(List<io.p2phost.links.net.Door> doors) {
        doors.forEach(each -> listening.add(open(each)));
        admit();
    }

    /** Settles how players are treated before {@link #start(List)}: {@code port} is the one that they are told. */
    public void treatAs(int port) {
        treated = settings.players().apply(port);
    }

    /**
     * Takes a player of another process on.
     *
     * @param own his connection, not registered yet
     * @param his the one to his map-server, if it is a socket
     */
    public Taken takeOn(Carried carried, SocketChannel own, @Nullable SocketChannel his) {
        EventLoop loop = transport.group().next();
        StreamServerLink stream =
                carried.way() instanceof Carried.Stream ? new StreamServerLink(new NettyLoop(loop)) : null;
        Taken taken = new Taken(carried, stream, loop);
        prepare(own);
        if (his != null) {
            prepare(his);
            loop.register(his);
        }
        InetAddress address = InetAddress.ofLiteral(carried.image().address());
        Door.Visit visit = door.takeOn(address, () -> DoorHandler.cut(own));
        own.closeFuture().addListener(closed -> visit.over());
        loop.register(own).addListener(registered -> {
            connections.add(own);
            gate(own);
            ClientChannel client = client(own, visit, address);
            own.pipeline().addLast(client);
            taken.client = client;
            client.goOnFrom(
                    carried,
                    stream == null && his == null
                            ? null
                            : events -> {
                                taken.events = events;
                                if (stream != null) {
                                    stream.goOnTo(events);
                                    return stream;
                                }
                                return SocketLink.carried(Objects.requireNonNull(his), carried.way(), events);
                            });
        });
        return taken;
    }

    private static void prepare(SocketChannel socket) {
        socket.config()
                .setAutoRead(false)
                .setAllowHalfClosure(true)
                .setTcpNoDelay(true)
                .setKeepAlive(true)
                .setWriteBufferWaterMark(WATERMARK);
    }

    /** A player who was another process's, and does not play here yet. */
    public static final class Taken {
        private final Carried carried;
        private final @Nullable StreamServerLink stream;
        private final EventLoop loop;
        private @Nullable ClientChannel client;
        private ServerLink.@Nullable Events events;

        private Taken(Carried carried, @Nullable StreamServerLink stream, EventLoop loop) {
            this.carried = carried;
            this.stream = stream;
            this.loop = loop;
        }

        /** To whom his tunnel's stream is given; null when there is none. */
        public @Nullable StreamListener stream() {
            return stream;
        }

        /** He plays on; once his stream was given. */
        public void begin() {
            loop.execute(this::go);
        }

        private void go() {
            ClientChannel own = client;
            if (own == null) {
                return;
            }
            own.begin(carried);
            ServerLink.Events server = events;
            if (server == null) {
                return;
            }
            if (stream != null) {
                stream.endIfMissing();
            } else if (carried.way() instanceof Carried.Socket socket
                    && !socket.unread().isEmpty()) {
                server.received(socket.unread().toBuffer());
            }
        }
    }

    /** The ports that are listened at, once started. */
    public List<Integer> ports() {
        return listening().stream()
                .map(channel -> ((InetSocketAddress) channel.localAddress()).getPort())
                .toList();
    }

    /** Player connections that stand now. */
    public int connections() {
        return connections.size();
    }

    /** Connections whose player is not in game yet. */
    public int entering() {
        return door.entering();
    }

    /** Addresses that the front remembers. */
    public int addresses() {
        return door.addresses();
    }

    /** Players who wait for a map-server's next free place. */
    public int waiting() {
        return ways.waiting();
    }

    @Override
    public void close() {
        listening().forEach(channel -> channel.close().awaitUninterruptibly());
        connections.close().awaitUninterruptibly();
    }
}
