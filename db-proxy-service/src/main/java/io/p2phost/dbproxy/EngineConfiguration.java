package io.p2phost.dbproxy;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.dbproxy.charlink.CharLinkMetrics;
import io.p2phost.dbproxy.engine.Catalogue;
import io.p2phost.dbproxy.engine.Engine;
import io.p2phost.dbproxy.engine.EngineSettings;
import io.p2phost.dbproxy.engine.Network;
import io.p2phost.dbproxy.engine.Orders;
import io.p2phost.dbproxy.engine.WitnessLog;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.observation.ObservationCollector;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.sessions.SessionProperties;
import io.p2phost.dbproxy.sessions.SessionStore;
import io.p2phost.dbproxy.sessions.SessionWriter;
import io.p2phost.dbproxy.turn.Turn;
import io.p2phost.kit.consume.Subscriptions;
import io.p2phost.kit.web.PartState;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.ro.layout.BuildLayout;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the multiplexer. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {
    /** An operator has a handful of map-servers on his own machines, and they come again every ten seconds. */
    private static final AddressLimits.Rules VPS_LIMITS = new AddressLimits.Rules(32, 16, 5, 16, 1_024);

    @Bean
    Catalogue catalogue(Clock clock, ObjectProvider<Subscriptions> subscriptions) {
        return new Catalogue(clock, () -> subscriptions.stream().anyMatch(events -> events.caughtUp("map-catalogue")));
    }

    @Bean
    CharLinkMetrics charLinkMetrics(MeterRegistry meters) {
        return new CharLinkMetrics(meters);
    }

    @Bean
    Engine.Witness witness(ObservationCollector observations, MeterRegistry meters) {
        return new WitnessLog(
                new Engine.Witness() {
                    @Override
                    public void violated(Outside.Violation violation) {
                        observations.violated(violation);
                    }

                    @Override
                    public void saved(Outside.SaveSeen seen) {
                        observations.saved(seen);
                    }
                },
                meters);
    }

    /** Closed behind everything that works in turn. */
    @Bean
    Turn turn(Turn.Lock lock, Turn.Others others, Clock clock, MeterRegistry meters) {
        Turn turn = new Turn(lock, others, clock);
        meters.gauge("p2p_dbproxy_active", turn, each -> each.isActive() ? 1 : 0);
        return turn;
    }

    @Bean
    Engine engine(
            DbProxyProperties properties,
            @Value("${p2p.bind-address}") String httpAddress,
            CharLinkMetrics metrics,
            MapOwners owners,
            SessionStore store,
            SessionProperties sessions,
            Catalogue catalogue,
            Orders orders,
            Engine.Witness witness,
            Clock clock,
            MeterRegistry meters,
            Turn turn) {
        DbProxyProperties.VpsSide vps = properties.vps();
        EngineSettings settings = new EngineSettings(
                properties.mux(),
                properties::upstreamAddress,
                properties.upstreamTimeout(),
                new InetSocketAddress(properties.bindAddressOr(httpAddress), vps.port()),
                vps.from().stream().map(Network::parse).toList(),
                VPS_LIMITS,
                new EngineSettings.Credentials(
                        vps.reserveUser(),
                        Objects.requireNonNullElse(vps.reservePassword(), properties.upstreamPassword())),
                properties.hosts().stalledAfter());
        return new Engine(
                settings,
                new Engine.Parts(
                        metrics,
                        owners,
                        store,
                        loop -> new SessionWriter(store, loop, sessions.settings(), clock, meters),
                        catalogue,
                        orders,
                        witness,
                        clock,
                        meters));
    }

    @Bean
    BuildLayout buildLayout(DbProxyProperties properties) {
        return properties.mux().layout();
    }

    /** Closed by the engine. */
    @Bean(destroyMethod = "")
    SessionWriter sessionWriter(Engine engine) {
        return engine.sessions();
    }

    /** The char-server may be away: play behind the multiplexer goes on. */
    @Bean
    PartState charServerState(Engine engine) {
        return () -> Map.of("charServer", engine.problem().orElse("UP"));
    }
}
