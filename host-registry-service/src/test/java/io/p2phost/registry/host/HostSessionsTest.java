package io.p2phost.registry.host;

import static io.p2phost.registry.host.HostFixture.GOOD;
import static io.p2phost.registry.host.HostFixture.IDLE;
import static io.p2phost.registry.host.HostFixture.anEnrolledHost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.MutableClock;
import io.p2phost.registry.RecordedAudit;
import io.p2phost.registry.refusal.Refused;
import io.p2phost.registry.relay.InMemoryRelays;
import io.p2phost.registry.relay.LiveRelays;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Sessions and leases together, without framework or database. */
class HostSessionsTest {
    private static final LeasePolicy POLICY = LeasePolicy.standard();
    private static final UUID FIRST = UUID.fromString("11111111-1111-4111-8111-111111111111");
    private static final UUID SECOND = UUID.fromString("22222222-2222-4222-8222-222222222222");

    private final MutableClock clock = new MutableClock();
    private final InMemoryHosts hosts = new InMemoryHosts();
    private final RecordedAudit audit = new RecordedAudit();
    private final List<String> events = new ArrayList<>();
    private final DesiredAssignments assignments = new DesiredAssignments();
    private Optional<Requirements> requirements =
            Optional.of(new Requirements(1, List.of(new TierRequirement(1, 3, 4, 8, 100)), 100));
    private Registry registry = new Registry(POLICY);
    private final Host host = anEnrolledHost();

    HostSessionsTest() {
        hosts.add(host);
    }

    /** One instance of the registry; another one shares the table only. */
    private final class Registry {
        final LeaseTracker tracker;
        final LiveHosts live = new LiveHosts();
        final LoadReports loads = new LoadReports(Duration.ofSeconds(5), clock::nanos);
        final HostEvents sink = new HostEvents() {
            @Override
            public void changed(Host changed) {
                events.add(changed.state() + "@" + changed.version());
            }

            @Override
            public void heartbeat(HostId id, Instant receivedAt, Load load, List<ServedMap> maps) {
                events.add("heartbeat");
            }
        };
        final HostChanges changes = new HostChanges(hosts, sink, audit, clock);
        final HostLeases leases;
        final HostSessions sessions;
        final HostControl control;

        Registry(LeasePolicy policy) {
            tracker = new LeaseTracker(policy, clock::nanos);
            leases = new HostLeases(tracker, live, loads, changes, hosts);
            sessions = new HostSessions(
                    changes,
                    leases,
                    tracker,
                    live,
                    loads,
                    new KnownRequirements(() -> requirements, new NoStore(), clock),
                    new LiveRelays(new InMemoryRelays(), Duration.ofSeconds(15), clock),
                    assignments,
                    sink,
                    policy,
                    clock);
            control = new HostControl(changes, leases);
        }

        void run(Duration duration) {
            for (long ticks = duration.dividedBy(POLICY.tick()); ticks > 0; ticks--) {
                clock.pass(POLICY.tick());
                leases.check();
                leases.writeLapses();
            }
        }

        HeartbeatAccepted beat() {
            return beat(false);
        }

        HeartbeatAccepted beat(UUID run) {
            return sessions.heartbeat(host.id(), IDLE, List.of(), false, run);
        }

        HeartbeatAccepted beat(boolean handsBack) {
            return sessions.heartbeat(host.id(), IDLE, List.of(), handsBack, null);
        }
    }

    private static final class NoStore implements RequirementsStore {
        @Override
        public Optional<Requirements> load() {
            return Optional.empty();
        }

        @Override
        public void save(Requirements requirements, Instant now) {}
    }

    private HostLifeState state() {
        return hosts.byId(host.id()).orElseThrow().state();
    }

    private static ProblemType refusal(Runnable action) {
        try {
            action.run();
        } catch (Refused e) {
            return e.type();
        }
        throw new AssertionError("was not refused");
    }

    @Test
    void aSessionIsGrantedWithAFullLease() {
        SessionGranted granted = registry.sessions.open(host.id(), GOOD, null);

        assertThat(granted.tier()).isEqualTo(1);
        assertThat(granted.lease().expiresAt()).isEqualTo(clock.instant().plus(POLICY.duration()));
        assertThat(state()).isEqualTo(HostLifeState.READY);
        assertThat(events).containsExactly("READY@2");
    }

    @Test
    void aHostHandsItsMapsBackAndTakesMapsAgain() {
        registry.sessions.open(host.id(), GOOD, null);

        assertThat(registry.beat(true).drain()).isTrue();
        assertThat(state()).isEqualTo(HostLifeState.DRAINING);
        assertThat(registry.beat(false).drain()).isFalse();
        assertThat(state()).isEqualTo(HostLifeState.READY);
        assertThat(events).contains("DRAINING@3", "READY@4");
        assertThat(audit.entries).as("no operator did that").isEmpty();
    }

