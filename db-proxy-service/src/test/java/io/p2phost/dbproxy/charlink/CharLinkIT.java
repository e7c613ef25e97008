package io.p2phost.dbproxy.charlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.Topics;
import io.p2phost.dbproxy.DbProxyApplication;
import io.p2phost.dbproxy.hosts.HostIndex;
import io.p2phost.dbproxy.ownership.Arbiter;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.ownership.OwnerChange;
import io.p2phost.dbproxy.ownership.OwnerDecision;
import io.p2phost.links.CloseReason;
import io.p2phost.links.charlink.CellDoor;
import io.p2phost.links.charlink.CharLinkClient;
import io.p2phost.links.charlink.CharLinkClientListener;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.RefusalReason;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.Line;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.testing.SuiteStandIn;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.ro.inter.KeepAlive;
import io.p2phost.testkit.EventContracts;
import io.p2phost.testkit.TestInfra;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Hosts at the whole db-proxy: real certificates, real TLS, real rows; registry and assignment stand in. */
class CharLinkIT {
    private static TestTokens tokens;
    private static SuiteStandIn suite;
    private static LinkTransport transport;
    private static final byte[] KEEP_ALIVE = KeepAlive.request().bytes();

    private static Map<String, String> settings;
    private static TestService dbProxy;
    private final List<Host> hosts = new ArrayList<>();

    @BeforeAll
    static void start() {
        tokens = new TestTokens();
        suite = new SuiteStandIn(ServiceName.DB_PROXY);
        transport = LinkTransport.start("hosts", 2);
        settings = new HashMap<>(TestService.databaseSettings(ServiceName.DB_PROXY));
        settings.putAll(suite.settings());
        settings.put("p2p.db-proxy.port", "0");
        settings.put("p2p.db-proxy.vps.port", "0");
        settings.put("p2p.db-proxy.link-loss-grace", "1s");
        settings.put("p2p.db-proxy.hosts.stalled-after", "3s");
        dbProxy = TestService.start(DbProxyApplication::start, ServiceName.DB_PROXY, tokens, settings);
        settings.put("p2p.db-proxy.port", String.valueOf(links().port()));
        await().until(() -> dbProxy.context().getBean(RotatingTls.class).isLoaded());
    }

    @AfterAll
    static void stop() {
        dbProxy.close();
        transport.close();
        suite.close();
        tokens.close();
    }

    @AfterEach
    void closeHosts() {
        hosts.forEach(Host::close);
        suite.hostState = "READY";
        suite.assignmentAway = false;
    }

    @Test
    void ownersCellIsHeard() throws Exception {
        Host host = new Host();
        own("cl_talks", host.id, 0);
        host.link("cl_talks", 1);

        await().until(() -> host.said.contains("accepted"));
        assertThat(host.isHeard()).isTrue();
        awaitAudit(host, "char-link.accepted");
    }

    @Test
    void staleEpochIsRefusedWithTheOneInEffectAndAudited() {
        Host host = new Host();
        own("cl_stale", host.id, 0);
        own("cl_stale", host.id, 1);
        host.link("cl_stale", 1);

        await().until(() -> host.said.contains("refused STALE_EPOCH 2"));
        awaitAudit(host, "char-link.refused");
        assertThat(links().links()).noneMatch(link -> link.host().equals(host.id));
    }

    @Test
    void mapOfAnotherHostIsRefused() {
        Host owner = new Host();
        Host thief = new Host();
        own("cl_theft", owner.id, 0);
        thief.link("cl_theft", 1);

        await().until(() -> thief.said.contains("refused NOT_OWNER 1"));
    }

