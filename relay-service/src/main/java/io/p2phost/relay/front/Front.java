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
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.AdmissionHandler;
import io.p2phost.links.net.Dialer;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.relay.codec.StreamCodec;
import io.p2phost.relay.player.DbProxy;
import io.p2phost.relay.player.Maps;
import io.p2phost.relay.player.PlayerSession;
import io.p2phost.relay.player.PlayerSettings;
import io.p2phost.relay.player.Players;
import io.p2phost.relay.telemetry.RelayMetrics;
import io.p2phost.relay.tunnel.HostTunnels;
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
    private final Ways ways;
    private final RelayMetrics metrics;
    private final AddressLimits limits;
    private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    private final List<Channel> listening = new ArrayList<>();
    private volatile @Nullable PlayerSettings treated;

    /**
     * How the front behaves.
     *
     * @param bindAddress where it is listened at
     * @param ports public ports, all alike
     * @param connectTimeout how long a VPS may take to accept
     * @param limits who may connect how often
     * @param codec reads clients that do not send plain packets; null: all do
     * @param players how players are treated, given the port that they are told
     */
    public record Settings(
            String bindAddress,
            List<Integer> ports,
            Duration connectTimeout,
            AddressLimits.Rules limits,
            @Nullable StreamCodec codec,
            IntFunction<PlayerSettings> players) {
        public Settings {
            ports = List.copyOf(ports);
        }
    }

    /** What the front needs of the relay. */
    public record Parts(
            LinkTransport transport,
            HostTunnels tunnels,
            Maps maps,
            Players players,
            DbProxy dbProxy,
            SourceAddresses sources,
            RelayMetrics metrics) {}

    public Front(Settings settings, Parts parts) {
        this.settings = settings;
        this.transport = parts.transport();
        this.maps = parts.maps();
        this.players = parts.players();
        this.dbProxy = parts.dbProxy();
        this.metrics = parts.metrics();
        this.limits = new AddressLimits(settings.limits(), System::nanoTime);
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
                    .handler(new AdmissionHandler(limits, metrics.ofPlayers()))
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
        InetSocketAddress from = player.remoteAddress();
        if (from == null) {
            player.close();
            return;
        }
        connections.add(player);
        Coded coded = new Coded(settings.codec(), ways);
        PlayerSession.Parts parts = new PlayerSession.Parts(
                new NettyLoop(player.eventLoop()), dbProxy, coded, maps, players, metrics.ofSessions());
        player.pipeline()
                .addLast(new ClientChannel(
                        player,
                        from.getAddress().getHostAddress(),
                        coded,
                        link -> new PlayerSession(treated(), parts, link),
                        metrics::fromPlayers,
                        metrics::toPlayers));
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