    @Test
    void anOperatorsDrainIsNotEndedByItsHost() {
        registry.sessions.open(host.id(), GOOD, null);
        registry.control.act(host.id(), OperatorAction.DRAIN, "", "operator");

        assertThat(registry.beat(true).drain()).isTrue();
        assertThat(registry.beat(false).drain()).isTrue();
        assertThat(state()).isEqualTo(HostLifeState.DRAINING);
    }

    @Test
    void heartbeatsOfADrainingHostLookAtTheTableOncePerVersion() {
        registry.sessions.open(host.id(), GOOD, null);
        registry.beat(true);
        int before = hosts.calls.get();
        for (int i = 0; i < 100; i++) {
            assertThat(registry.beat(true).drain()).isTrue();
        }

        assertThat(hosts.calls.get()).isEqualTo(before);
    }

    @Test
    void aWishThatAnotherInstanceTookIsEndedHere() {
        registry.sessions.open(host.id(), GOOD, null);
        Registry other = new Registry(POLICY);
        other.leases.restore();

        assertThat(other.beat(true).drain()).isTrue();
        registry.leases.committed(hosts.byId(host.id()).orElseThrow());
        assertThat(registry.beat(false).drain()).isFalse();
        assertThat(state()).isEqualTo(HostLifeState.READY);
    }

    @Test
    void heartbeatsOfAReadyHostDoNotTouchTheTable() {
        registry.sessions.open(host.id(), GOOD, null);
        int before = hosts.calls.get();
        for (int i = 0; i < 100; i++) {
            registry.run(Duration.ofSeconds(5));
            registry.beat();
        }

        assertThat(hosts.calls.get()).isEqualTo(before);
        assertThat(events).containsOnlyOnce("READY@2").contains("heartbeat");
    }

    @Test
    void aSilentHostIsUnhealthyThenOfflineAndItsNextHeartbeatIsTooLate() {
        registry.sessions.open(host.id(), GOOD, null);
        registry.run(Duration.ofSeconds(9));
        assertThat(state()).isEqualTo(HostLifeState.UNHEALTHY);
        registry.run(Duration.ofSeconds(7));
        assertThat(state()).isEqualTo(HostLifeState.OFFLINE);

        assertThat(events).containsExactly("READY@2", "UNHEALTHY@3", "OFFLINE@4");
        assertThat(refusal(() -> registry.beat())).isEqualTo(ProblemType.SESSION_EXPIRED);
        assertThat(registry.tracker.size()).isZero();
    }

    @Test
    void anUnhealthyHostThatIsHeardAgainIsReady() {
        registry.sessions.open(host.id(), GOOD, null);
        registry.run(Duration.ofSeconds(9));
        registry.beat();

        assertThat(state()).isEqualTo(HostLifeState.READY);
        assertThat(events).containsExactly("READY@2", "UNHEALTHY@3", "READY@4", "heartbeat");
    }

    @Test
    void aHeartbeatWithoutASessionIsGone() {
        assertThat(refusal(() -> registry.beat())).isEqualTo(ProblemType.SESSION_EXPIRED);
        assertThat(refusal(() -> registry.sessions.heartbeat(HostId.random(), IDLE, List.of(), false, null)))
                .isEqualTo(ProblemType.NOT_FOUND);
    }

    @Test
    void aRestartGivesEverySessionAFullLease() {
        registry.sessions.open(host.id(), GOOD, null);
        clock.pass(Duration.ofHours(1));
        registry = new Registry(POLICY);
        registry.leases.restore();

        registry.run(Duration.ofMillis(7_500));
        assertThat(state()).isEqualTo(HostLifeState.READY);
        registry.beat();
        registry.run(Duration.ofSeconds(20));
        assertThat(state()).isEqualTo(HostLifeState.OFFLINE);
    }

    @Test
    void aHeartbeatAtAnInstanceThatDoesNotKnowTheSessionIsAccepted() {
        registry.sessions.open(host.id(), GOOD, null);
        Registry other = new Registry(POLICY);

        assertThat(other.beat().drain()).isFalse();
        assertThat(other.tracker.size()).isEqualTo(1);
    }

