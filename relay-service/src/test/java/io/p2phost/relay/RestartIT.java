package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.net.DialPlaces;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.testing.SuiteStandIn;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tunnel.OpenAnswer;
import io.p2phost.links.tunnel.TunnelClient;
import io.p2phost.links.tunnel.TunnelClientListener;
import io.p2phost.relay.codec.Codecs;
import io.p2phost.relay.codec.StreamCodec;
import io.p2phost.relay.takeover.Messages;
import io.p2phost.relay.takeover.net.DyingGiver;
import io.p2phost.relay.takeover.net.DyingProcess;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientIds;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.testkit.TestInfra;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A relay is restarted under its players: real processes, real sockets; the rest of the suite stands in. */
@EnabledOnOs(OS.LINUX)
class RestartIT {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int EACH = 15;
    private static final String KEYS = "0x4A715EF9, 0x79103E4F, 0x405C1238";
    private static final byte[] SECRET = {(byte) 0xee, (byte) 0xdd, 3, 4, 5};
    private static final byte[] ENTER =
            Packet.fixed(0x0065, 17).u32(2, 2_000_007).bytes();
    /** The account again, which is what a char-server says first. */
    private static final byte[] GREETING = {(byte) 0x87, (byte) 0x84, 0x1e, 0};

    /** His characters: he is let in. */
    private static final byte[] LIST = Packet.variable(0x006b, 27).bytes();

    private static final String RELAY = "relay-1";
    private static final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();
    private final List<Player> players = new ArrayList<>();
    private TestTokens tokens;
    private SuiteStandIn suite;
    private DbProxyStandIn dbProxy;
    private LinkTransport transport;
    /** The char-server. */
    private ServerSocket chars;

    private final StreamCodec codec = Codecs.named(
            "rathena-obfuscation",
            new StreamCodec.Context(MapServerStand.LENGTHS, ClientIds.STANDARD, Map.of("keys", KEYS)));
    private MapServerStand reserve;
    private MapServerStand coded;
    /** The reserve of clients that nobody can read. */
    private ServerSocket reader;

    private Host host;
    private Map<String, String> settings;
    private int front;
    private int charFront;
    private int management;

    @BeforeEach
    void start() throws Exception {
        tokens = new TestTokens();
        suite = new SuiteStandIn(ServiceName.RELAY);
        dbProxy = new DbProxyStandIn();
        transport = LinkTransport.start("hosts", 1);
        reserve = new MapServerStand("reserve");
        coded = new MapServerStand("coded", () -> codec.open().fromClient());
        reader = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        chars = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        chars.setSoTimeout((int) PATIENCE.toMillis());
        front = freePort();
        charFront = freePort();
        management = freePort();
        int tunnels = freePort();
        settings = new HashMap<>(TestService.databaseSettings(ServiceName.RELAY));
        settings.putAll(suite.settings());
        settings.put("p2p.services.db-proxy", dbProxy.url());
        settings.put("spring.kafka.bootstrap-servers", TestInfra.shared().bootstrapServers());
        settings.put("p2p.tokens.private-key", tokens.privateKeyOf(ServiceName.RELAY));
        settings.put("p2p.tokens.service-keys", tokens.serviceKeys());
        settings.put("server.port", String.valueOf(freePort()));
        settings.put("management.server.port", String.valueOf(management));
        settings.put("logging.level.io.p2phost.relay", "INFO");
        settings.put("p2p.relay.relay-id", RELAY);
        settings.put("p2p.relay.front-ports", String.valueOf(front));
        settings.put("p2p.relay.tunnel-port", String.valueOf(tunnels));
        settings.put("p2p.relay.char-front.port", String.valueOf(charFront));
        settings.put("p2p.relay.char-front.char-server", "127.0.0.1:" + chars.getLocalPort());
        settings.put("p2p.relay.announce-every", "200ms");
        // Players talk all the time.
        settings.put("p2p.relay.rates.chat-per-second", "1000000");
        settings.put("p2p.relay.rates.chat-burst", "1000000");
        // What is tested is that streams go on, not how fast this machine is.
        settings.put("p2p.relay.resume-within", PATIENCE.toSeconds() + "s");
        settings.put("p2p.relay.clients.codec", "rathena-obfuscation");
        settings.put("p2p.relay.clients.codec-settings.keys", KEYS);
        settings.put("p2p.relay.clients.protected-to", "127.0.0.1:" + reader.getLocalPort());
        settings.put("p2p.relay.takeover.socket", socket().toString());
        host = new Host(new InetSocketAddress(InetAddress.getLoopbackAddress(), tunnels));
        dbProxy.owners = "{\"owners\":[{\"map\":\"hosted\",\"epoch\":1,\"owner\":{\"kind\":\"HOST\",\"id\":\""
                + host.id.value() + "\"}}]}";
    }