    @Test
    void nothingOfTheOldOwnerIsTakenOnceAChangeIsAnswered() throws Exception {
        Host host = new Host();
        own("cl_fence", host.id, 0);
        host.link("cl_fence", 1);
        await().until(() -> host.said.contains("accepted"));
        try (Socket cell = new Socket(host.local.getAddress(), host.local.getPort())) {
            AtomicLong answered = new AtomicLong();
            Thread writer = Thread.ofVirtual().start(() -> keepAliveForEver(cell));
            Thread reader = Thread.ofVirtual().start(() -> count(cell, answered));
            await().until(() -> answered.get() > 100_000);

            dbProxy.context()
                    .getBean(Arbiter.class)
                    .decide(new OwnerChange(
                            MapName.of("cl_fence"), Epoch.of(1), Owner.vps("v", "a:1"), false, "TEST", "test"));

            // In full flow, and yet it hears why.
            await().until(() -> host.said.contains("fenced 2"));
            assertThat(writer.join(Duration.ofSeconds(5))).as("cut").isTrue();
            assertThat(reader.join(Duration.ofSeconds(5))).as("cut").isTrue();
        }
        host.said.clear();
        host.link("cl_fence", 1);
        await().until(() -> host.said.contains("refused STALE_EPOCH 2"));
    }

    @Test
    void standbysLinkAndCellGoOnWhenItsHostBecomesTheOwnerAndEndWithTheNext() throws Exception {
        Host owner = new Host();
        Host standby = new Host();
        own("cl_standby", owner.id, 0);
        owner.link("cl_standby", 1);
        standby.link("cl_standby", 1, CellRole.STANDBY);
        await().until(() -> owner.said.contains("accepted") && standby.said.contains("accepted"));
        try (Socket cell = new Socket(standby.local.getAddress(), standby.local.getPort())) {
            cell.setSoTimeout(5_000);
            assertThat(isHeard(cell)).isTrue();

            own("cl_standby", standby.id, 1);
            await().until(() -> owner.said.contains("fenced 2"));
            assertThat(isHeard(cell)).as("the same connection").isTrue();
            assertThat(links().links())
                    .filteredOn(link -> link.host().equals(standby.id))
                    .singleElement()
                    .satisfies(link -> {
                        assertThat(link.role()).isEqualTo(CellRole.PRIMARY);
                        assertThat(link.epoch()).isEqualTo(Epoch.of(2));
                    });

            own("cl_standby", owner.id, 2);
            await().until(() -> standby.said.contains("fenced 3"));
        }
    }

    @Test
    void assignmentLearnsWhoIsHeardAndWhoStandsBy() throws Exception {
        Host owner = new Host();
        Host standby = new Host();
        own("cl_heard", owner.id, 0);
        owner.link("cl_heard", 1);
        standby.link("cl_heard", 1, CellRole.STANDBY);
        await().until(() -> owner.said.contains("accepted") && standby.said.contains("accepted"));

        String hosts = "{\"hosts\":[\"" + HostId.random() + "\",\"" + owner.id + "\"]}";
        JsonNode silences = read(send("POST", "/internal/v1/silences", hosts)).get("hosts");
        assertThat(silences).hasSize(1);
        assertThat(silences.at("/0/hostId").asString()).isEqualTo(owner.id.value());
        assertThat(silences.at("/0/silentMillis").asLong(-1)).isBetween(0L, 1_500L);
        String tooMany = "{\"hosts\":[" + "\"%s\",".formatted(owner.id).repeat(1_000) + "\"%s\"]}".formatted(owner.id);
        assertThat(send("POST", "/internal/v1/silences", tooMany).statusCode()).isEqualTo(400);
        // There is no char-server here, so no map-server is logged in.
        assertThat(read(send("GET", "/internal/v1/standbys", ""))).isEmpty();
    }

    private static JsonNode read(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(dbProxy.url() + path))
                            .header(
                                    "Authorization",
                                    "Bearer " + tokens.service(ServiceName.MAP_ASSIGNMENT, ServiceName.DB_PROXY))
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void linkThatBreaksAndComesBackGoesOnWithTheSameCell() throws Exception {
        Host host = new Host();
        own("cl_breaks", host.id, 0);
        try (Line line = new Line(new InetSocketAddress(InetAddress.getLoopbackAddress(), links().port()))) {
            host.link(line.address(), "cl_breaks", 1, CellRole.PRIMARY);
            await().until(() -> host.said.contains("accepted"));
            boolean wentOn = false;
            // A machine that is busy elsewhere for the whole grace (1 s here) may have another try.
            for (int attempt = 0; attempt < 10 && !wentOn; attempt++) {
                try (Socket cell = new Socket(host.local.getAddress(), host.local.getPort())) {
                    cell.setSoTimeout(10_000);
                    assertThat(isHeard(cell)).isTrue();
                    host.said.clear();
                    line.breakOff();
                    await().until(() -> host.said.contains("accepted"));
                    wentOn = isHeard(cell);
                } catch (SocketException e) {
                    assertThat(host.said).contains("accepted");
                }
            }
            assertThat(wentOn).isTrue();
        }
        assertThat(dbProxy.context()
                        .getBean(MeterRegistry.class)
                        .get("p2p_dbproxy_char_link_streams_resumed_total")
                        .counter()
                        .count())
                .isPositive();
        assertThat(losses(host)).isZero();
    }