    @Test
    void aHostJudgedUnhealthyByAnInstanceThatHeardLessIsReadyWithItsNextHeartbeat() {
        Registry other = new Registry(POLICY);
        registry.sessions.open(host.id(), GOOD, null);
        other.leases.heard(host.id(), 2, HostLifeState.READY);
        // The other instance hears nothing and judges; this one is told by the event.
        other.run(Duration.ofSeconds(9));
        assertThat(state()).isEqualTo(HostLifeState.UNHEALTHY);
        registry.leases.heard(host.id(), 3, HostLifeState.UNHEALTHY);

        registry.beat();
        assertThat(state()).isEqualTo(HostLifeState.READY);
    }

    @Test
    void anEventOfAnOlderStateThatComesLateChangesNothing() {
        registry.sessions.open(host.id(), GOOD, null);
        registry.leases.heard(host.id(), 1, HostLifeState.OFFLINE);

        assertThat(registry.beat()).isNotNull();
    }

    @Test
    void aBlacklistedHostIsRefusedAtOnceAndTheActionIsRecorded() {
        registry.sessions.open(host.id(), GOOD, null);
        registry.control.act(host.id(), OperatorAction.BLACKLIST, "cheats", "key:a");

        assertThat(refusal(() -> registry.beat())).isEqualTo(ProblemType.BLACKLISTED);
        assertThat(refusal(() -> registry.sessions.open(host.id(), GOOD, null))).isEqualTo(ProblemType.BLACKLISTED);
        assertThat(audit.entries).containsExactly("key:a host.blacklist host:" + host.id() + " {reason=cheats}");

        registry.control.act(host.id(), OperatorAction.BLACKLIST, "again", "key:a");
        assertThat(audit.entries).as("nothing changed, nothing recorded").hasSize(1);
    }

    @Test
    void blacklistingNeedsAReason() {
        assertThat(refusal(() -> registry.control.act(host.id(), OperatorAction.BLACKLIST, " ", "key:a")))
                .isEqualTo(ProblemType.INVALID_VALUE);
        assertThat(refusal(() -> registry.control.act(host.id(), OperatorAction.BLACKLIST, "x".repeat(257), "key:a")))
                .isEqualTo(ProblemType.INVALID_VALUE);
    }

    @Test
    void aDrainedHostIsToldAndADrainingHostThatFallsSilentIsOffline() {
        registry.sessions.open(host.id(), GOOD, null);
        registry.control.act(host.id(), OperatorAction.DRAIN, "", "key:a");
        assertThat(registry.beat().drain()).isTrue();
        registry.run(Duration.ofSeconds(16));
        assertThat(state()).isEqualTo(HostLifeState.OFFLINE);
    }

    @Test
    void aHeartbeatTellsWhatTheHostShouldBeServing() {
        registry.sessions.open(host.id(), GOOD, null);
        assignments.changed(MapName.of("prt_fild08"), Epoch.of(7), Owner.host(host.id()));

        assertThat(registry.beat().assignments())
                .containsExactly(new DesiredAssignments.Desired(MapName.of("prt_fild08"), Epoch.of(7)));
    }

    @Test
    void aMachineBelowTheMinimumDoesNotJoinAndKeepsItsState() {
        assertThatThrownBy(() -> registry.sessions.open(host.id(), new Capability(2, 4, 4, 100, 5, "", ""), null))
                .isInstanceOfSatisfying(Refused.class, r -> {
                    assertThat(r.type()).isEqualTo(ProblemType.BELOW_MINIMUM);
                    assertThat(r.detail()).contains("cpuGhz: 2.0 (expected: >= 3.0)", "ramGb: 4.0");
                });
        assertThat(state()).isEqualTo(HostLifeState.ENROLLED);
        assertThat(registry.tracker.size()).isZero();
    }

    @Test
    void aHostBeyondTheLimitIsToldToComeBackAndChangesNothing() {
        Registry full = new Registry(new LeasePolicy(
                POLICY.duration(),
                POLICY.heartbeatInterval(),
                POLICY.unhealthyAfter(),
                POLICY.tick(),
                POLICY.maxSlip(),
                1));
        full.sessions.open(host.id(), GOOD, null);
        Host second = anEnrolledHost();
        hosts.add(second);

        assertThat(refusal(() -> full.sessions.open(second.id(), GOOD, null))).isEqualTo(ProblemType.UNAVAILABLE);
        assertThat(hosts.byId(second.id()).orElseThrow().state()).isEqualTo(HostLifeState.ENROLLED);
        assertThat(full.sessions.open(host.id(), GOOD, null))
                .as("who is in stays in")
                .isNotNull();
    }

    @Test
    void withoutRequirementsNobodyJoins() {
        requirements = Optional.empty();
        assertThat(refusal(() -> registry.sessions.open(host.id(), GOOD, null))).isEqualTo(ProblemType.UNAVAILABLE);
    }

