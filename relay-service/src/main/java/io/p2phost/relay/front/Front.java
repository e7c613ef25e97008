package io.p2phost.relay.front;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.Dialer;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.net.Networks;
import io.p2phost.relay.codec.StreamCodec;
import io.p2phost.relay.player.Commands;
import io.p2phost.relay.player.DbProxy;
import io.p2phost.relay.player.Maps;
import io.p2phost.relay.player.PlayerSession;
import io.p2phost.relay.player.PlayerSettings;
import io.p2phost.relay.player.Players;
import io.p2phost.relay.player.Tap;
import io.p2phost.relay.telemetry.RelayMetrics;
import io.p2phost.relay.tunnel.HostTunnels;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    private final List<Channel> listening = new ArrayList<>();
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
            var binding = new ServerBootstrap()
                    .group(transport.group())
                    .channel(transport.serverChannel())
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    // Nobody is let in before all ports are there: players are told the first of them.
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
                    })
                    .bind(settings.bindAddress(), port)
                    .awaitUninterruptibly();
            if (!binding.isSuccess()) {
                close();
                throw new IllegalStateException(
                        "p2p.relay.front-ports: " + port + " at " + settings.bindAddress() + " cannot be listened at: "
                                + binding.cause().getMessage() + " (expected: a free port)",
                        binding.cause());
            }
            listening.add(binding.channel());
        }
        treated = settings.players().apply(ports().getFirst());
        listening.forEach(channel -> channel.config().setAutoRead(true));
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
        } else {
            player.pipeline().addLast(client(player, visit, from));
        }
        visit.isSilent();
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

    /** The ports that are listened at, once started. */
    public List<Integer> ports() {
        return listening.stream()
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
        listening.forEach(channel -> channel.close().awaitUninterruptibly());
        connections.close().awaitUninterruptibly();
    }
}
