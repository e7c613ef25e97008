package io.p2phost.dbproxy.charlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.hosts.HostIndex;
import io.p2phost.dbproxy.ownership.InMemoryMapOwners;
import io.p2phost.dbproxy.ownership.OwnerChange;
import io.p2phost.links.CloseReason;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.charlink.CharLinkServer;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a lost link means, without a network. */
class CharLinksTest {
    private static final MapName MAP = MapName.of("prt_fild08");
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final HostId host = HostId.random();
    private final InMemoryMapOwners owners = new InMemoryMapOwners();
    private final HostIndex hosts = new HostIndex(asked -> Optional.empty());
    private final List<HostId> reported = new CopyOnWriteArrayList<>();
    private final List<HostId> decided = new CopyOnWriteArrayList<>();
    private volatile LossReports.Outcome assignment = LossReports.Outcome.TAKEN;
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile CountDownLatch answers = new CountDownLatch(0);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LinkTransport transport = LinkTransport.start("links", 1);
    private final LinkAudit audit = new LinkAudit(event -> {}, System::nanoTime, new SimpleMeterRegistry());
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final CharLinks links = new CharLinks(
            new CharLinks.Parts(
                    new CharLinkServer.Options(
                            LinkSettings.defaults(), new AddressLimits.Rules(10, 10, 10, 10, 10), 10, GRACE),
                    RotatingTls.accepting(TlsProvider.JDK),
                    transport,
                    new Admission(owners, hosts),
                    hello -> {
                        throw new AssertionError("nobody connects");
                    },
                    new RecordingMetrics()),
            owners,
            hosts,
            (lost, observedAt) -> {
                asked.countDown();
                awaitAnswer();
                reported.add(lost);
                return assignment;
            },
            (lost, map, epoch) -> decided.add(lost),
            audit,
            () -> now,
            new CharLinks.Policy(
                    GRACE,
                    Duration.ofSeconds(12),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(1)),
            meters);

    @AfterEach
    void close() {
        links.close();
        audit.close();
        transport.close();
    }