    @Test
    void loadsArePublishedOncePerIntervalWithTheHostsVersion() {
        registry.sessions.open(host.id(), GOOD, null);
        registry.beat();
        registry.leases.publishLoads();
        registry.beat();
        registry.leases.publishLoads();

        assertThat(events).containsExactly("READY@2", "heartbeat", "READY@3", "heartbeat");
        assertThat(hosts.byId(host.id()).orElseThrow().load()).isEqualTo(IDLE);
    }

    @Test
    void aLeaseOfAHostThatIsNoLongerInTheTableIsForgotten() {
        registry.tracker.track(HostId.random());
        registry.run(Duration.ofSeconds(20));
        assertThat(registry.tracker.size()).isZero();
    }

    @Test
    void leavingEndsTheLease() {
        registry.sessions.open(host.id(), GOOD, null);
        registry.sessions.close(host.id(), null);
        registry.sessions.close(host.id(), null);

        assertThat(events).containsExactly("READY@2", "OFFLINE@3");
        assertThat(registry.tracker.size()).isZero();
    }

    @Test
    void oneOfTwoAgentsWithOneKeyHasTheSessionAndTheOtherIsToldSo() {
        registry.sessions.open(host.id(), GOOD, FIRST);
        registry.beat(FIRST);
        registry.sessions.open(host.id(), GOOD, SECOND);

        assertThat(refusal(() -> registry.beat(FIRST))).isEqualTo(ProblemType.SESSION_TAKEN);
        registry.beat(SECOND);
        registry.sessions.close(host.id(), FIRST);
        assertThat(state()).as("the first one's goodbye").isEqualTo(HostLifeState.READY);
        registry.sessions.close(host.id(), SECOND);
        assertThat(state()).isEqualTo(HostLifeState.OFFLINE);
        assertThat(refusal(() -> registry.beat(FIRST))).isEqualTo(ProblemType.SESSION_EXPIRED);
    }

    @Test
    void aTakenSessionsHeartbeatsDoNotKeepTheLease() {
        registry.sessions.open(host.id(), GOOD, FIRST);
        registry.sessions.open(host.id(), GOOD, SECOND);
        for (int i = 0; i < 16; i++) {
            registry.run(Duration.ofSeconds(1));
            assertThat(refusal(() -> registry.beat(FIRST)))
                    .isIn(ProblemType.SESSION_TAKEN, ProblemType.SESSION_EXPIRED);
        }
        assertThat(state()).isEqualTo(HostLifeState.OFFLINE);
    }

    @Test
    void aSessionThatBeganAtAnotherInstanceIsLookedUpOnce() {
        Registry other = new Registry(POLICY);
        registry.sessions.open(host.id(), GOOD, FIRST);
        other.sessions.open(host.id(), GOOD, SECOND);
        // Nothing was heard here of that yet: the table decides.
        registry.beat(SECOND);
        assertThat(refusal(() -> registry.beat(FIRST))).isEqualTo(ProblemType.SESSION_TAKEN);

        Host newest = hosts.byId(host.id()).orElseThrow();
        registry.leases.heard(host.id(), newest.version(), newest.state());
        int before = hosts.calls.get();
        for (int i = 0; i < 100; i++) {
            registry.beat(SECOND);
        }
        assertThat(hosts.calls.get()).isEqualTo(before);
    }

    @Test
    void anAgentThatDoesNotSayWhichItIsIsHeard() {
        registry.sessions.open(host.id(), GOOD, null);
        registry.beat(FIRST);
        registry.sessions.open(host.id(), GOOD, FIRST);
        registry.beat();
    }

    @Test
    void whoUnenrolsLeavesFirstAndIsThenUnknown() {
        registry.sessions.open(host.id(), GOOD, null);
        registry.sessions.unenrol(host.id(), "host:" + host.id());

        assertThat(events.getLast()).startsWith("OFFLINE@");
        assertThat(hosts.byId(host.id())).isEmpty();
        assertThat(registry.tracker.remaining(host.id())).isEmpty();
        assertThat(audit.entries).anyMatch(entry -> entry.contains("host.unenrol"));
        assertThatThrownBy(() -> registry.sessions.open(host.id(), GOOD, null)).isInstanceOf(Refused.class);
        // The answer may have been lost.
        registry.sessions.unenrol(host.id(), "host:" + host.id());
    }

    @Test
    void aBanOutlivesUnenrolling() {
        registry.control.act(host.id(), OperatorAction.BLACKLIST, "cheats", "key:a");

        assertThatThrownBy(() -> registry.sessions.unenrol(host.id(), "host:" + host.id()))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.type()).isEqualTo(ProblemType.BLACKLISTED));
        assertThat(hosts.byId(host.id())).isPresent();
    }
}
