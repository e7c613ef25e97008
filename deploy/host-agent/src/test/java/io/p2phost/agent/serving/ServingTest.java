package io.p2phost.agent.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.agent.Backoff;
import io.p2phost.agent.MutableTime;
import io.p2phost.agent.gateway.Messages.DesiredAssignment;
import io.p2phost.agent.home.HeldAssignments;
import io.p2phost.agent.serving.FakeLinks.Link;
import io.p2phost.agent.serving.MapStatus.Phase;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingTest {
    private static final MapName MAP = MapName.of("prt_fild08");
    private static final MapName OTHER = MapName.of("pay_fild01");

    @TempDir
    Path directory;

    private final FakeLinks links = new FakeLinks();
    private final MutableTime time = new MutableTime();
    private final AtomicInteger probes = new AtomicInteger();
    private volatile boolean serverDown;
    private volatile Optional<String> objection = Optional.empty();
    private Serving serving;

    @BeforeEach
    void start() {
        serving = newServing();
        serving.resume();
    }

    private Serving newServing() {
        return new Serving(
                List.of(new LocalServer(MAP, "127.0.0.1", 5121)),
                new Serving.Ports(
                        store(),
                        links,
                        links,
                        server -> {
                            probes.incrementAndGet();
                            if (serverDown) {
                                throw new IOException("Connection refused");
                            }
                        },
                        () -> objection,
                        () -> new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1)),
                        time));
    }

    private HeldAssignments store() {
        return new HeldAssignments(directory.resolve("assignments.json"));
    }

    @AfterEach
    void stop() {
        serving.suspend("test over");
    }

    @Test
    void assignedMapGetsACharLinkAndIsReportedReady() {
        serving.assign(MAP, Epoch.of(3));
        awaitReady(3);
        assertThat(links.links).singleElement().satisfies(link -> {
            assertThat(link.map).isEqualTo(MAP);
            assertThat(link.epoch).isEqualTo(Epoch.of(3));
        });
        assertThat(serving.target(MAP, Epoch.of(3))).map(LocalServer::port).contains(5121);
        assertThat(serving.target(MAP, Epoch.of(2))).isEmpty();
        assertThat(serving.served())
                .singleElement()
                .satisfies(map -> assertThat(map.players()).isEqualTo(2));
        assertThat(store().read()).containsExactlyEntriesOf(Map.of(MAP, Epoch.of(3)));
    }

    @Test
    void mapIsNotReadyBeforeItsMapServerIsLoggedIn() {
        links.serversLogIn = false;
        serving.assign(MAP, Epoch.of(3));
        awaitLogin();
        serving.tunnelUp();
        assertThat(links.readiness).isEmpty();
        assertThat(serving.target(MAP, Epoch.of(3))).isEmpty();
        assertThat(serving.served()).isEmpty();
        links.links.getFirst().serverLogsIn();
        awaitReady(3);
    }

    @Test
    void mapThatIsNotServedHereIsRefusedWithTheReason() {
        serving.assign(OTHER, Epoch.of(1));
        assertThat(links.readiness).containsExactly("pay_fild01:1:false:not named by --serve here");
        assertThat(serving.target(OTHER, Epoch.of(1))).isEmpty();
    }

    @Test
    void deadMapServerIsReportedAndServedOnceItAnswers() {
        serverDown = true;
        serving.assign(MAP, Epoch.of(1));
        await().untilAsserted(() -> assertThat(links.readiness)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("prt_fild08:1:false:the map-server at 127.0.0.1:5121 does not answer")));
        serverDown = false;
        awaitReady(1);
    }

    @Test
    void playersOwnLoadLimitKeepsAFurtherMapAway() {
        objection = Optional.of("cpu load is 91.0 %, above this player's cpu_limit 80");
        serving.assign(MAP, Epoch.of(1));
        await().untilAsserted(() -> assertThat(links.readiness)
                .contains("prt_fild08:1:false:cpu load is 91.0 %, above this player's cpu_limit 80"));
        objection = Optional.empty();
        awaitReady(1);
    }

    @Test
    void absentDbProxyIsTriedAgainUntilItAnswers() {
        links.dbProxyDown = true;
        serving.assign(MAP, Epoch.of(1));
        await().untilAsserted(() ->
                assertThat(links.readiness).contains("prt_fild08:1:false:no char link: connection refused"));
        links.dbProxyDown = false;
        awaitReady(1);
    }

    @Test
    void lostCharLinkIsDialledAgainWhilePlayersStay() {
        serving.assign(MAP, Epoch.of(1));
        awaitReady(1);
        links.dropped.clear();
        links.links.getFirst().lose();
        await().until(() -> links.links.size() == 2);
        assertThat(links.dropped).isEmpty();
        assertThat(serving.target(MAP, Epoch.of(1))).isPresent();
    }

    @Test
    void charLinkFencedLaterEndsTheMap() {
        serving.assign(MAP, Epoch.of(1));
        awaitReady(1);
        links.links.getFirst().fence(Epoch.of(2));
        await().untilAsserted(() -> assertThat(serving.status()).isEmpty());
        assertThat(links.dropped).contains(MAP);
        assertThat(serving.fences()).singleElement().satisfies(fence -> {
            assertThat(fence.epoch()).isEqualTo(Epoch.of(1));
            assertThat(fence.currentEpoch()).isEqualTo(Epoch.of(2));
        });
        assertThat(store().read()).isEmpty();
    }

    @Test
    void higherEpochReplacesALowerOne() {
        serving.assign(MAP, Epoch.of(1));
        awaitReady(1);
        Link old = links.links.getFirst();
        serving.assign(MAP, Epoch.of(4));
        awaitReady(4);
        assertThat(old.closed()).isTrue();
        assertThat(links.dropped).contains(MAP);
    }

    @Test
    void lowerEpochIsIgnored() {
        serving.assign(MAP, Epoch.of(4));
        awaitReady(4);
        serving.assign(MAP, Epoch.of(3));
        assertThat(serving.status())
                .singleElement()
                .satisfies(map -> assertThat(map.epoch()).isEqualTo(Epoch.of(4)));
    }

    @Test
    void repeatedAssignmentIsAnsweredWithReadyAgain() {
        serving.assign(MAP, Epoch.of(4));
        awaitReady(4);
        links.readiness.clear();
        serving.assign(MAP, Epoch.of(4));
        assertThat(links.readiness).containsExactly("prt_fild08:4:true");
        assertThat(links.links).hasSize(1);
    }

    @Test
    void fencedEpochNeverComesBackButALaterOneDoes() {
        serving.assign(MAP, Epoch.of(1));
        awaitReady(1);
        serving.fenced(MAP, Epoch.of(1), Epoch.of(3));
        serving.assign(MAP, Epoch.of(1));
        serving.assign(MAP, Epoch.of(2));
        serving.reconcile(List.of(new DesiredAssignment(MAP, Epoch.of(1), "PRIMARY")), time.nanos());
        assertThat(serving.status()).isEmpty();
        serving.assign(MAP, Epoch.of(3));
        awaitReady(3);
    }

    @Test
    void relayNamingAHigherEpochEndsWhatIsHeldBelowIt() {
        serving.assign(MAP, Epoch.of(5));
        awaitReady(5);
        serving.fencedBelow(MAP, Epoch.of(6));
        assertThat(serving.status()).isEmpty();
        assertThat(serving.fences())
                .singleElement()
                .satisfies(fence -> assertThat(fence.currentEpoch()).isEqualTo(Epoch.of(6)));
    }

    @Test
    void fenceOfAnOlderEpochDoesNotTouchTheNewOne() {
        serving.assign(MAP, Epoch.of(5));
        awaitReady(5);
        serving.fenced(MAP, Epoch.of(2), Epoch.of(5));
        serving.fencedBelow(MAP, Epoch.of(5));
        assertThat(serving.target(MAP, Epoch.of(5))).isPresent();
        assertThat(serving.fences()).isEmpty();
    }

    @Test
    void heldMapsAreOfferedAfterARestartWithTheirOldEpochAndRefused() {
        serving.assign(MAP, Epoch.of(1));
        awaitReady(1);
        serving.suspend("restart");
        links.current.put(MAP, Epoch.of(3));

        serving = newServing();
        assertThat(serving.status()).singleElement().satisfies(map -> {
            assertThat(map.epoch()).isEqualTo(Epoch.of(1));
            assertThat(map.phase()).isEqualTo(Phase.HELD);
        });
        serving.resume();
        await().untilAsserted(() -> assertThat(serving.fences()).singleElement().satisfies(fence -> {
            assertThat(fence.map()).isEqualTo(MAP);
            assertThat(fence.epoch()).isEqualTo(Epoch.of(1));
            assertThat(fence.currentEpoch()).isEqualTo(Epoch.of(3));
        }));
        assertThat(store().read()).isEmpty();
        assertThat(serving.served()).isEmpty();
    }

    @Test
    void tornAssignmentsFileIsStartedWithout() throws IOException {
        Files.writeString(directory.resolve("assignments.json"), "{\"assignments\":[{\"map\":\"prt_fi");
        serving = newServing();
        assertThat(serving.status()).isEmpty();
    }

    @Test
    void mapMissingFromOneAnswerIsKeptAndFromTwoIsDropped() {
        serving.assign(MAP, Epoch.of(1));
        awaitReady(1);
        time.pass(Duration.ofSeconds(1));
        serving.reconcile(List.of(), time.nanos());
        assertThat(serving.status()).hasSize(1);
        serving.reconcile(List.of(), time.nanos());
        assertThat(serving.status()).isEmpty();
        assertThat(links.links.getFirst().closed()).isTrue();
    }

    @Test
    void answerToAHeartbeatSentBeforeTheAssignmentDoesNotCount() {
        long sentBefore = time.nanos();
        time.pass(Duration.ofMillis(1));
        serving.assign(MAP, Epoch.of(1));
        serving.reconcile(List.of(), sentBefore);
        serving.reconcile(List.of(), sentBefore);
        assertThat(serving.status()).hasSize(1);
    }

    @Test
    void heartbeatAnswerRepairsAMissedAssignment() {
        serving.reconcile(List.of(new DesiredAssignment(MAP, Epoch.of(7), null)), time.nanos());
        awaitReady(7);
    }

    @Test
    void standbyIsConnectedAndClaimsNothing() {
        serving.standBy(MAP, Epoch.of(7));
        awaitPhase(Phase.STANDBY);
        assertThat(links.links).singleElement().satisfies(link -> {
            assertThat(link.role).isEqualTo(ClaimRole.STANDBY);
            assertThat(link.epoch).isEqualTo(Epoch.of(7));
        });
        serving.tunnelUp();
        assertThat(links.readiness).as("whoever claims another's map is fenced").isEmpty();
        assertThat(serving.served()).isEmpty();
        assertThat(serving.target(MAP, Epoch.of(7))).isEmpty();
        assertThat(store().read()).as("a lease does not outlive the process").isEmpty();
    }

    @Test
    void standbyWhoseMapServerIsNotLoggedInServesOverTheSameLinkOnceItIs() {
        links.serversLogIn = false;
        serving.standBy(MAP, Epoch.of(7));
        awaitLogin();
        serving.assign(MAP, Epoch.of(8));
        assertThat(links.readiness).isEmpty();
        links.links.getFirst().serverLogsIn();
        awaitReady(8);
        assertThat(links.links).hasSize(1);
        assertThat(serving.target(MAP, Epoch.of(8))).isPresent();
    }

    @Test
    void standbyWhoseHostBecomesTheOwnerServesAtOnceOverTheSameLink() {
        serving.standBy(MAP, Epoch.of(7));
        awaitPhase(Phase.STANDBY);
        serving.assign(MAP, Epoch.of(8));
        assertThat(links.readiness).containsExactly("prt_fild08:8:true");
        assertThat(serving.target(MAP, Epoch.of(8))).isPresent();
        assertThat(serving.served())
                .singleElement()
                .satisfies(map -> assertThat(map.epoch()).isEqualTo(Epoch.of(8)));
        assertThat(store().read()).containsExactlyEntriesOf(Map.of(MAP, Epoch.of(8)));
        assertThat(links.links)
                .singleElement()
                .satisfies(link -> assertThat(link.closed()).isFalse());

        // A further link claims the map itself.
        links.links.getFirst().lose();
        await().until(() -> links.links.size() == 2);
        assertThat(links.links.getLast().role).isEqualTo(ClaimRole.PRIMARY);
        assertThat(links.links.getLast().epoch).isEqualTo(Epoch.of(8));
    }

    @Test
    void standbyThatCouldNotConnectBeginsAnewAsTheOwner() {
        links.dbProxyDown = true;
        serving.standBy(MAP, Epoch.of(7));
        awaitPhase(Phase.NOT_READY);
        assertThat(links.readiness).as("nobody waits for a standby").isEmpty();
        serving.assign(MAP, Epoch.of(8));
        links.dbProxyDown = false;
        awaitReady(8);
        assertThat(links.links.getLast().role).isEqualTo(ClaimRole.PRIMARY);
    }

    @Test
    void promotedStandbyIsFencedLikeAnyOwner() {
        serving.standBy(MAP, Epoch.of(7));
        awaitPhase(Phase.STANDBY);
        serving.assign(MAP, Epoch.of(8));
        links.links.getFirst().fence(Epoch.of(9));
        await().untilAsserted(() -> assertThat(serving.status()).isEmpty());
        assertThat(serving.fences()).singleElement().satisfies(fence -> {
            assertThat(fence.epoch()).isEqualTo(Epoch.of(8));
            assertThat(fence.currentEpoch()).isEqualTo(Epoch.of(9));
        });
    }

    @Test
    void standbyThatNobodyAsksForIsLetGoAfterItsLeaseAndNotBefore() {
        serving.standBy(MAP, Epoch.of(7));
        awaitPhase(Phase.STANDBY);
        time.pass(Serving.STANDBY_LEASE);
        serving.standBy(MAP, Epoch.of(7));
        time.pass(Serving.STANDBY_LEASE);
        serving.reconcile(List.of(), time.nanos());
        serving.reconcile(List.of(), time.nanos());
        serving.expireStandbys();
        assertThat(serving.status()).hasSize(1);
        assertThat(links.links).as("renewed, not begun anew").hasSize(1);

        time.pass(Duration.ofMillis(1));
        serving.expireStandbys();

        assertThat(serving.status()).isEmpty();
        assertThat(links.links.getFirst().closed()).isTrue();
    }

    @Test
    void ownerIsNotMadeAStandbyNorIsAHostWithoutAServerForTheMap() {
        serving.assign(MAP, Epoch.of(7));
        awaitReady(7);
        serving.standBy(MAP, Epoch.of(7));
        serving.standBy(OTHER, Epoch.of(1));
        assertThat(serving.status())
                .singleElement()
                .satisfies(map -> assertThat(map.phase()).isEqualTo(Phase.READY));
    }

    @Test
    void whatIsSaidToOwnersDoesNotTouchAStandby() {
        serving.standBy(MAP, Epoch.of(7));
        awaitPhase(Phase.STANDBY);
        serving.fencedBelow(MAP, Epoch.of(9));
        serving.assign(MAP, Epoch.of(6));
        serving.standBy(MAP, Epoch.of(9));
        assertThat(serving.status()).singleElement().satisfies(map -> {
            assertThat(map.phase()).isEqualTo(Phase.STANDBY);
            assertThat(map.epoch()).isEqualTo(Epoch.of(9));
        });
        assertThat(links.links).hasSize(1);
    }

    @Test
    void standbysCountAgainstTheBound() {
        for (int i = 0; i < Serving.MAX_HELD; i++) {
            serving.assign(MapName.of("m" + i), Epoch.of(1));
        }
        serving.standBy(MAP, Epoch.of(1));
        assertThat(serving.status()).hasSize(Serving.MAX_HELD);
    }

    @Test
    void standbyIsNotTakenFromAHeartbeatsAnswer() {
        serving.reconcile(List.of(new DesiredAssignment(MAP, Epoch.of(7), "STANDBY")), time.nanos());
        assertThat(serving.status()).isEmpty();
    }

    @Test
    void suspendedAgentKeepsAssignmentsAndOffersThemAgain() {
        serving.assign(MAP, Epoch.of(1));
        awaitReady(1);
        serving.suspend("slip");
        assertThat(links.links.getFirst().closed()).isTrue();
        assertThat(links.suspensions).hasValue(1);
        assertThat(serving.target(MAP, Epoch.of(1))).isEmpty();
        assertThat(serving.served()).isEmpty();
        links.readiness.clear();
        serving.resume();
        awaitReady(1);
    }

    @Test
    void mapServerThatVanishesUnderPlayersIsReportedAndCheckedAgain() {
        serving.assign(MAP, Epoch.of(1));
        awaitReady(1);
        serverDown = true;
        serving.targetLost(MAP, Epoch.of(1));
        await().untilAsserted(() ->
                assertThat(links.readiness).contains("prt_fild08:1:false:the map-server stopped answering"));
        assertThat(links.dropped).contains(MAP);
        links.readiness.clear();
        serverDown = false;
        awaitReady(1);
    }

    @Test
    void mapServerThatDiesIsReportedAtOnceAndItsLinkEnds() {
        serving.assign(MAP, Epoch.of(1));
        awaitReady(1);
        links.readiness.clear();
        serverDown = true;
        links.links.getFirst().serverLeaves();
        await().untilAsserted(() -> assertThat(links.readiness)
                .contains("prt_fild08:1:false:the map-server at 127.0.0.1:5121 does not answer: Connection refused"));
        assertThat(links.links.getFirst().closed()).isTrue();
        assertThat(serving.target(MAP, Epoch.of(1))).isEmpty();
        serverDown = false;
        awaitReady(1);
        assertThat(links.links).hasSize(2);
    }

    @Test
    void mapServerThatHangsUpAndLivesKeepsItsLink() {
        serving.assign(MAP, Epoch.of(1));
        awaitReady(1);
        links.readiness.clear();
        probes.set(0);
        links.links.getFirst().serverLeaves();
        await().untilAsserted(() -> assertThat(probes).hasValue(2));
        links.links.getFirst().serverLeaves();
        await().untilAsserted(() -> assertThat(probes).hasValue(4));
        assertThat(links.links).singleElement().matches(link -> !link.closed());
        assertThat(links.readiness).isEmpty();
    }

    @Test
    void streamThatCouldNotBeConnectedHarmsNobodyElseWhileTheMapServerAnswers() {
        serving.assign(MAP, Epoch.of(1));
        awaitReady(1);
        links.readiness.clear();
        probes.set(0);
        for (int i = 0; i < 30; i++) {
            serving.targetLost(MAP, Epoch.of(1));
        }
        await().untilAsserted(() -> assertThat(probes).hasValueGreaterThanOrEqualTo(2));
        await().during(Duration.ofMillis(400))
                .untilAsserted(() -> assertThat(probes).hasValue(2));
        assertThat(links.dropped).isEmpty();
        assertThat(links.readiness).isEmpty();
        assertThat(links.links).singleElement().matches(link -> !link.closed());
        assertThat(serving.target(MAP, Epoch.of(1))).isPresent();
    }

    @Test
    void newTunnelLearnsWhatIsReady() {
        serving.assign(MAP, Epoch.of(1));
        awaitReady(1);
        links.readiness.clear();
        serving.tunnelUp();
        assertThat(links.readiness).containsExactly("prt_fild08:1:true");
    }

    @Test
    void heldMapsAndShownFencesAreBounded() {
        for (int i = 0; i < Serving.MAX_HELD + 10; i++) {
            serving.assign(MapName.of("m" + i), Epoch.of(1));
        }
        assertThat(serving.status()).hasSize(Serving.MAX_HELD);
        assertThat(links.readiness).contains("m" + Serving.MAX_HELD + ":1:false:too many maps");
        for (int i = 0; i < Serving.FENCES_SHOWN + 5; i++) {
            serving.fenced(MapName.of("m" + i), Epoch.of(1), Epoch.of(2));
        }
        assertThat(serving.fences()).hasSize(Serving.FENCES_SHOWN);
        assertThat(serving.fences().getLast().map()).isEqualTo(MapName.of("m" + (Serving.FENCES_SHOWN + 4)));
    }

    private void awaitLogin() {
        await().untilAsserted(() -> assertThat(serving.status()).singleElement().satisfies(map -> {
            assertThat(map.phase()).isEqualTo(Phase.STARTING);
            assertThat(map.detail()).isEqualTo("waiting for the map-server to log in at 127.0.0.1:6121");
        }));
    }

    private void awaitPhase(Phase phase) {
        await().untilAsserted(() ->
                assertThat(serving.status()).extracting(MapStatus::phase).containsExactly(phase));
    }

    private void awaitReady(long epoch) {
        await().untilAsserted(() -> assertThat(links.readiness).contains("prt_fild08:" + epoch + ":true"));
    }
}