    @AfterEach
    void stop() throws Exception {
        for (Player player : players) {
            player.close();
        }
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        host.close();
        reserve.close();
        coded.close();
        reader.close();
        chars.close();
        transport.close();
        dbProxy.close();
        suite.close();
        tokens.close();
    }

    private Path socket() {
        return folder.resolve("takeover");
    }

    /** One that no connection of this machine gets for its own end while the relay's processes change. */
    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Taken: another.
            }
        }
    }

    // ---- processes ----

    private Process relay(String... more) throws IOException {
        List<String> arguments = new ArrayList<>();
        settings.forEach((key, value) -> arguments.add("--" + key + "=" + value));
        arguments.addAll(Arrays.asList(more));
        return java(RelayApplication.class, arguments);
    }

    private Process java(Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        Path log = folder.resolve("process-" + processes.size() + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        processes.add(process);
        return process;
    }

    private String log(Process process) throws IOException {
        return Files.readString(folder.resolve("process-" + processes.indexOf(process) + ".log"));
    }

    private Process ready(Process process) {
        await().atMost(START)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(log(process))
                        .satisfiesAnyOf(
                                log -> assertThat(log).contains("Started RelayApplication"),
                                log -> assertThat(process.isAlive()).isFalse()));
        assertThat(process.isAlive()).as(() -> logOf(process)).isTrue();
        return process;
    }

    private String logOf(Process process) {
        try {
            return log(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double metric(String name) throws Exception {
        String all = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/actuator/prometheus"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return all.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    // ---- players ----

    /** Talks all the time, one line after the other, and notes the longest wait for an answer. */
    private static final class Player implements AutoCloseable {
        private final TestClient client;
        private final String server;
        private final Thread thread;
        private volatile boolean stopped;
        private volatile long longest;
        private final AtomicInteger answers = new AtomicInteger();
        private volatile @Nullable Throwable failure;

        Player(TestClient client, String server) {
            this.client = client;
            this.server = server;
            this.thread = Thread.ofVirtual().start(this::play);
        }

        private void play() {
            try {
                while (!stopped) {
                    String words = "line " + answers;
                    long since = System.nanoTime();
                    String answer = client.talk(words);
                    longest = Math.max(longest, System.nanoTime() - since);
                    if (!answer.equals(server + " " + words)) {
                        throw new IOException("got " + answer + " for " + words);
                    }
                    answers.incrementAndGet();
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            } catch (IOException | InterruptedException | RuntimeException e) {
                failure = e;
            }
        }

        @Override
        public void close() throws Exception {
            stopped = true;
            thread.join(Duration.ofSeconds(20));
            client.close();
        }
    }

    private Socket charClient() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), charFront);
        client.setSoTimeout((int) PATIENCE.toMillis());
        client.getOutputStream().write(ENTER);
        return client;
    }

    private Socket charServerAccepts() throws IOException {
        Socket accepted = chars.accept();
        accepted.setSoTimeout((int) PATIENCE.toMillis());
        assertThat(accepted.getInputStream().readNBytes(ENTER.length)).isEqualTo(ENTER);
        return accepted;
    }

    private void everybodyPlays() throws IOException {
        await().atMost(START).until(() -> host.said.contains("assign hosted 1 PRIMARY"));
        for (int i = 0; i < EACH; i++) {
            int first = dbProxy.player(Owner.vps("reserve", reserve.address()), "prt_fild08", 1);
            players.add(new Player(TestClient.inGame(front, first), "reserve"));
            int second = dbProxy.player(Owner.host(host.id), "hosted", 1);
            players.add(new Player(TestClient.inGame(front, second), "cell"));
        }
        int third = dbProxy.player(Owner.vps("coded", coded.address()), "prt_fild08", 1);
        TestClient obfuscating =
                new TestClient(front, third, codec.open().server().to());
        obfuscating.enter();
        obfuscating.await(MapToClient.ENTER_ACCEPTED);
        obfuscating.send(Packet.fixed(ClientToMap.MAP_LOADED, 2));
        players.add(new Player(obfuscating, "coded"));
        everybodyIsAnswered();
    }

    private void everybodyIsAnswered() {
        List<Integer> before =
                players.stream().map(player -> player.answers.get()).toList();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            for (int i = 0; i < players.size(); i++) {
                Player player = players.get(i);
                assertThat(player.failure).as("%s: %s", i, player.server).isNull();
                if (player.answers.get() < before.get(i) + 5) {
                    return false;
                }
            }
            return true;
        });
    }

    private void printPauses(String what) {
        long[] longest = players.stream()
                .mapToLong(player -> TimeUnit.NANOSECONDS.toMillis(player.longest))
                .sorted()
                .toArray();
        System.out.println(what + ": longest wait of " + longest.length + " players for an answer: p50 "
                + longest[longest.length / 2] + " ms, p99 " + longest[(int) Math.ceil(longest.length * 0.99) - 1]
                + " ms");
        players.forEach(player -> player.longest = 0);
    }

    @Test
    void newProcessTakesEverythingOverAndNobodyNotices() throws Exception {
        Process first = ready(relay());
        assertThat(Files.getPosixFilePermissions(socket())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        everybodyPlays();
        Socket guarded = new Socket(InetAddress.getLoopbackAddress(), front);
        guarded.getOutputStream().write(SECRET);
        Socket guardedThere = reader.accept();
        assertThat(guardedThere.getInputStream().readNBytes(SECRET.length)).isEqualTo(SECRET);
        Socket choosing = charClient();
        Socket choosingThere = charServerAccepts();
        choosingThere.getOutputStream().write(GREETING);
        choosingThere.getOutputStream().write(LIST);
        assertThat(choosing.getInputStream().readNBytes(GREETING.length + LIST.length))
                .as("let in: from now on he may take his time")
                .hasSize(GREETING.length + LIST.length);
        printPauses("before");

        Process second = relay();
        await().atMost(START).until(() -> log(second).contains("took over"));
        choosingThere.getOutputStream().write(LIST);
        assertThat(choosing.getInputStream().readNBytes(LIST.length))
                .as("who chooses his character goes on with the old one")
                .isEqualTo(LIST);
        choosing.close();
        assertThat(choosingThere.getInputStream().read()).isEqualTo(-1);
        choosingThere.close();
        ready(second);
        assertThat(first.waitFor(30, TimeUnit.SECONDS))
                .as("the old one ends by itself")
                .isTrue();
        everybodyIsAnswered();
        printPauses("restart");
        assertThat(reserve.entered).as("nobody entered anew").hasSize(EACH);
        assertThat(host.cell.entered).as("nobody entered anew").hasSize(EACH);
        assertThat(suite.failovers).as("no host is lost").isEmpty();
        assertThat(dbProxy.signals).as("nobody is gone").isEmpty();
        assertThat(host.said).contains("goaway RESTARTING");
        // One of a client that obfuscates its packets' ids, and one whose stream nobody can read, are among them.
        assertThat(metric("p2p_relay_taken_over_total")).isEqualTo(2 * EACH + 2);
        assertThat(metric("p2p_relay_player_sessions")).isEqualTo(2 * EACH + 2);
        assertThat(metric("p2p_relay_protected_players")).isEqualTo(1);
        guardedThere.getOutputStream().write(SECRET);
        assertThat(guarded.getInputStream().readNBytes(SECRET.length)).isEqualTo(SECRET);

        try (Socket next = charClient();
                Socket nextThere = charServerAccepts()) {
            nextThere.getOutputStream().write(GREETING);
            assertThat(next.getInputStream().readNBytes(GREETING.length))
                    .as("and who comes then with the new one")
                    .isEqualTo(GREETING);
        }
        int late = dbProxy.player(Owner.host(host.id), "hosted", 1);
        try (TestClient newcomer = TestClient.inGame(front, late)) {
            assertThat(newcomer.talk("x")).isEqualTo("cell x");
        }
        ready(relay());
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).as("and again").isTrue();
        everybodyIsAnswered();
        printPauses("second restart");
        assertThat(reserve.entered).hasSize(EACH);
        guarded.getOutputStream().write(SECRET);
        assertThat(guardedThere.getInputStream().readNBytes(SECRET.length)).isEqualTo(SECRET);
        guarded.close();
        assertThat(guardedThere.getInputStream().read()).isEqualTo(-1);
        guardedThere.close();
    }

    @Test
    void newProcessWhoseHttpPortAnotherProgramHasKeepsThePlayersAndWaitsForIt() throws Exception {
        Process first = ready(relay());
        int account = dbProxy.player(Owner.vps("reserve", reserve.address()), "prt_fild08", 1);
        players.add(new Player(TestClient.inGame(front, account), "reserve"));
        everybodyIsAnswered();
        int port = freePort();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            settings.put("server.address", other.getInetAddress().getHostAddress());
            settings.put("server.port", String.valueOf(port));
            Process second = relay();
            await().atMost(START).until(() -> log(second).contains("HTTP ports [" + port + "]: another program"));
            assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
            everybodyIsAnswered();
            assertThat(log(second)).doesNotContain("Started RelayApplication");
        }
        ready(processes.getLast());
        everybodyIsAnswered();
        assertThat(metric("p2p_relay_taken_over_total")).isEqualTo(1);
        assertThat(reserve.entered).hasSize(1);
    }

    @Test
    void newProcessThatIsStoppedWhileItWaitsForItsHttpPortEnds() throws Exception {
        Process first = ready(relay());
        int port = freePort();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            settings.put("server.address", other.getInetAddress().getHostAddress());
            settings.put("server.port", String.valueOf(port));
            Process second = relay();
            await().atMost(START).until(() -> log(second).contains("HTTP ports [" + port + "]: another program"));
            assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
            second.destroy();
            assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void newProcessWhoseCharFrontPortAnotherProgramHasKeepsThePlayersAndWaitsForIt() throws Exception {
        String port = settings.remove("p2p.relay.char-front.port");
        String chars = settings.remove("p2p.relay.char-front.char-server");
        Process first = ready(relay());
        int account = dbProxy.player(Owner.vps("reserve", reserve.address()), "prt_fild08", 1);
        try (TestClient client = TestClient.inGame(front, account)) {
            try (ServerSocket other = new ServerSocket(charFront, 1, InetAddress.getLoopbackAddress())) {
                settings.put("p2p.relay.char-front.port", port);
                settings.put("p2p.relay.char-front.char-server", chars);
                Process second = ready(relay());
                assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(log(second)).contains("p2p.relay.char-front.port: " + other.getLocalPort());
                assertThat(client.talk("x")).isEqualTo("reserve x");
            }
            await().ignoreExceptions().untilAsserted(() -> charClient().close());
            charServerAccepts().close();
            assertThat(client.talk("y")).isEqualTo("reserve y");
        }
        assertThat(reserve.entered).hasSize(1);
    }

    @Test
    void oldProcessThatIsKilledWhileItHandsOverIsReplacedByOneWithoutPlayers() throws Exception {
        Process dying = java(DyingGiver.class, List.of(socket().toString()));
        await().atMost(START).until(() -> log(dying).contains("listening"));

        Process next = ready(relay());

        assertThat(dying.isAlive()).isFalse();
        assertThat(log(next)).contains("has ended without handing over");
        int account = dbProxy.player(Owner.vps("reserve", reserve.address()), "prt_fild08", 1);
        try (TestClient client = TestClient.inGame(front, account)) {
            assertThat(client.talk("x")).isEqualTo("reserve x");
        }
    }

    @Test
    @Tag("deep")
    void newProcessThatIsKilledLeavesTheOldOneServingEverybody() throws Exception {
        Process first = ready(relay());
        everybodyPlays();

        Process dying = java(DyingProcess.class, List.of(socket().toString(), RELAY, "" + Messages.FORMAT));
        assertThat(dying.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(log(dying)).contains("has " + (2 * EACH + 1) + " players");

        everybodyIsAnswered();
        printPauses("killed");
        assertThat(first.isAlive()).isTrue();
        assertThat(reserve.entered).hasSize(EACH);
        assertThat(host.cell.entered).hasSize(EACH);
        assertThat(suite.failovers).isEmpty();
        assertThat(log(first)).contains("this one goes on");
        assertThat(metric("p2p_relay_takeovers_total{outcome=\"kept\"}"))
                .as("and answers at its HTTP ports again")
                .isEqualTo(1);
        int late = dbProxy.player(Owner.host(host.id), "hosted", 1);
        try (TestClient newcomer = TestClient.inGame(front, late)) {
            assertThat(newcomer.talk("x")).isEqualTo("cell x");
        }

        Process foreign = java(DyingProcess.class, List.of(socket().toString(), RELAY, "" + (Messages.FORMAT + 1)));
        assertThat(foreign.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(log(foreign)).contains("refused").contains("format");
        everybodyIsAnswered();

        ready(relay());
        assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
        everybodyIsAnswered();
    }

    // ---- a host ----

    private final class Host implements TunnelClientListener, AutoCloseable {
        final HostId id = HostId.random();
        final List<String> said = new CopyOnWriteArrayList<>();
        final MapServerStand cell = new MapServerStand("cell");
        private final TunnelClient client;

        Host(InetSocketAddress relay) {
            client = new TunnelClient(
                    TunnelClient.Options.of(relay, "host/test").withResumeWithin(PATIENCE),
                    RotatingTls.connecting(suite.authority.host(id)),
                    transport,
                    new DialPlaces(),
                    this,
                    new RecordingMetrics());
            client.start();
        }

        @Override
        public void assign(MapName map, Epoch epoch, CellRole role) {
            said.add("assign " + map + " " + epoch + " " + role);
        }

        @Override
        public void fenced(MapName map, Epoch currentEpoch) {
            said.add("fenced " + map + " " + currentEpoch);
        }

        @Override
        public OpenAnswer open(MapName map, Epoch epoch) {
            return OpenAnswer.accept(cell.endpoint());
        }

        @Override
        public void goAway(GoAwayCode code) {
            said.add("goaway " + code);
        }

        @Override
        public void disconnected(CloseReason reason, Duration nextAttempt) {
            said.add("disconnected " + reason);
        }

        @Override
        public void close() {
            client.close();
            cell.close();
        }
    }
}
