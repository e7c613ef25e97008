package io.p2phost.registry.host;

import static io.p2phost.registry.host.Lapse.Kind.EXPIRED;
import static io.p2phost.registry.host.Lapse.Kind.MISSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.HostId;
import io.p2phost.registry.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeaseTrackerTest {
    private static final int ALL = Integer.MAX_VALUE;
    private static final LeasePolicy POLICY = LeasePolicy.standard();

    private final MutableClock clock = new MutableClock();
    private final LeaseTracker tracker = new LeaseTracker(POLICY, clock::nanos);
    private final HostId host = HostId.random();

    /** Lets time pass in ticks, as a loop that is on time does, and collects what lapsed. */
    private List<Lapse> run(Duration duration) {
        List<Lapse> lapses = new ArrayList<>();
        for (long ticks = duration.dividedBy(POLICY.tick()); ticks > 0; ticks--) {
            clock.pass(POLICY.tick());
            lapses.addAll(tracker.check(ALL));
        }
        return lapses;
    }

    @Test
    void aSilentHostIsFirstMissedThenExpired() {
        tracker.track(host);

        assertThat(run(Duration.ofMillis(7_750))).isEmpty();
        assertThat(run(Duration.ofMillis(500))).extracting(Lapse::kind).containsExactly(MISSED);
        assertThat(run(Duration.ofMillis(6_500))).isEmpty();
        assertThat(run(Duration.ofMillis(750))).extracting(Lapse::kind).containsExactly(EXPIRED);
    }

    @Test
    void aHostThatIsHeardEveryFiveSecondsNeverLapses() {
        tracker.track(host);

        for (int i = 0; i < 100; i++) {
            assertThat(run(Duration.ofSeconds(5))).isEmpty();
            assertThat(tracker.renew(host)).isEqualTo(LeaseTracker.Renewal.RENEWED);
        }
    }

    @Test
    void aLeaseIsFoundNoLaterThanTwoTicksAfterItsEnd() {
        tracker.track(host);
        run(Duration.ofSeconds(16));

        assertThat(tracker.lag()).isLessThanOrEqualTo(POLICY.tick().multipliedBy(2));
    }

    @Test
    void aMissedHostThatIsHeardAgainHasRecoveredAndRunsAFullLease() {
        tracker.track(host);
        run(Duration.ofSeconds(9));

        assertThat(tracker.renew(host)).isEqualTo(LeaseTracker.Renewal.RECOVERED);
        assertThat(tracker.renew(host)).isEqualTo(LeaseTracker.Renewal.RENEWED);
        assertThat(tracker.remaining(host)).contains(POLICY.duration());
        assertThat(run(Duration.ofMillis(7_750))).isEmpty();
        assertThat(run(Duration.ofSeconds(1))).extracting(Lapse::kind).containsExactly(MISSED);
    }

    @Test
    void aLapseIsVoidOnceTheHostIsHeardAgain() {
        tracker.track(host);
        Lapse missed = run(Duration.ofSeconds(9)).getFirst();

        assertThat(tracker.stillLapsed(missed)).isTrue();
        tracker.renew(host);
        assertThat(tracker.stillLapsed(missed)).isFalse();
    }

    @Test
    void anExpiryThatWasNotWrittenDownIsReportedAgain() {
        tracker.track(host);
        run(Duration.ofSeconds(16));

        assertThat(run(Duration.ofSeconds(3))).extracting(Lapse::kind).containsExactly(EXPIRED);
        tracker.forget(host);
        assertThat(run(Duration.ofSeconds(30))).isEmpty();
        assertThat(tracker.remaining(host)).isEmpty();
    }

    @Test
    void aSlipOfOurOwnRearmsEveryLeaseByTheSlip() {
        tracker.track(host);
        run(Duration.ofSeconds(5));

        clock.pass(Duration.ofMinutes(1));
        assertThat(tracker.check(ALL)).as("we were stopped for a minute").isEmpty();

        assertThat(tracker.slips()).isEqualTo(1);
        assertThat(tracker.remaining(host).orElseThrow())
                .isBetween(Duration.ofMillis(9_500), Duration.ofMillis(10_500));
        assertThat(run(Duration.ofMillis(2_500))).isEmpty();
        assertThat(run(Duration.ofSeconds(1))).extracting(Lapse::kind).containsExactly(MISSED);
    }

    @Test
    void aDelayThatIsNoSlipCountsAsSilence() {
        tracker.track(host);
        run(Duration.ofMillis(7_750));
        clock.pass(Duration.ofMillis(600));

        assertThat(tracker.check(ALL)).as("350 ms late is on time enough").hasSize(1);
        assertThat(tracker.slips()).isZero();
    }

    @Test
    void silenceCountsOnlyAfterTwoChecksInTime() {
        run(Duration.ofSeconds(1));
        tracker.track(host);
        run(Duration.ofMillis(7_750));
        clock.pass(Duration.ofSeconds(2));
        assertThat(tracker.check(ALL)).isEmpty();
        clock.pass(POLICY.tick());
        assertThat(tracker.check(ALL)).as("the first check in time").isEmpty();
        clock.pass(POLICY.tick());
        assertThat(tracker.check(ALL)).as("the second one").hasSize(1);
    }

    @Test
    void nothingLapsesWhileTheInputIsInterruptedAndAfterwardsEveryLeaseRunsItsFullLength() {
        tracker.track(host);
        run(Duration.ofSeconds(7));
        tracker.suspend();
        assertThat(run(Duration.ofMinutes(10))).isEmpty();

        tracker.resume();
        assertThat(tracker.remaining(host)).contains(POLICY.duration());
        assertThat(run(Duration.ofMillis(7_750))).isEmpty();
        assertThat(run(Duration.ofMillis(500))).extracting(Lapse::kind).containsExactly(MISSED);
        assertThat(run(Duration.ofSeconds(7))).extracting(Lapse::kind).containsExactly(EXPIRED);
    }

    @Test
    void aLapseFoundBeforeAnInterruptionIsVoidDuringAndAfterIt() {
        tracker.track(host);
        Lapse missed = run(Duration.ofSeconds(9)).getFirst();

        tracker.suspend();
        assertThat(tracker.stillLapsed(missed)).isFalse();
        tracker.resume();
        assertThat(tracker.stillLapsed(missed)).isFalse();
    }

    @Test
    void aHeartbeatHeardLateRenewsFromWhenItWasSent() {
        tracker.track(host);
        run(Duration.ofSeconds(6));

        assertThat(tracker.renew(host, Duration.ofSeconds(2))).isEqualTo(LeaseTracker.Renewal.RENEWED);
        assertThat(tracker.remaining(host)).contains(Duration.ofSeconds(13));
        assertThat(tracker.renew(host, Duration.ofSeconds(5))).isEqualTo(LeaseTracker.Renewal.RENEWED);
        assertThat(tracker.remaining(host)).as("older news changes nothing").contains(Duration.ofSeconds(13));
    }

    @Test
    void aHeartbeatOlderThanTheSilenceThatWasReportedChangesNothing() {
        tracker.track(host);
        Lapse missed = run(Duration.ofSeconds(9)).getFirst();

        assertThat(tracker.renew(host, Duration.ofSeconds(10))).isEqualTo(LeaseTracker.Renewal.LATE);
        assertThat(tracker.stillLapsed(missed)).isTrue();
    }

    @Test
    void anUnknownHostHasNoLeaseToRenew() {
        assertThat(tracker.renew(host)).isEqualTo(LeaseTracker.Renewal.UNKNOWN);
    }

    @Test
    void noMoreHostsAreTrackedThanAllowed() {
        LeaseTracker small = new LeaseTracker(
                new LeasePolicy(
                        POLICY.duration(),
                        POLICY.heartbeatInterval(),
                        POLICY.unhealthyAfter(),
                        POLICY.tick(),
                        POLICY.maxSlip(),
                        2),
                clock::nanos);

        assertThat(small.track(HostId.random())).isTrue();
        assertThat(small.track(host)).isTrue();
        assertThat(small.hasRoomFor(HostId.random())).isFalse();
        assertThat(small.track(HostId.random())).isFalse();
        assertThat(small.hasRoomFor(host)).isTrue();
        assertThat(small.track(host)).as("one that is tracked already").isTrue();
        assertThat(small.size()).isEqualTo(2);
    }

    @Test
    void noMoreLapsesAreGivenThanTheCallerCanTakeAndNoneIsLost() {
        for (int i = 0; i < 100; i++) {
            tracker.track(HostId.random());
        }
        run(Duration.ofMillis(7_750));
        List<Lapse> lapses = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            clock.pass(POLICY.tick());
            List<Lapse> some = tracker.check(10);
            assertThat(some.size()).isLessThanOrEqualTo(10);
            lapses.addAll(some);
        }

        assertThat(lapses).hasSize(100).extracting(Lapse::host).doesNotHaveDuplicates();
    }

    @Test
    void fiftyThousandExpiriesAreFoundInOneCheck() {
        for (int i = 0; i < 50_000; i++) {
            tracker.track(HostId.random());
        }
        run(Duration.ofSeconds(14));
        long expired = 0;
        for (int i = 0; i < 8; i++) {
            clock.pass(POLICY.tick());
            expired +=
                    tracker.check(ALL).stream().filter(l -> l.kind() == EXPIRED).count();
        }

        assertThat(expired).isEqualTo(50_000);
    }

    /** A simple model beside the wheel: whatever happens, a host lapses exactly when its silence is long enough. */
    @Test
    void theWheelAgreesWithAPlainListUnderRandomUse() {
        Random random = new Random(42);
        List<HostId> hosts = new ArrayList<>();
        Map<HostId, Long> heard = new HashMap<>();
        Map<HostId, Lapse.Kind> reported = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            hosts.add(HostId.random());
        }
        run(Duration.ofSeconds(1));
        for (int step = 0; step < 4_000; step++) {
            HostId any = hosts.get(random.nextInt(hosts.size()));
            switch (random.nextInt(8)) {
                case 0 -> {
                    tracker.track(any);
                    heard.put(any, clock.nanos());
                    reported.remove(any);
                }
                case 1 -> {
                    if (random.nextInt(10) == 0) {
                        tracker.forget(any);
                        heard.remove(any);
                        reported.remove(any);
                    }
                }
                default -> {
                    boolean known = heard.containsKey(any);
                    assertThat(tracker.renew(any) != LeaseTracker.Renewal.UNKNOWN)
                            .isEqualTo(known);
                    if (known) {
                        heard.put(any, clock.nanos());
                        reported.remove(any);
                    }
                }
            }
            if (step % 3 == 0) {
                for (Lapse lapse : run(POLICY.tick())) {
                    long silence = clock.nanos() - heard.get(lapse.host());
                    assertThat(silence)
                            .isGreaterThanOrEqualTo(
                                    (lapse.kind() == MISSED ? POLICY.unhealthyAfter() : POLICY.duration()).toNanos());
                    reported.put(lapse.host(), lapse.kind());
                }
                heard.forEach((id, at) -> {
                    long late = clock.nanos() - at - 3 * POLICY.tick().toNanos();
                    if (late > POLICY.duration().toNanos()) {
                        assertThat(reported.get(id)).isEqualTo(EXPIRED);
                    } else if (late > POLICY.unhealthyAfter().toNanos()) {
                        assertThat(reported.get(id)).isNotNull();
                    }
                });
            }
        }
        assertThat(reported).as("the walk met silence").isNotEmpty();
    }
}
