package io.p2phost.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.RelaySessions;
import io.p2phost.kit.outbox.ObservationEvents;
import io.p2phost.kit.web.PartState;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.net.Networks;
import io.p2phost.links.tls.CertificateRenewal;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import io.p2phost.links.tunnel.TunnelServer;
import io.p2phost.relay.announce.Announcer;
import io.p2phost.relay.charfront.CharFront;
import io.p2phost.relay.command.Answers;
import io.p2phost.relay.command.CommandDesk;
import io.p2phost.relay.command.Hosts;
import io.p2phost.relay.command.RouteTimes;
import io.p2phost.relay.command.Suite;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.front.SourceAddresses;
import io.p2phost.relay.front.SourceKey;
import io.p2phost.relay.front.Whois;
import io.p2phost.relay.player.Commands;
import io.p2phost.relay.player.DbProxy;
import io.p2phost.relay.player.Maps;
import io.p2phost.relay.player.Players;
import io.p2phost.relay.player.Tap;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteTable;
import io.p2phost.relay.takeover.Doors;
import io.p2phost.relay.takeover.Sockets;
import io.p2phost.relay.takeover.TakeoverMetrics;
import io.p2phost.relay.tap.TapDesk;
import io.p2phost.relay.telemetry.RelayMetrics;
import io.p2phost.relay.tunnel.Assignment;
import io.p2phost.relay.tunnel.Deliveries;
import io.p2phost.relay.tunnel.HostAdmission;
import io.p2phost.relay.tunnel.HostRegistry;
import io.p2phost.relay.tunnel.HostStates;
import io.p2phost.relay.tunnel.HostTunnels;
import io.p2phost.ro.client.ClientVersions;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the features' cores. Sockets are opened by Spring and closed by it, in the reverse order; nothing else. */
@Configuration(proxyBeanMethods = false)
class RelayConfiguration {
    private static final long FARTHEST_BEHIND = 1_048_576;

    private final RelayProperties properties;
    private final String bindAddress;

    RelayConfiguration(RelayProperties properties, @Value("${p2p.bind-address}") String httpAddress) {
        this.properties = properties;
        this.bindAddress =
                properties.bindAddress() == null || properties.bindAddress().isBlank()
                        ? httpAddress
                        : properties.bindAddress();
    }

    @Bean
    LinkTransport linkTransport(Sockets sockets) {
        int threads = properties.eventLoopThreads();
        return LinkTransport.start(
                "relay",
                threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                opensLater() ? sockets.kind() : LinkTransport.Kind.nio());
    }

    @Bean
    RelayMetrics relayMetrics(MeterRegistry meters) {
        return new RelayMetrics(meters);
    }

    @Bean
    RouteTable routeTable() {
        return new RouteTable();
    }

    @Bean
    HostStates hostStates() {
        return new HostStates();
    }

    @Bean
    HostAdmission hostAdmission(HostRegistry registry, HostStates states, RelayMetrics metrics) {
        return new HostAdmission(registry, states, metrics);
    }

    @Bean
    Deliveries deliveries(MeterRegistry meters) {
        return new Deliveries(Deliveries.Policy.defaults(), meters);
    }

    @Bean
    RotatingTls linkTls() {
        return RotatingTls.accepting(TlsProvider.best());
    }

    @Bean
    CertificateRenewal certificateRenewal(CertificateRenewal.Issuer issuer, RotatingTls tls, Clock clock) {
        CertificateRenewal renewal =
                new CertificateRenewal(ServiceName.RELAY, List.of(properties.publicHost()), issuer, tls, clock);
        renewal.start();
        return renewal;
    }

    @Bean
    HostTunnels hostTunnels(
            RotatingTls tls,
            LinkTransport transport,
            HostAdmission admission,
            RelayMetrics metrics,
            HostTunnels.Parts parts) {
        LinkSettings settings = LinkSettings.defaults()
                .withStreamWindow(properties.streamWindow())
                .withMaxStreamWindow(properties.maxStreamWindow())
                .withMaxStreams(properties.hosts().maxStreams());
        RelayProperties.HostLimits hosts = properties.hosts();
        HostTunnels tunnels = new HostTunnels(
                new TunnelServer.Options(
                        properties.relayId(),
                        settings,
                        new AddressLimits.Rules(
                                hosts.maxConnections(),
                                new AddressLimits.Share(hosts.maxPerAddress(), hosts.perSecond(), hosts.burst()),
                                new AddressLimits.Share(
                                        hosts.maxPerNetwork(), hosts.networkPerSecond(), hosts.networkBurst()),
                                hosts.maxAddresses()),
                        hosts.maxEntering(),
                        properties.resumeWithin(),
                        hosts.connections(),
                        properties.keyChange()),
                tls,
                transport,
                admission,
                metrics,
                parts);
        if (!opensLater()) {
            listen(tunnels);
        }
        return tunnels;
    }

    /** Whether doors are opened when all else is there, because another process may still have them. */
    private boolean opensLater() {
        return properties.takeover().socket() != null;
    }

    @Bean
    TakeoverMetrics takeoverMetrics(MeterRegistry meters) {
        return new TakeoverMetrics(meters);
    }

    @Bean
    Doors doors(Front front, HostTunnels tunnels, ObjectProvider<CharFront> charFront) {
        return () -> {
            listen(tunnels);
            front.start();
            charFront.ifAvailable(CharFront::start);
        };
    }

    private void listen(HostTunnels tunnels) {
        try {
            tunnels.start(new InetSocketAddress(bindAddress, properties.tunnelPort()));
        } catch (Exception e) {
            // Netty throws checked exceptions through unchecked signatures.
            throw new IllegalStateException(
                    "p2p.relay.tunnel-port: " + properties.tunnelPort() + " at " + bindAddress
                            + " cannot be listened at: " + e.getMessage() + " (expected: a free port)",
                    e);
        }
    }

