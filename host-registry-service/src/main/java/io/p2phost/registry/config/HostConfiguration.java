package io.p2phost.registry.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.registry.apikey.ApiKeys;
import io.p2phost.registry.audit.AuditTrail;
import io.p2phost.registry.bundle.Bundles;
import io.p2phost.registry.bundle.Publishing;
import io.p2phost.registry.enrolment.EnrolmentCodes;
import io.p2phost.registry.host.DesiredAssignments;
import io.p2phost.registry.host.HostChanges;
import io.p2phost.registry.host.HostControl;
import io.p2phost.registry.host.HostEvents;
import io.p2phost.registry.host.HostLeases;
import io.p2phost.registry.host.HostSessions;
import io.p2phost.registry.host.Hosts;
import io.p2phost.registry.host.KnownRequirements;
import io.p2phost.registry.host.LeaseTracker;
import io.p2phost.registry.host.LiveHosts;
import io.p2phost.registry.host.LoadReports;
import io.p2phost.registry.host.RemoteRequirements;
import io.p2phost.registry.host.RequirementsStore;
import io.p2phost.registry.host.SessionDefaults;
import io.p2phost.registry.loop.Loop;
import io.p2phost.registry.relay.LiveRelays;
import io.p2phost.registry.relay.Relays;
import io.p2phost.registry.token.UsedAssertions;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wiring of hosts, their leases and relays, and of the loops that work on them. */
@Configuration(proxyBeanMethods = false)
class HostConfiguration {
    private static final Duration LOAD_ROUND = Duration.ofSeconds(1);
    private static final Duration CLEANING = Duration.ofMinutes(1);

    @Bean
    LiveRelays liveRelays(Relays relays, RelayProperties properties, Clock clock) {
        return new LiveRelays(relays, properties.lifetime(), clock);
    }

    @Bean
    KnownRequirements knownRequirements(RemoteRequirements remote, RequirementsStore store, Clock clock) {
        return new KnownRequirements(remote, store, clock);
    }

    @Bean
    HostChanges hostChanges(Hosts hosts, HostEvents events, AuditTrail audit, Clock clock) {
        return new HostChanges(hosts, events, audit, clock);
    }

    @Bean
    LeaseTracker leaseTracker(LeaseProperties properties) {
        return new LeaseTracker(properties.policy(), System::nanoTime);
    }

    @Bean
    LiveHosts liveHosts() {
        return new LiveHosts();
    }

    @Bean
    DesiredAssignments desiredAssignments() {
        return new DesiredAssignments();
    }

    @Bean
    LoadReports loadReports(HostProperties properties) {
        return new LoadReports(properties.loadEventInterval(), System::nanoTime);
    }

    @Bean(initMethod = "restore")
    HostLeases hostLeases(LeaseTracker tracker, LiveHosts live, LoadReports loads, HostChanges changes, Hosts hosts) {
        return new HostLeases(tracker, live, loads, changes, hosts);
    }

    @Bean
    HostSessions hostSessions(
            HostChanges changes,
            HostLeases leases,
            LeaseTracker tracker,
            LiveHosts live,
            LoadReports loads,
            KnownRequirements requirements,
            LiveRelays relays,
            DesiredAssignments assignments,
            HostEvents events,
            LeaseProperties properties,
            Clock clock) {
        return new HostSessions(
                changes,
                leases,
                tracker,
                live,
                loads,
                requirements,
                relays,
                assignments,
                events,
                properties.policy(),
                clock);
    }

    @Bean
    HostControl hostControl(HostChanges changes, HostLeases leases) {
        return new HostControl(changes, leases);
    }

    @Bean
    SessionDefaults sessionDefaults(HostProperties hosts, DbProxyProperties dbProxy) {
        return new SessionDefaults(hosts.defaultMaxMaps(), dbProxy.host(), dbProxy.port());
    }

    /** Checks only; writing is another loop, because a slow database must not look like a slow judge. */
    @Bean(initMethod = "start", destroyMethod = "close")
    Loop leaseChecks(HostLeases leases, LeaseProperties properties) {
        return new Loop("lease-checks", properties.tick(), leases::check);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Loop lapseWriter(HostLeases leases, LeaseProperties properties) {
        return new Loop("lapse-writer", properties.tick(), leases::writeLapses);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Loop loadPublisher(HostLeases leases) {
        return new Loop("load-publisher", LOAD_ROUND, leases::publishLoads);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Loop cleaner(
            UsedAssertions used, EnrolmentCodes codes, EnrolmentProperties enrolment, Publishing bundles, Clock clock) {
        return new Loop("cleaner", CLEANING, () -> {
            used.forgetExpired(clock.instant());
            codes.forgetExpiredBefore(clock.instant().minus(enrolment.keepExpired()));
            bundles.cleanUp();
        });
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    RegistryGauges registryGauges(
            MeterRegistry meters,
            Hosts hosts,
            EnrolmentCodes codes,
            ApiKeys keys,
            LeaseTracker tracker,
            HostLeases leases,
            LoadReports loads,
            Bundles bundles,
            Clock clock) {
        RegistryGauges gauges = new RegistryGauges(hosts, codes, keys, bundles, clock);
        gauges.bind(meters);
        gauges.bindBundles(meters);
        gauges.bindLeases(meters, tracker, leases, loads);
        return gauges;
    }
}