    @Test
    void changeDecidedByAnotherInstanceCutsTheLinkToo() {
        Host host = new Host();
        own("cl_elsewhere", host.id, 0);
        host.link("cl_elsewhere", 1);
        await().until(() -> host.said.contains("accepted"));

        // The rows change, and nobody tells this instance.
        dbProxy.context()
                .getBean(MapOwners.class)
                .compareAndSet(new OwnerChange(MapName.of("cl_elsewhere"), Epoch.of(1), null, false, "TEST", "test"));

        await().until(() -> host.said.contains("fenced 2"));
    }

    @Test
    void loopThatHangsHoldsAChangeUpHalfASecondOnly() throws Exception {
        Host host = new Host();
        own("cl_hangs", host.id, 0);
        host.link("cl_hangs", 1);
        await().until(() -> host.said.contains("accepted"));
        CountDownLatch healed = new CountDownLatch(1);
        dbProxy.context().getBean(LinkTransport.class).group().forEach(loop -> loop.execute(() -> waitFor(healed)));
        double before = slowFences();
        try {
            CompletableFuture.runAsync(() -> own("cl_hangs", HostId.random(), 1))
                    .get(30, TimeUnit.SECONDS);
            assertThat(slowFences()).isEqualTo(before + 1);
            assertThat(host.said).containsExactly("accepted");
        } finally {
            healed.countDown();
        }

        await().until(() -> host.said.contains("fenced 2"));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static double slowFences() {
        return dbProxy.context()
                .getBean(io.micrometer.core.instrument.MeterRegistry.class)
                .get("p2p_dbproxy_slow_fences_total")
                .counter()
                .count();
    }

    @Test
    void blacklistedHostIsCutAndNotLetInAgain() {
        Host host = new Host();
        own("cl_black", host.id, 0);
        host.link("cl_black", 1);
        await().until(() -> host.said.contains("accepted"));
        suite.hostState = "BLACKLISTED";

        dbProxy.context().getBean(HostIndex.class).update(host.id, HostLifeState.BLACKLISTED, 9);

        await().until(() -> host.said.contains("refused NOT_ADMITTED 0"));
    }

    @Test
    void linkThatStaysAwayIsReportedOnceUntilAssignmentTakesIt() {
        Host host = new Host();
        own("cl_lost", host.id, 0);
        host.link("cl_lost", 1);
        await().until(() -> host.said.contains("accepted"));
        suite.assignmentAway = true;

        host.close();
        await().until(() -> dbProxy.context()
                        .getBean(MeterRegistry.class)
                        .get("p2p_dbproxy_char_link_losses_pending")
                        .gauge()
                        .value()
                >= 1);
        assertThat(losses(host)).isZero();
        suite.assignmentAway = false;

        await().until(() -> losses(host) == 1);
    }

    /** Its link says that it is alive all the time, and its map-server goes on to write. */
    @Test
    void hostWhoseMapServerTakesNothingIsLostAfterAWhileAndMayComeAgain() throws Exception {
        Host host = new Host();
        Host other = new Host();
        own("cl_deaf", host.id, 0);
        own("cl_reads", other.id, 0);
        host.link("cl_deaf", 1);
        other.link("cl_reads", 1);
        await().until(() -> host.said.contains("accepted") && other.said.contains("accepted"));
        double stalled = stalled();
        try (Socket cell = new Socket();
                Socket reading = new Socket(other.local.getAddress(), other.local.getPort())) {
            // An answer has two bytes, and what the system takes for him has to be full first.
            cell.setReceiveBufferSize(4_096);
            cell.connect(host.local);
            reading.setSoTimeout(30_000);
            host.said.clear();
            Thread.ofVirtual().start(() -> keepAliveForEver(cell));

            await().atMost(Duration.ofMinutes(1)).until(() -> isHeard(reading) && stalled() > stalled);
            await().until(() -> losses(host) == 1);
            assertThat(isHeard(reading)).isTrue();
            assertThat(losses(other)).as("it takes what it is sent").isZero();
            assertThat(other.said).containsExactly("accepted");
        }
        await().until(() -> host.said.contains("accepted"));
        assertThat(host.isHeard()).isTrue();
        assertThat(stalled()).isEqualTo(stalled + 1);
    }

    private static double stalled() {
        Counter counter = dbProxy.context()
                .getBean(MeterRegistry.class)
                .find("p2p_dbproxy_char_links_closed_total")
                .tag("reason", "stalled")
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void linkThatComesBackWithinTheGraceIsNotReported() {
        Host host = new Host();
        Host other = new Host();
        try (Line line = new Line(new InetSocketAddress(InetAddress.getLoopbackAddress(), links().port()));
                Line cut = new Line(new InetSocketAddress(InetAddress.getLoopbackAddress(), links().port()))) {
            own("cl_blip", host.id, 0);
            host.link(line.address(), "cl_blip", 1, CellRole.PRIMARY);
            own("cl_other", other.id, 0);
            other.link(cut.address(), "cl_other", 1, CellRole.PRIMARY);
            await().until(() -> host.said.contains("accepted") && other.said.contains("accepted"));

            host.said.clear();
            line.breakOff();
            await().until(() -> host.said.contains("accepted"));

            // Another host's loss, later than this one's, is reported: so this one's would have been by then.
            cut.close();
            await().until(() -> losses(other) == 1);
            assertThat(losses(host)).isZero();
        }
    }

    @Test
    void restartedDbProxyTakesItsHostsBack() throws Exception {
        Host host = new Host();
        own("cl_restart", host.id, 0);
        host.link("cl_restart", 1);
        await().until(() -> host.said.contains("accepted"));
        host.said.clear();

        dbProxy.close();
        dbProxy = TestService.start(DbProxyApplication::start, ServiceName.DB_PROXY, tokens, settings);

        await().atMost(Duration.ofSeconds(20)).until(() -> host.said.contains("accepted"));
        assertThat(host.isHeard()).isTrue();
        assertThat(losses(host)).isZero();
    }

    @Test
    void tenThousandSilentConnectionsHoldUpNobodyWhoIsLinked() throws Exception {
        Host host = new Host();
        own("cl_crowd", host.id, 0);
        host.link("cl_crowd", 1);
        await().until(() -> host.said.contains("accepted"));
        List<SocketChannel> crowd = new ArrayList<>();
        try (Socket cell = new Socket(host.local.getAddress(), host.local.getPort())) {
            cell.setSoTimeout(5_000);
            for (int i = 0; i < 10_000; i++) {
                crowd.add(silent(i));
                if (i % 500 == 0) {
                    cell.getOutputStream().write(KEEP_ALIVE);
                    assertThat(cell.getInputStream().readNBytes(KEEP_ALIVE.length))
                            .isEqualTo(KeepAlive.answer().bytes());
                }
            }
            assertThat(host.said).containsExactly("accepted");
        } finally {
            for (SocketChannel each : crowd) {
                each.close();
            }
        }

        Host late = new Host();
        own("cl_late", late.id, 0);
        late.link("cl_late", 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> late.said.contains("accepted"));
    }

    /** A connection that says nothing; each address has fifty. */
    private static SocketChannel silent(int number) throws IOException {
        int address = number / 50;
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 9, (byte) (address / 200), (byte) (1 + address % 200)}), 0));
        channel.configureBlocking(false);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), links().port()));
        return channel;
    }

    private static CharLinks links() {
        return dbProxy.context().getBean(CharLinks.class);
    }

    private static void own(String map, HostId host, long fromEpoch) {
        OwnerDecision decision = dbProxy.context()
                .getBean(Arbiter.class)
                .decide(new OwnerChange(
                        MapName.of(map),
                        Epoch.of(fromEpoch),
                        Owner.host(host),
                        false,
                        "TEST",
                        "service:map-assignment"));
        assertThat(decision).isInstanceOf(OwnerDecision.Changed.class);
    }

    private static long losses(Host host) {
        return suite.failovers.stream()
                .filter(loss -> loss.get("hostId").asString().equals(host.id.value())
                        && loss.get("cause").asString().equals("CHAR_LINK_LOST"))
                .count();
    }

    /** Waits for the entry in the audit trail. */
    private static void awaitAudit(Host host, String action) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of(
                "bootstrap.servers",
                TestInfra.shared().bootstrapServers(),
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class,
                "group.id",
                "audit-" + host.id,
                "auto.offset.reset",
                "earliest"))) {
            consumer.subscribe(List.of(Topics.AUDIT));
            List<String> found = new ArrayList<>();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> found.add(record.value()));
                return found.stream().anyMatch(e -> e.contains("\"host:" + host.id + "\"") && e.contains(action));
            });
            assertThat(found.stream().filter(e -> e.contains(action)))
                    .allSatisfy(e ->
                            assertThat(EventContracts.faults(Topics.AUDIT, e)).isEmpty());
        }
    }

    /** Whether a cell is heard: a keep-alive is answered whatever the char-server does. */
    private static boolean isHeard(Socket cell) throws IOException {
        cell.getOutputStream().write(KEEP_ALIVE);
        return Arrays.equals(
                cell.getInputStream().readNBytes(KEEP_ALIVE.length),
                KeepAlive.answer().bytes());
    }

    private static void keepAliveForEver(Socket cell) {
        byte[] chunk = new byte[8_192];
        for (int at = 0; at < chunk.length; at += KEEP_ALIVE.length) {
            System.arraycopy(KEEP_ALIVE, 0, chunk, at, KEEP_ALIVE.length);
        }
        try {
            while (true) {
                cell.getOutputStream().write(chunk);
            }
        } catch (IOException e) {
            // Cut: that is what the test is about.
        }
    }

    private static void count(Socket cell, AtomicLong bytes) {
        byte[] buffer = new byte[8_192];
        try {
            for (int n = 0; n >= 0; n = cell.getInputStream().read(buffer)) {
                bytes.addAndGet(n);
            }
        } catch (IOException e) {
            // Cut.
        }
    }

    private final class Host implements CharLinkClientListener, AutoCloseable {
        final HostId id = HostId.random();
        final List<String> said = new CopyOnWriteArrayList<>();
        private CharLinkClient client;
        private InetSocketAddress local;

        Host() {
            hosts.add(this);
        }

        void link(String map, long epoch) {
            link(map, epoch, CellRole.PRIMARY);
        }

        void link(String map, long epoch, CellRole role) {
            link(new InetSocketAddress(InetAddress.getLoopbackAddress(), links().port()), map, epoch, role);
        }

        void link(InetSocketAddress at, String map, long epoch, CellRole role) {
            CellDoor door = CellDoor.open(transport, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            local = door.address();
            client = new CharLinkClient(
                    CharLinkClient.Options.of(at, new CharLinkHello(id, MapName.of(map), Epoch.of(epoch), role))
                            .withRetry(Duration.ofMillis(50), Duration.ofMillis(200)),
                    door,
                    RotatingTls.connecting(suite.authority.host(id)),
                    transport,
                    this,
                    new RecordingMetrics());
            client.start();
        }

        boolean isHeard() throws IOException {
            try (Socket cell = new Socket(local.getAddress(), local.getPort())) {
                cell.setSoTimeout(5_000);
                return CharLinkIT.isHeard(cell);
            }
        }

        @Override
        public void accepted() {
            said.add("accepted");
        }

        @Override
        public void refused(RefusalReason reason, Epoch currentEpoch, String detail) {
            said.add("refused " + reason + " " + currentEpoch);
        }

        @Override
        public void fenced(Epoch currentEpoch) {
            said.add("fenced " + currentEpoch);
        }

        @Override
        public void disconnected(CloseReason reason, Duration nextAttempt) {
            said.add("disconnected " + reason);
        }

        @Override
        public void close() {
            if (client != null) {
                client.close();
            }
        }
    }
}