    @Bean
    HostTunnels.Parts tunnelParts(
            RouteTable routes, Assignment assignment, Deliveries deliveries, HostStates states, Clock clock) {
        return new HostTunnels.Parts(routes, assignment, deliveries, states, clock);
    }

    @Bean
    Players players() {
        return new Players(System::nanoTime);
    }

    @Bean
    SourceAddresses sourceAddresses(SourceKey key) {
        return new SourceAddresses(key.bytes());
    }

    @Bean
    Hosts hosts() {
        return new Hosts();
    }

    @Bean
    RouteTimes routeTimes(RouteTable routes, Clock clock) {
        RouteTimes times = new RouteTimes(clock);
        routes.listen(times);
        return times;
    }

    @Bean
    CommandDesk commandDesk(
            Suite suite, Hosts hosts, RouteTable routes, RouteTimes times, Players players, MeterRegistry meters) {
        Answers answers = new Answers(suite, hosts, routes, times, players, properties.staffGroup());
        return new CommandDesk(answers, Executors.newVirtualThreadPerTaskExecutor(), meters);
    }

    /** Packets are read as clients of one version have them, with its own lengths: of others nothing is told. */
    @Bean
    Tap.Taps taps(ObservationEvents observations, Clock clock, MeterRegistry meters) {
        if (properties.clientVersion() != ClientVersions.BUILT_IN || properties.clientLengths() != null) {
            return Tap.Taps.NONE;
        }
        TapDesk desk =
                new TapDesk(ServiceName.RELAY.id(), properties.observeFor(), observations::publish, clock, meters);
        desk.start();
        return desk;
    }

    @Bean
    Whois whois(Players players, SourceAddresses sources) {
        return new Whois(players, sources);
    }

    @Bean
    Front.Parts frontParts(
            LinkTransport transport,
            HostTunnels tunnels,
            RouteTable routes,
            Players players,
            DbProxy dbProxy,
            SourceAddresses sources,
            Commands commands,
            Tap.Taps taps,
            RelayMetrics metrics) {
        Maps maps = map -> routes.find(map).map(Route::host).isPresent();
        return new Front.Parts(transport, tunnels, maps, players, dbProxy, sources, commands, taps, metrics);
    }

    @Bean
    Front front(Front.Parts parts, Front.Limits limits, ClientProperties clientProperties) {
        Clients clients = new Clients(properties, clientProperties);
        Front front = new Front(
                new Front.Settings(
                        bindAddress,
                        properties.frontPorts(),
                        properties.connectTimeout(),
                        limits,
                        clients.codec(),
                        clients::settings),
                parts);
        if (!opensLater()) {
            front.start();
        }
        return front;
    }

    @Bean
    Front.Limits frontLimits() {
        RelayProperties.PlayerLimits players = properties.players();
        RelayProperties.Door door = properties.door();
        return new Front.Limits(
                new AddressLimits.Rules(
                        players.maxConnections(),
                        new AddressLimits.Share(players.maxPerAddress(), players.perSecond(), players.burst()),
                        new AddressLimits.Share(door.maxPerNetwork(), door.networkPerSecond(), door.networkBurst()),
                        players.maxAddresses()),
                door.maxEntering(),
                new AddressLimits.Rules(
                        door.maxQuestions(),
                        door.questionsPerAddress(),
                        door.questionsPerSecond(),
                        door.questionBurst(),
                        players.maxAddresses()),
                Networks.parse(door.allow()),
                Networks.parse(door.deny()),
                Networks.parse(door.proxyProtocolFrom()),
                // One window, grown as it may be, is under way to a player who stops reading, and his last packets wait
                // behind it.
                properties.maxStreamWindow() + FARTHEST_BEHIND,
                door.stalled());
    }

    @Bean
    Announcer announcer(
            Announcer.Peers peers,
            RouteTable routes,
            CertificateRenewal certificate,
            Front front,
            Players players,
            HostTunnels tunnels,
            RelayMetrics metrics,
            Clock clock,
            MeterRegistry meters) {
        meters.gauge("p2p_relay_player_sessions", front, Front::connections);
        meters.gauge("p2p_relay_players", players, Players::size);
        meters.gauge("p2p_relay_entering", front, Front::entering);
        meters.gauge("p2p_relay_addresses", front, Front::addresses);
        meters.gauge("p2p_relay_dials_waiting", front, Front::waiting);
        meters.gauge("p2p_relay_host_tunnels", tunnels, HostTunnels::size);
        meters.gauge("p2p_relay_routes", routes, table -> table.all().size());
        return new Announcer(
                peers,
                routes,
                new Announcer.Timing(properties.announceEvery(), properties.confirmWithin(), System::nanoTime),
                certificate::problem,
                players::unconfirmed,
                () -> new RelaySessions(
                        properties.relayId(),
                        properties.region(),
                        clock.instant(),
                        players.size(),
                        tunnels.size(),
                        routes.all().size(),
                        metrics.bytesToServers(),
                        metrics.bytesToPlayers()));
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> announceWhenReady(Announcer announcer) {
        return event -> announcer.start();
    }

    /** Without a certificate no host can connect: the relay is not ready, and says why. */
    @Bean
    HealthIndicator tunnels(CertificateRenewal certificate) {
        return () -> certificate
                .problem()
                .map(problem -> Health.down().withDetail("problem", problem).build())
                .orElseGet(() -> Health.up().build());
    }

    @Bean
    PartState tunnelState(CertificateRenewal certificate) {
        return () -> Map.of("tunnels", certificate.problem().orElse("UP"));
    }
}
