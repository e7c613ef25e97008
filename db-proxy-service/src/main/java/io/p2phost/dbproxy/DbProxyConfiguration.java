package io.p2phost.dbproxy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.charlink.Admission;
import io.p2phost.dbproxy.charlink.CharLinkMetrics;
import io.p2phost.dbproxy.charlink.CharLinks;
import io.p2phost.dbproxy.charlink.LinkAudit;
import io.p2phost.dbproxy.charlink.LinkEvent;
import io.p2phost.dbproxy.charlink.LossReports;
import io.p2phost.dbproxy.engine.Engine;
import io.p2phost.dbproxy.hosts.HostIndex;
import io.p2phost.dbproxy.ownership.Arbiter;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.ownership.RoutePush;
import io.p2phost.dbproxy.relays.LiveRelays;
import io.p2phost.dbproxy.turn.Turn;
import io.p2phost.kit.outbox.Audit;
import io.p2phost.kit.web.PartState;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.charlink.CharLinkServer;
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
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the features' cores. Sockets are opened by Spring and closed by it, in the reverse order. */
@Configuration(proxyBeanMethods = false)
class DbProxyConfiguration {
    private static final Duration LOSS_GIVEN_UP_AFTER = Duration.ofMinutes(1);
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
            LinkAudit audit,
            Engine engine,
            CharLinkMetrics metrics,
            Clock clock,
            MeterRegistry meters) {
        DbProxyProperties.HostLimits limits = properties.hosts();
        return new CharLinks(
                new CharLinks.Parts(
                        new CharLinkServer.Options(
                                LinkSettings.defaults(),
                                new AddressLimits.Rules(
                                        limits.maxConnections(),
                                        limits.maxPerAddress(),
                                        limits.perSecond(),
                                        limits.burst(),
                                        limits.maxAddresses()),
                                properties.linkLossGrace()),
                        tls,
                        transport,
                        admission,
                        engine::cell,
                        metrics),
                owners,
                hosts,
                reports,
                audit,
                clock,
                new CharLinks.Policy(properties.linkLossGrace(), LOSS_GIVEN_UP_AFTER, LOOK_AT_LINKS),
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
