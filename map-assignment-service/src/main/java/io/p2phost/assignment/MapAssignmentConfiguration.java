package io.p2phost.assignment;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.assignment.audit.AuditTrail;
import io.p2phost.assignment.bundle.ReleasedMaps;
import io.p2phost.assignment.catalogue.CatalogueEvents;
import io.p2phost.assignment.catalogue.Catalogues;
import io.p2phost.assignment.catalogue.MapIndex;
import io.p2phost.assignment.config.ConfigVersions;
import io.p2phost.assignment.config.FirstFiles;
import io.p2phost.assignment.config.OperatorConfig;
import io.p2phost.assignment.config.Transactions;
import io.p2phost.assignment.control.Control;
import io.p2phost.assignment.entry.Chooser;
import io.p2phost.assignment.entry.DecisionAnswer;
import io.p2phost.assignment.entry.Decisions;
import io.p2phost.assignment.entry.Entries;
import io.p2phost.assignment.entry.EntryAnswer;
import io.p2phost.assignment.entry.Explainer;
import io.p2phost.assignment.entry.KeptAnswers;
import io.p2phost.assignment.entry.ProtectedPlayers;
import io.p2phost.assignment.failover.Carrier;
import io.p2phost.assignment.failover.FailoverRows;
import io.p2phost.assignment.failover.Failovers;
import io.p2phost.assignment.failover.LossJudge;
import io.p2phost.assignment.failover.Observers;
import io.p2phost.assignment.failover.PlayedMaps;
import io.p2phost.assignment.failover.Repair;
import io.p2phost.assignment.ownership.ActiveMaps;
import io.p2phost.assignment.ownership.Arbiter;
import io.p2phost.assignment.ownership.Handovers;
import io.p2phost.assignment.ownership.HomeSwitch;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.ownership.Mover;
import io.p2phost.assignment.ownership.Placement;
import io.p2phost.assignment.ownership.ReadySignal;
import io.p2phost.assignment.ownership.Relays;
import io.p2phost.assignment.ownership.Targets;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.assignment.selection.SelectionRules;
import io.p2phost.assignment.standby.Connected;
import io.p2phost.assignment.standby.HostNetworks;
import io.p2phost.assignment.standby.StandbyLinks;
import io.p2phost.assignment.standby.StandbyOrders;
import io.p2phost.assignment.standby.StandbyPlanner;
import io.p2phost.assignment.standby.Standbys;
import io.p2phost.assignment.status.Services;
import io.p2phost.assignment.status.StatusReader;
import io.p2phost.assignment.vps.VpsEvents;
import io.p2phost.assignment.vps.VpsRegistry;
import io.p2phost.assignment.vps.VpsServers;
import io.p2phost.assignment.whois.RelayPlayers;
import io.p2phost.assignment.whois.Whois;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the cores together; adapters are found by scanning. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class MapAssignmentConfiguration {
    @Bean
    Transactions transactions(TransactionTemplate template) {
        return new Transactions() {
            @Override
            public <T> T run(Supplier<T> work) {
                return Objects.requireNonNull(template.execute(status -> work.get()));
            }
        };
    }

    @Bean
    OperatorConfig operatorConfig(
            ConfigVersions versions, AuditTrail audit, Transactions transactions, AssignmentProperties properties) {
        OperatorConfig config = new OperatorConfig(versions, audit, transactions);
        config.start(
                properties.configDir().isBlank()
                        ? FirstFiles.packaged()
                        : FirstFiles.from(Path.of(properties.configDir())));
        return config;
    }

    @Bean
    Catalogues catalogues(OperatorConfig config, CatalogueEvents events, AssignmentProperties properties) {
        String home = properties.rathenaHome();
        Catalogues catalogues = new Catalogues(() -> home.isBlank() ? null : MapIndex.read(Path.of(home)), events);
        config.onChange(catalogues::apply);
        return catalogues;
    }

    @Bean
    HostIndex hostIndex(OperatorConfig config, Clock clock, MeterRegistry meters) {
        HostIndex index = new HostIndex(
                SelectionRules.of(config.current().config()),
                clock,
                bound -> ThreadLocalRandom.current().nextInt(bound));
        config.onChange(now -> index.configure(SelectionRules.of(now.config())));
        meters.gauge("p2p_assignment_hosts_known", index, HostIndex::size);
        meters.gauge("p2p_assignment_hosts_ready", index, HostIndex::readyHosts);
        return index;
    }

    @Bean
    ActiveMaps activeMaps(HostIndex index, MeterRegistry meters) {
        ActiveMaps activeMaps = new ActiveMaps(index);
        meters.gauge("p2p_assignment_maps_on_hosts", activeMaps, ActiveMaps::total);
        return activeMaps;
    }

    @Bean
    VpsRegistry vpsRegistry(VpsServers servers, VpsEvents events, AuditTrail audit) {
        return new VpsRegistry(servers, events, audit);
    }

    @Bean
    ReadySignal readySignal() {
        return new ReadySignal();
    }

    @Bean
    Handovers handovers(HostIndex index) {
        return new Handovers(index);
    }

    @Bean
    Mover mover(
            MapStates states,
            Arbiter arbiter,
            ActiveMaps activeMaps,
            Handovers handovers,
            Clock clock,
            AssignmentProperties properties,
            OperatorConfig config,
            MeterRegistry meters) {
        Supplier<Duration> readyTimeout = () -> {
            Duration failover = config.current().config().failoverTimeout();
            return failover.compareTo(properties.readyTimeout()) < 0 ? failover : properties.readyTimeout();
        };
        return new Mover(states, arbiter, activeMaps, handovers, clock, properties.intentLease(), readyTimeout, meters);
    }

    @Bean
    Placement placement(
            OperatorConfig config,
            Catalogues catalogues,
            HostIndex index,
            VpsRegistry vps,
            HomeSwitch homeSwitch,
            ReleasedMaps released,
            Mover mover) {
        return new Placement(config, catalogues, index, vps, homeSwitch, released, mover);
    }

    @Bean
    Targets targets(Relays relays) {
        return new Targets(relays);
    }

    @Bean
    Chooser chooser(
            OperatorConfig config,
            CatalogueEvents catalogueEvents,
            Placement placement,
            MapStates states,
            HomeSwitch homeSwitch,
            VpsRegistry vps,
            ReadySignal signal,
            Clock clock) {
        return new Chooser(config, catalogueEvents, placement, states, homeSwitch, vps, signal, clock);
    }

    @Bean
    Entries entries(
            Chooser chooser,
            Catalogues catalogues,
            Placement placement,
            VpsRegistry vps,
            Targets targets,
            KeptAnswers<EntryAnswer> answers,
            ReadySignal signal,
            Clock clock,
            AssignmentProperties properties,
            MeterRegistry meters) {
        return new Entries(
                new Entries.Parts(chooser, catalogues, placement, vps, targets, answers, signal),
                clock,
                properties.readyWait(),
                meters);
    }

    @Bean
    Decisions decisions(
            Chooser chooser,
            Catalogues catalogues,
            KeptAnswers<DecisionAnswer> answers,
            Clock clock,
            MeterRegistry meters) {
        return new Decisions(chooser, catalogues, answers, clock, meters);
    }

    @Bean
    Explainer explainer(
            OperatorConfig config,
            Catalogues catalogues,
            ReleasedMaps released,
            MapStates states,
            HostIndex index,
            HomeSwitch homeSwitch,
            VpsRegistry vps,
            Arbiter arbiter,
            Standbys standbys,
            Connected connected,
            ProtectedPlayers protectedPlayers,
            Clock clock) {
        return new Explainer(
                config,
                catalogues,
                released,
                states,
                index,
                homeSwitch,
                vps,
                arbiter,
                standbys,
                connected,
                protectedPlayers,
                clock);
    }

    @Bean
    Connected connected(StandbyLinks links, Clock clock) {
        return new Connected(links, clock);
    }

    @Bean
    StandbyPlanner.Parts standbyParts(
            MapStates states,
            Standbys standbys,
            Placement placement,
            Catalogues catalogues,
            OperatorConfig config,
            HostIndex index,
            HostNetworks networks,
            Connected connected,
            StandbyOrders orders) {
        return new StandbyPlanner.Parts(
                states, standbys, placement, catalogues, config, index, networks, connected, orders);
    }

    @Bean
    StandbyPlanner standbyPlanner(
            StandbyPlanner.Parts parts, Clock clock, AssignmentProperties properties, MeterRegistry meters) {
        AssignmentProperties.StandbyTimes times = properties.standby();
        return new StandbyPlanner(
                parts, clock, new StandbyPlanner.Times(times.patience(), times.unfitFor(), times.repeat()), meters);
    }

    @Bean
    Failovers.Parts failoverParts(
            FailoverRows rows,
            MapStates states,
            Placement placement,
            HostIndex index,
            Standbys standbys,
            Connected connected,
            Observers observers,
            Carrier carrier,
            ReadySignal signal) {
        return new Failovers.Parts(rows, states, placement, index, standbys, connected, observers, carrier, signal);
    }

    @Bean
    Failovers failovers(Failovers.Parts parts, Clock clock, AssignmentProperties properties, MeterRegistry meters) {
        AssignmentProperties.MassLoss mass = properties.massLoss();
        return new Failovers(
                parts,
                new LossJudge.Rules(
                        mass.percent(), mass.minHosts(), mass.window(), mass.hold(), properties.tunnelReturn()),
                clock,
                properties.lossPenalty(),
                meters);
    }

    @Bean
    Repair repair(
            MapStates states,
            Arbiter arbiter,
            Mover mover,
            Placement placement,
            Failovers failovers,
            Catalogues catalogues,
            OperatorConfig config,
            HostIndex index,
            ActiveMaps activeMaps,
            PlayedMaps played,
            ReadySignal signal,
            Clock clock,
            AssignmentProperties properties) {
        return new Repair(
                new Repair.Parts(
                        states,
                        arbiter,
                        mover,
                        placement,
                        failovers,
                        catalogues,
                        config,
                        index,
                        activeMaps,
                        played,
                        signal),
                clock,
                System::nanoTime,
                new Repair.Times(
                        properties.intentLease(),
                        properties.readyPenalty(),
                        properties.recentlyEntered(),
                        properties.sweepInterval()));
    }

    @Bean
    Whois whois(RelayPlayers players, AuditTrail audit) {
        return new Whois(players, audit);
    }

    @Bean
    Control control(
            MapStates states,
            Placement placement,
            Catalogues catalogues,
            HostIndex index,
            HomeSwitch homeSwitch,
            VpsRegistry vps,
            AuditTrail audit,
            Clock clock,
            AssignmentProperties properties) {
        return new Control(
                states, placement, catalogues, index, homeSwitch, vps, audit, clock, properties.migrateHold());
    }

    @Bean
    StatusReader statusReader(
            Services services,
            HostIndex index,
            Catalogues catalogues,
            MapStates states,
            HomeSwitch homeSwitch,
            ProtectedPlayers protectedPlayers) {
        return new StatusReader(services, index, catalogues, states, homeSwitch, protectedPlayers);
    }
}