    private void awaitAnswer() {
        try {
            answers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CharLinkHello owned() {
        owners.compareAndSet(new OwnerChange(MAP, Epoch.NONE, Owner.host(host), false, "TEST", "test"));
        return new CharLinkHello(host, MAP, Epoch.of(1), CellRole.PRIMARY);
    }

    @Test
    void linkThatBreaksHasTheGraceToComeBack() {
        links.closed(owned(), CloseReason.PEER_CLOSED);
        now = now.plus(GRACE).minusMillis(1);
        links.look();
        assertThat(reported).isEmpty();

        now = now.plusMillis(1);
        links.look();
        await().until(() -> reported.equals(List.of(host)));
    }

    @Test
    void mapOfALostHostIsDecidedHereWhenAssignmentCannotBeTold() {
        assignment = LossReports.Outcome.AWAY;
        links.closed(owned(), CloseReason.PEER_ENDED);
        now = now.plusSeconds(4);
        lookUntil(() -> !reported.isEmpty());
        assertThat(decided).as("it may be back in a moment").isEmpty();

        now = now.plusSeconds(1);
        lookUntil(() -> !decided.isEmpty());
        assertThat(decided).containsOnly(host);
        int before = decided.size();
        owners.compareAndSet(new OwnerChange(MAP, Epoch.of(1), null, false, "UNATTENDED", "db-proxy"));
        lookUntil(this::isNothingReported);
        assertThat(decided.size()).as("it has another owner").isBetween(before, before + 1);
    }

    @Test
    void hostThatIsBackBeforeAssignmentHasFailedToAnswerKeepsItsMap() throws Exception {
        assignment = LossReports.Outcome.AWAY;
        answers = new CountDownLatch(1);
        CharLinkHello hello = owned();
        links.closed(hello, CloseReason.PEER_ENDED);
        now = now.plusSeconds(4);
        links.look();
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        now = now.plusSeconds(4);
        links.accepted(hello);
        answers.countDown();
        await().until(() -> reported.contains(host));
        lookUntil(this::isNothingReported);
        assertThat(decided).isEmpty();
    }

    @Test
    void nothingIsDecidedHereWhenAssignmentAnswersThatItDoesNotWantIt() {
        assignment = LossReports.Outcome.REFUSED;
        links.closed(owned(), CloseReason.PEER_ENDED);
        now = now.plusSeconds(40);
        lookUntil(() -> reported.size() >= 3);
        assertThat(decided).isEmpty();
    }

    @Test
    void ownerThatDoesNotComeToANewInstanceIsLost() {
        owned();
        links.expectOwners();
        now = now.plusSeconds(14);
        links.look();
        assertThat(meters.get("p2p_dbproxy_char_link_losses_pending").gauge().value())
                .isEqualTo(1);
        assertThat(reported).as("hosts need a while to come").isEmpty();
        now = now.plusSeconds(1);
        lookUntil(() -> reported.equals(List.of(host)));
    }

    @Test
    void lossOfAStandbyThatBecomesTheOwnerIsTheOwners() {
        assignment = LossReports.Outcome.AWAY;
        links.closed(new CharLinkHello(host, MAP, Epoch.NONE, CellRole.STANDBY), CloseReason.PEER_CLOSED);
        owned();
        links.fence(owners.find(MAP).orElseThrow());
        now = now.plusSeconds(5);
        lookUntil(() -> decided.contains(host));
    }

    @Test
    void nothingIsDecidedHereWhenAssignmentTakesIt() {
        links.closed(owned(), CloseReason.PEER_ENDED);
        now = now.plusSeconds(40);
        lookUntil(() -> !reported.isEmpty());
        lookUntil(this::isNothingReported);
        assertThat(decided).isEmpty();
    }

    @Test
    void whenMostHostsAreLostAtOnceTheFaultIsLookedForHereFirst() {
        assignment = LossReports.Outcome.AWAY;
        List<HostId> lost = new ArrayList<>();
        for (int i = 0; i < CharLinks.MANY; i++) {
            HostId one = HostId.random();
            MapName map = MapName.of("moc_fild0" + i);
            owners.compareAndSet(new OwnerChange(map, Epoch.NONE, Owner.host(one), false, "TEST", "test"));
            links.closed(new CharLinkHello(one, map, Epoch.of(1), CellRole.PRIMARY), CloseReason.SILENT);
            lost.add(one);
        }
        now = now.plusSeconds(20);
        lookUntil(() -> reported.containsAll(lost));
        assertThat(decided).isEmpty();

        now = now.plusSeconds(10);
        lookUntil(() -> decided.containsAll(lost));
    }

    private void lookUntil(BooleanSupplier there) {
        await().until(() -> {
            links.look();
            return there.getAsBoolean();
        });
    }

    /** Two looks report nothing. */
    private boolean isNothingReported() {
        reported.clear();
        links.look();
        return reported.isEmpty()
                && meters.get("p2p_dbproxy_char_link_losses_pending").gauge().value() == 0;
    }

    @ParameterizedTest
    @EnumSource(
            value = CloseReason.class,
            names = {"SILENT", "GOING_AWAY"})
    void nobodyWaitsForOneWhoWasSilentForAsLongOrSaysThatHeGoes(CloseReason reason) {
        links.closed(owned(), reason);
        links.look();
        await().until(() -> reported.equals(List.of(host)));
    }

    @ParameterizedTest
    @EnumSource(
            value = CloseReason.class,
            names = {"FENCED", "REPLACED", "CUT", "REFUSED", "SHUTDOWN"})
    void linkThatWasEndedHereIsNoLoss(CloseReason reason) {
        CharLinkHello hello = owned();
        links.closed(hello, reason);
        now = now.plus(GRACE);
        links.look();

        HostId other = HostId.random();
        owners.compareAndSet(new OwnerChange(MAP, Epoch.of(1), Owner.host(other), false, "TEST", "test"));
        List<CharLinkHello> both = new ArrayList<>(List.of(hello));
        both.add(new CharLinkHello(other, MAP, Epoch.of(2), CellRole.PRIMARY));
        both.forEach(each -> links.closed(each, CloseReason.GOING_AWAY));
        links.look();
        await().until(() -> !reported.isEmpty());
        assertThat(reported).as("who owns nothing any more is no loss either").containsExactly(other);
    }
}
