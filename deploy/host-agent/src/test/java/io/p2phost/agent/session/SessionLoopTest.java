package io.p2phost.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.agent.Backoff;
import io.p2phost.agent.ExitCode;
import io.p2phost.agent.FakeGateway;
import io.p2phost.agent.MutableTime;
import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.gateway.Messages.DbProxy;
import io.p2phost.agent.gateway.Messages.Relay;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.HeldAssignments;
import io.p2phost.agent.home.HostKey;
import io.p2phost.agent.home.HostNodeConf;
import io.p2phost.agent.machine.Capability;
import io.p2phost.agent.machine.Load;
import io.p2phost.agent.machine.Machine;
import io.p2phost.agent.manners.Manners;
import io.p2phost.agent.manners.Observed;
import io.p2phost.agent.manners.Preferences;
import io.p2phost.agent.serving.FakeLinks;
import io.p2phost.agent.serving.LinkCredentials;
import io.p2phost.agent.serving.LocalServer;
import io.p2phost.agent.serving.Serving;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionLoopTest {
    private static final MapName MAP = MapName.of("prt_fild08");
    private static final Preferences PREFERENCES = new Preferences(
            Set.of("game"),
            null,
            OptionalInt.empty(),
            false,
            OptionalInt.of(5),
            false,
            OptionalInt.empty(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            true);

    @TempDir
    Path directory;

    private final FakeGateway gateway = new FakeGateway();
    private final MutableTime time = new MutableTime();
    private final FakeLinks links = new FakeLinks();
    private final FakeSessionLinks sessionLinks = new FakeSessionLinks();
    private Capability capability = new Capability(3.6, 8, 31.9, 500, "TestOS 1");
    private Observed seen = Observed.NOTHING;
    private final Manners manners = new Manners(
            PREFERENCES, HostNodeConf.NONE, () -> seen, () -> null, () -> false, null, time, ZoneOffset.UTC);
    private HostKey key;
    private Serving serving;
    private GatewayClient client;
    private SessionLoop loop;

    private static final class FakeSessionLinks implements Links, LinkQuality {
        private final List<Relay> relays = new ArrayList<>();
        private final List<LinkCredentials> credentials = new ArrayList<>();

        @Override
        public void configure(List<Relay> newRelays, DbProxy dbProxy) {
            relays.clear();
            relays.addAll(newRelays);
        }

        @Override
        public void credentials(LinkCredentials fresh) {
            credentials.add(fresh);
        }

        @Override
        public double latencyMillis() {
            return 12.5;
        }
    }

    @BeforeEach
    void start() {
        AgentHome home = new AgentHome(directory);
        home.create();
        key = home.createOrReadKey();
        start(OptionalInt.empty());
    }

    private void start(OptionalInt maxMaps) {
        serving = new Serving(
                List.of(new LocalServer(MAP, "127.0.0.1", 5121)),
                new Serving.Ports(
                        new HeldAssignments(directory.resolve("assignments.json")),
                        links,
                        links,
                        server -> {},
                        Optional::empty,
                        () -> new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1)),
                        time));
        client = new GatewayClient(gateway.uri(), time);
        Machine machine = new Machine() {
            @Override
            public Capability capability() {
                return capability;
            }

            @Override
            public Load load() {
                return new Load(20, 30, 1, 0.5);
            }
        };
        loop = new SessionLoop(
                new SessionLoop.Self(HostId.of(FakeGateway.HOST), key, maxMaps),
                new SessionLoop.Ports(
                        client, machine, serving, manners, sessionLinks, sessionLinks, time, new Random(7)));
    }

    @AfterEach
    void stop() {
        serving.suspend("test over");
        client.close();
        gateway.close();
    }

    private void see(Observed observed) {
        seen = observed;
        manners.look();
        time.pass(Duration.ofSeconds(2));
        manners.look();
    }

    private static Observed game() {
        return new Observed(Set.of("game"), null, null, null, OptionalDouble.empty(), null);
    }

    private List<Boolean> handsBack() {
        return gateway.calls("PUT heartbeat").stream()
                .map(call -> call.json().path("handsBack").asBoolean())
                .toList();
    }

    @Test
    void anOwnerWhoIsBusyIsNotEvenJoinedFor() {
        see(game());
        assertThat(loop.step()).isInstanceOf(Next.After.class);
        assertThat(gateway.calls("PUT session")).isEmpty();
        assertThat(loop.state().kind()).isEqualTo(SessionState.Kind.PAUSED);
        see(Observed.NOTHING);
        loop.step();
        assertThat(loop.state().kind()).isEqualTo(SessionState.Kind.JOINED);
    }

    @Test
    void inputHandsMapsBackAndTheSessionGoesOn() {
        loop.step();
        loop.step();
        see(new Observed(Set.of(), null, Duration.ZERO, null, OptionalDouble.empty(), null));
        loop.step();
        see(Observed.NOTHING);
        loop.step();

        assertThat(handsBack()).containsExactly(false, true, false);
        assertThat(loop.state().kind()).isEqualTo(SessionState.Kind.JOINED);
        assertThat(gateway.calls("DELETE session")).isEmpty();
    }

    @Test
    void aPauseLeavesOnlyWhenTheMapsAreElsewhere() {
        gateway.desire("prt_fild08:3");
        loop.step();
        loop.step();
        gateway.drain(true);
        see(game());
        for (int i = 0; i < 5; i++) {
            loop.step();
            time.pass(Duration.ofSeconds(1));
        }
        assertThat(serving.status()).hasSize(1);
        assertThat(gateway.calls("DELETE session")).isEmpty();
        gateway.desire();
        for (int i = 0; i < 5; i++) {
            loop.step();
            time.pass(Duration.ofSeconds(1));
        }

        assertThat(gateway.calls("DELETE session")).hasSize(1);
        assertThat(loop.state().kind()).isEqualTo(SessionState.Kind.PAUSED);
        assertThat(serving.running()).isFalse();
    }

    @Test
    void aPauseDoesNotWaitForEverForTheServer() {
        gateway.desire("prt_fild08:3");
        loop.step();
        loop.step();
        see(game());
        for (int i = 0; i < 29; i++) {
            loop.step();
            time.pass(Duration.ofSeconds(1));
        }
        assertThat(gateway.calls("DELETE session")).isEmpty();
        for (int i = 0; i < 3; i++) {
            loop.step();
            time.pass(Duration.ofSeconds(1));
        }
        assertThat(gateway.calls("DELETE session")).hasSize(1);
        see(Observed.NOTHING);
        loop.step();
        assertThat(gateway.calls("PUT session")).hasSize(2);
    }

    @Test
    void anEndingAgentServesUntilItsMapsAreElsewhere() {
        carryOneMap();
        loop.leaveWithin(Duration.ofSeconds(20));
        for (int i = 0; i < 5; i++) {
            assertThat(loop.step()).isInstanceOf(Next.After.class);
            time.pass(Duration.ofSeconds(1));
        }
        assertThat(handsBack()).endsWith(true, true, true, true, true);
        assertThat(serving.served()).hasSize(1);
        gateway.desire();
        Next next = loop.step();
        for (int i = 0; i < 5 && next instanceof Next.After; i++) {
            time.pass(Duration.ofSeconds(1));
            next = loop.step();
        }
        assertThat(next)
                .isInstanceOfSatisfying(
                        Next.End.class, end -> assertThat(end.code()).isEqualTo(ExitCode.OK));
        assertThat(gateway.calls("DELETE session")).hasSize(1);
    }

    @Test
    void anEndingAgentWaitsNoLongerThanItsDeadlineAndSaysThatMapsWereLeft() {
        carryOneMap();
        gateway.heartbeatInterval("PT30S");
        loop.leaveWithin(Duration.ofMillis(1500));
        assertThat(((Next.After) loop.step()).delay()).isEqualTo(Duration.ofSeconds(1));
        time.pass(Duration.ofSeconds(1));
        assertThat(((Next.After) loop.step()).delay()).isEqualTo(Duration.ofMillis(500));
        time.pass(Duration.ofMillis(500));
        assertThat(((Next.End) loop.step()).code()).isEqualTo(ExitCode.NOT_HANDED_BACK);
        assertThat(gateway.calls("DELETE session")).hasSize(1);
    }

    @Test
    void anEndingAgentThatHasNotJoinedDoesNotJoin() {
        loop.leaveWithin(Duration.ofSeconds(20));
        assertThat(((Next.End) loop.step()).code()).isEqualTo(ExitCode.OK);
        assertThat(gateway.calls).isEmpty();
    }

    @Test
    void joinsWithTheMeasuredCapabilityAndALifelikeIdentity() throws Exception {
        gateway.relay("r1", 7443);
        loop.step();

        assertThat(loop.state().kind()).isEqualTo(SessionState.Kind.JOINED);
        assertThat(gateway.calls("PUT session")).singleElement().satisfies(call -> {
            assertThat(call.json().path("cpuGhz").asDouble()).isEqualTo(3.6);
            assertThat(call.json().path("cpuCores").asInt()).isEqualTo(8);
            assertThat(call.json().path("ramGb").asDouble()).isEqualTo(31.9);
            assertThat(call.json().path("networkMbps").asDouble()).isEqualTo(500);
            assertThat(call.json().has("maxMaps")).isFalse();
            assertThat(call.authorization()).isEqualTo("Bearer token-1");
        });
        assertThat(sessionLinks.relays).extracting(Relay::relayId).containsExactly("r1");
        assertThat(sessionLinks.credentials).hasSize(1);

        String assertion = gateway.calls("POST token").getFirst().body().split("assertion=")[1];
        byte[] raw = Base64.getDecoder().decode(key.publicKeyBase64());
        byte[] der = HexFormat.of()
                .parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(raw));
        var claims = new JwtConsumerBuilder()
                .setVerificationKey(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)))
                .setExpectedAudience("p2p")
                .setExpectedIssuer(FakeGateway.HOST)
                .setExpectedSubject(FakeGateway.HOST)
                .setRequireJwtId()
                .setRequireExpirationTime()
                .setMaxFutureValidityInMinutes(1)
                .build()
                .processToClaims(assertion);
        assertThat(claims.getExpirationTime().getValue() - claims.getIssuedAt().getValue())
                .isLessThanOrEqualTo(60);
    }

    @Test
    void playersOwnLimitOfMapsIsSent() {
        start(OptionalInt.of(1));
        loop.step();
        assertThat(gateway.calls("PUT session")
                        .getFirst()
                        .json()
                        .path("maxMaps")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void heartbeatsFollowTheServersIntervalWithinTenPercent() {
        gateway.heartbeatInterval("PT2S");
        loop.step();
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            waits.add(((Next.After) loop.step()).delay().toMillis());
        }
        assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(1800L, 2200L));
        assertThat(waits.stream().distinct().count()).isGreaterThan(10);
        assertThat(gateway.calls("PUT heartbeat")).hasSize(50);
        assertThat(gateway.calls("PUT heartbeat")
                        .getFirst()
                        .json()
                        .path("latencyMs")
                        .asDouble())
                .isEqualTo(12.5);
    }

    @Test
    void expiredSessionIsReplacedAtOnce() {
        loop.step();
        gateway.answer("PUT heartbeat", 410, FakeGateway.problem("session-expired", 410, "lease over"));
        assertThat(loop.step()).isEqualTo(new Next.After(Duration.ZERO));
        loop.step();
        assertThat(gateway.calls("PUT session")).hasSize(2);
        assertThat(loop.state().kind()).isEqualTo(SessionState.Kind.JOINED);
    }

    @Test
    void oneWhoseSessionAnotherAgentTookStopsServingAndEnds() {
        carryOneMap();
        gateway.answer("PUT heartbeat", 409, FakeGateway.problem("session-taken", 409, "of another agent"));
        Next.End end = (Next.End) loop.step();
        assertThat(end.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(end.message()).contains("another agent with this host's key has joined");
        assertThat(serving.running()).isFalse();
        assertThat(gateway.calls("DELETE session"))
                .as("the session is the other one's")
                .isEmpty();
    }

    @Test
    void everyCallOfASessionSaysWhichRunItIs() {
        loop.step();
        loop.step();
        String run = gateway.calls("PUT session").getFirst().json().path("run").asString();
        assertThat(run).matches("[0-9a-f-]{36}");
        assertThat(gateway.calls("PUT heartbeat").getFirst().json().path("run").asString())
                .isEqualTo(run);
        loop.leave();
        assertThat(gateway.calls("DELETE session").getFirst().query()).isEqualTo("run=" + run);
    }

    @Test
    void weakMachineIsToldEveryShortfallInPlainWords() {
        capability = new Capability(2.25, 2, 25.2, 0, "TestOS 1");
        gateway.answer("PUT session", 422, """
                {"type":"https://p2phost.dev/problems/below-minimum","title":"t","status":422,"detail":"d","errors":[
                {"requirement":"cpuGhz","required":3.0,"actual":2.25},
                {"requirement":"cpuCores","required":4,"actual":2},
                {"requirement":"networkMbps","required":100,"actual":0.0}]}""");
        Next.End end = (Next.End) loop.step();
        assertThat(end.code()).isEqualTo(ExitCode.BELOW_MINIMUM);
        assertThat(end.message())
                .contains("processor: 2.25 GHz, at least 3.0 GHz are needed")
                .contains("processor cores: 2, at least 4 are needed")
                .contains("the driver does not tell the link's speed, at least 100 Mbit/s are needed");
    }

    @Test
    void bannedHostStopsServingAndEnds() {
        carryOneMap();
        gateway.answer("PUT heartbeat", 403, FakeGateway.problem("blacklisted", 403, "three failed validations"));
        Next.End end = (Next.End) loop.step();
        assertThat(end.code()).isEqualTo(ExitCode.BLACKLISTED);
        assertThat(end.message()).contains("three failed validations");
        assertThat(serving.running()).isFalse();
    }

    @Test
    void unknownHostEnds() {
        gateway.answer("PUT session", 404, FakeGateway.problem("not-found", 404, "no such host"));
        assertThat(((Next.End) loop.step()).code()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void keyRefusedThreeTimesInARowEnds() {
        for (int i = 0; i < 3; i++) {
            gateway.answer("POST token", 400, FakeGateway.problem("invalid-grant", 400, "unknown key"));
        }
        assertThat(loop.step()).isInstanceOf(Next.After.class);
        assertThat(loop.step()).isInstanceOf(Next.After.class);
        assertThat(((Next.End) loop.step()).code()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void wrongClockIsCorrectedByTheServersDate() throws Exception {
        time.sleepThrough(Duration.ofHours(-3));
        gateway.answer("POST token", 400, FakeGateway.problem("invalid-grant", 400, "expired"));
        loop.step();
        loop.step();
        String payload = gateway.calls("POST token").get(1).body().split("\\.")[1];
        long issuedAt = io.p2phost.contracts.Json.mapper()
                .readTree(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8))
                .path("iat")
                .asLong();
        assertThat(issuedAt)
                .isCloseTo(java.time.Instant.now().getEpochSecond(), org.assertj.core.data.Offset.offset(5L));
        assertThat(loop.state().kind()).isEqualTo(SessionState.Kind.JOINED);
    }

    @Test
    void tokenIsRenewedAtTwoThirdsOfItsLifeAndAfterA401() {
        gateway.tokenSeconds(60);
        loop.step();
        time.pass(Duration.ofSeconds(10));
        loop.step();
        assertThat(gateway.calls("POST token")).hasSize(1);
        for (int i = 0; i < 4; i++) {
            time.pass(Duration.ofSeconds(10));
            loop.step();
        }
        assertThat(gateway.calls("POST token")).hasSize(2);
        assertThat(gateway.calls("PUT heartbeat").getLast().authorization()).isEqualTo("Bearer token-2");

        gateway.answer("PUT heartbeat", 401, FakeGateway.problem("unauthenticated", 401, "signing key retired"));
        assertThat(loop.step()).isInstanceOf(Next.After.class);
        loop.step();
        assertThat(gateway.calls("PUT heartbeat").getLast().authorization()).isEqualTo("Bearer token-3");
    }

    @Test
    void certificateIsRenewedAtTwoThirdsOfItsLifeWithANewKey() {
        gateway.certificateLife(Duration.ofHours(3));
        loop.step();
        time.pass(Duration.ofMinutes(110));
        loop.step();
        assertThat(sessionLinks.credentials).hasSize(1);
        time.pass(Duration.ofMinutes(15));
        loop.step();
        assertThat(sessionLinks.credentials).hasSize(2);
        assertThat(sessionLinks.credentials.get(1).key())
                .isNotEqualTo(sessionLinks.credentials.get(0).key());
    }

    @Test
    void failedRenewalDoesNotStopHeartbeatsWhileTheOldCertificateIsValid() {
        gateway.certificateLife(Duration.ofHours(3));
        loop.step();
        time.pass(Duration.ofMinutes(125));
        gateway.answer("POST certificates", 503, FakeGateway.problem("unavailable", 503, "soon"));
        loop.step();
        assertThat(gateway.calls("PUT heartbeat")).hasSize(1);
        assertThat(loop.state().kind()).isEqualTo(SessionState.Kind.JOINED);
    }

    @Test
    void certificateForAnotherKeyIsNotTaken() {
        gateway.answer(
                "POST certificates",
                201,
                io.p2phost.contracts.Json.mapper()
                        .writeValueAsString(Map.of(
                                "certificate",
                                gateway.authority.pem(
                                        gateway.authority.serviceLeaf("relay").certificate()),
                                "caBundle",
                                gateway.authority.pem(gateway.authority.certificate()),
                                "notAfter",
                                time.instant().plusSeconds(3600).toString())));
        loop.step();
        assertThat(sessionLinks.credentials).isEmpty();
        assertThat(loop.state().lastError()).contains("not for the key");
    }

    @Test
    void unreachableGatewayIsTriedForeverWithBoundedWaitsWhileServingGoesOn() {
        carryOneMap();
        gateway.close();
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 12; i++) {
            Duration wait = ((Next.After) loop.step()).delay();
            assertThat(wait)
                    .isLessThanOrEqualTo(SessionLoop.LONGEST_BACKOFF)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(250));
            longest = wait.compareTo(longest) > 0 ? wait : longest;
        }
        assertThat(longest).isGreaterThan(Duration.ofSeconds(7));
        assertThat(loop.state().kind()).isEqualTo(SessionState.Kind.UNSURE);
        assertThat(serving.running()).isTrue();
        assertThat(serving.served()).hasSize(1);
    }

    @Test
    void retryAfterIsHonouredUpToAMinute() {
        gateway.answer("PUT session", 503, FakeGateway.problem("unavailable", 503, "x"), Map.of("Retry-After", "9"));
        gateway.answer(
                "PUT session", 429, FakeGateway.problem("too-many-requests", 429, "x"), Map.of("Retry-After", "9999"));
        assertThat(((Next.After) loop.step()).delay()).isEqualTo(Duration.ofSeconds(9));
        assertThat(((Next.After) loop.step()).delay()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void answerThatIsNoJsonIsTriedAgain() {
        gateway.answer("PUT session", 200, "<html>captive portal</html>");
        assertThat(loop.step()).isInstanceOf(Next.After.class);
        assertThat(loop.state().lastError()).contains("not understood");
    }

    @Test
    void slipLongerThanTheLeaseStopsServingBeforeAnythingIsSent() {
        carryOneMap();
        int sent = gateway.calls.size();
        time.pass(Duration.ofSeconds(16));
        loop.tick();
        assertThat(gateway.calls).hasSize(sent);
        assertThat(serving.running()).isFalse();
        assertThat(links.suspensions).hasValue(1);

        loop.step();
        assertThat(serving.running()).as("the server still counts us in").isTrue();
    }

    @Test
    void sleepThatOnlyTheWallClockSawIsASlipToo() {
        carryOneMap();
        time.sleepThrough(Duration.ofMinutes(10));
        loop.tick();
        assertThat(serving.running()).isFalse();
    }

    @Test
    void delayWithinTheLeaseIsNoSlip() {
        carryOneMap();
        time.pass(Duration.ofSeconds(14));
        loop.tick();
        assertThat(serving.running()).isTrue();
    }

    @Test
    void leavingEndsTheSession() {
        loop.step();
        loop.leave();
        assertThat(gateway.calls("DELETE session")).hasSize(1);
        assertThat(loop.state().kind()).isEqualTo(SessionState.Kind.STOPPED);
    }

    @Test
    void drainIsShown() {
        gateway.drain(true);
        loop.step();
        loop.step();
        assertThat(loop.state().draining()).isTrue();
    }

    private void carryOneMap() {
        gateway.desire(MAP + ":3");
        loop.step();
        loop.step();
        Awaitility.await().untilAsserted(() -> assertThat(serving.served()).hasSize(1));
        assertThat(serving.served().getFirst().epoch()).isEqualTo(Epoch.of(3));
    }
}
