package io.p2phost.dbproxy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.charlink.Admission;
import io.p2phost.dbproxy.charlink.CharLinkMetrics;
import io.p2phost.dbproxy.charlink.CharLinks;
import io.p2phost.dbproxy.charlink.LinkAudit;
import io.p2phost.dbproxy.charlink.LinkEvent;
import io.p2phost.dbproxy.charlink.LossReports;
import io.p2phost.dbproxy.engine.Engine;
import io.p2phost.dbproxy.hosts.HostIndex;
import io.p2phost.dbproxy.mux.ServerKey;
import io.p2phost.dbproxy.ownership.Arbiter;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.ownership.RoutePush;
import io.p2phost.dbproxy.ownership.UnattendedFailover;
import io.p2phost.dbproxy.relays.LiveRelays;
import io.p2phost.dbproxy.turn.Turn;
import io.p2phost.kit.outbox.Audit;
import io.p2phost.kit.web.PartState;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.charlink.CharLinkServer;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.CertificateRenewal;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the features' cores. Sockets are opened by Spring and closed by it, in the reverse order. */
@Configuration(proxyBeanMethods = false)
class DbProxyConfiguration {
    private static final Duration LOSS_GIVEN_UP_AFTER = Duration.ofMinutes(1);

    /** Its own instances change over in less, and a player waits as long. */
    private static final Duration WAIT_FOR_ASSIGNMENT = Duration.ofSeconds(2);

    /** Hosts are back after a change of instances within three seconds, and on a busy day within ten. */
    private static final Duration COME_BACK = Duration.ofSeconds(12);

    private static final Duration MANY_LOST_AFTER = Duration.ofSeconds(30);
    private static final Duration LOOK_AT_LINKS = Duration.ofSeconds(1);

    private final DbProxyProperties properties;

    DbProxyConfiguration(DbProxyProperties properties) {
        this.properties = properties;
    }

    @Bean
    LiveRelays liveRelays(Turn turn, Clock clock, MeterRegistry meters) {
        LiveRelays relays = new LiveRelays(properties.relayAliveFor(), clock);
        meters.gauge(
                "p2p_dbproxy_live_relays",
                relays,
                r -> turn.isActive() ? r.alive().size() : Double.NaN);
        return relays;
    }

    @Bean
    Arbiter arbiter(
            MapOwners owners, HostIndex hosts, CharLinks links, Engine engine, RoutePush relays, MeterRegistry meters) {
        return new Arbiter(owners, hosts, links, engine, relays, meters);
    }

    @Bean
    LinkTransport linkTransport() {
        int threads = properties.eventLoopThreads();
        return LinkTransport.start(
                "char-links", threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
    }

    @Bean
    RotatingTls linkTls() {
        return RotatingTls.accepting(TlsProvider.best());
    }

    @Bean
    CertificateRenewal certificateRenewal(CertificateRenewal.Issuer issuer, RotatingTls tls, Clock clock) {
        CertificateRenewal renewal =
                new CertificateRenewal(ServiceName.DB_PROXY, List.of(properties.publicHost()), issuer, tls, clock);
        renewal.start();
        return renewal;
    }

    @Bean
    Admission admission(MapOwners owners, HostIndex hosts) {
        return new Admission(owners, hosts);
    }

    @Bean
    LinkAudit linkAudit(Audit audit, MeterRegistry meters) {
        LinkAudit links = new LinkAudit(event -> record(audit, event), Ticker.systemTicker(), meters);
        links.start();
        return links;
    }

    private void record(Audit audit, LinkEvent event) {
        CharLinkHello hello = event.hello();
        Map<String, String> detail = new LinkedHashMap<>();
        detail.put("epoch", hello.epoch().toString());
        detail.put("instance", properties.instanceId());
        String action = "char-link.accepted";
        switch (event) {
            case LinkEvent.Accepted accepted -> {}
            case LinkEvent.Refused refused -> {
                action = "char-link.refused";
                detail.put("reason", refused.reason().name());
                detail.put("currentEpoch", refused.currentEpoch().toString());
            }
            case LinkEvent.Closed closed -> {
                action = "char-link.closed";
                detail.put("reason", closed.reason().name());
            }
        }
        audit.record(
                "host:" + hello.host(),
                action,
                "map:" + hello.map(),
                event instanceof LinkEvent.Refused ? "refused" : "ok",
                detail);
    }

    @Bean
    CharLinks charLinks(
            RotatingTls tls,
            LinkTransport transport,
            Admission admission,
            MapOwners owners,
            HostIndex hosts,
            LossReports reports,
            ObjectProvider<UnattendedFailover> unattended,
            Turn turn,
            LinkAudit audit,
            Engine engine,
            CharLinkMetrics metrics,
            Clock clock,
            MeterRegistry meters) {
        DbProxyProperties.HostLimits limits = properties.hosts();
        CharLinks links = new CharLinks(
                new CharLinks.Parts(
                        new CharLinkServer.Options(
                                LinkSettings.defaults(),
                                new AddressLimits.Rules(
                                        limits.maxConnections(),
                                        new AddressLimits.Share(
                                                limits.maxPerAddress(), limits.perSecond(), limits.burst()),
                                        new AddressLimits.Share(
                                                limits.maxPerNetwork(),
                                                limits.networkPerSecond(),
                                                limits.networkBurst()),
                                        limits.maxAddresses()),
                                limits.maxEntering(),
                                properties.linkLossGrace()),
                        tls,
                        transport,
                        admission,
                        engine::cell,
                        metrics),
                owners,
                hosts,
                reports,
                // The arbiter fences by these links: it is there when the first of them is lost.
                (host, map, epoch) -> {
                    if (turn.isActive()) {
                        unattended.getObject().hostLost(host, map, epoch);
                    }
                },
                audit,
                clock,
                new CharLinks.Policy(
                        properties.linkLossGrace(),
                        COME_BACK,
                        properties.linkLossGrace().plus(WAIT_FOR_ASSIGNMENT),
                        MANY_LOST_AFTER,
                        LOSS_GIVEN_UP_AFTER,
                        LOOK_AT_LINKS),
                meters);
        engine.onStalled(links::stalled);
        return links;
    }

    @Bean
    UnattendedFailover unattendedFailover(Arbiter arbiter, Engine engine, CharLinks links, MeterRegistry meters) {
        return new UnattendedFailover(
                arbiter,
                map -> {
                    // A server that is logged in may be behind a link that has just broken.
                    Set<HostId> linked = links.links().stream()
                            .filter(link -> link.role() == CellRole.STANDBY
                                    && link.map().equals(map))
                            .map(CharLinkHello::host)
                            .collect(Collectors.toSet());
                    return engine.standbyServers().stream()
                            .filter(cell -> cell.map().equals(map) && linked.contains(cell.host()))
                            .map(ServerKey.Cell::host)
                            .toList();
                },
                meters);
    }

    /** Without a certificate no host can link; the arbiter works all the same. */
    @Bean
    PartState charLinkState(CertificateRenewal certificate) {
        return () -> Map.of("charLinks", certificate.problem().orElse("UP"));
    }

    /** Whoever shares requests among instances asks for readiness. */
    @Bean
    HealthIndicator turnHealthIndicator(Turn turn) {
        return () -> (turn.isActive() ? Health.up() : Health.outOfService())
                .withDetail("turn", turn.state())
                .build();
    }

    @Bean
    PartState turnState(Turn turn) {
        return () -> Map.of(
                "turn",
                switch (turn.state()) {
                    case ACTIVE -> "UP";
                    case STANDBY -> "stands by, another instance works";
                    case OVER -> "another instance took over";
                });
    }
}
