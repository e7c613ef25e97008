package io.p2phost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.p2phost.bundles.Sha256;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.problem.ProblemType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlCommandTest {
    private static final String KEY = "p2p_abcdefgh_" + "A".repeat(43);
    private static final String ID = "0f8fad5b-d9cb-469f-a165-70867728950e";

    private record Answer(int status, String body) {}

    private record Call(String request, String authorization, String contentType, String body) {}

    @TempDir
    Path directory;

    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String typed = "";
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
        environment.put("P2P_GATEWAY", "http://127.0.0.1:" + server.getAddress().getPort());
        environment.put("P2P_API_KEY", KEY);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            calls.add(new Call(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            Answer answer = answers.isEmpty() ? new Answer(200, "{}") : answers.poll();
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Session.World world() {
        return new Session.World(
                environment, new PrintWriter(out, true), () -> new BufferedReader(new StringReader(typed)));
    }

    private int control(String... args) {
        return ControlCommand.commandLine(world())
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private int keygen(String... args) {
        return KeygenCommand.commandLine(world())
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    static List<List<String>> callsOfEveryCommand() {
        return List.of(
                List.of("POST /api/v1/enrolments", "enrolment", "create", "--account", "2000001", "--label", "pc"),
                List.of("GET /api/v1/bundles", "bundle", "list"),
                List.of("POST /api/v1/bundles/v1:rollback", "bundle", "rollback", "v1", "--yes"),
                List.of("GET /api/v1/enrolments", "enrolment", "list"),
                List.of("POST /api/v1/api-keys", "api-key", "create", "--role", "viewer", "--label", "x"),
                List.of("GET /api/v1/api-keys", "api-key", "list"),
                List.of("DELETE /api/v1/api-keys/abc", "api-key", "revoke", "abc"),
                List.of("GET /api/v1/hosts", "hosts"),
                List.of("GET /api/v1/hosts?state=READY&tier=2", "hosts", "list", "--state", "READY", "--tier", "2"),
                List.of("GET /api/v1/hosts/" + ID, "hosts", "show", ID),
                List.of("POST /api/v1/hosts/" + ID + ":drain", "hosts", "drain", ID),
                List.of("POST /api/v1/hosts/" + ID + ":undrain", "hosts", "undrain", ID),
                List.of("POST /api/v1/hosts/" + ID + ":blacklist", "hosts", "blacklist", ID, "--reason", "cheats"),
                List.of("POST /api/v1/hosts/" + ID + ":unblacklist", "hosts", "unblacklist", ID),
                List.of("GET /api/v1/maps", "maps"),
                List.of("GET /api/v1/maps/prontera", "maps", "show", "prontera"),
                List.of("POST /api/v1/maps/prontera/entries", "maps", "entries", "prontera"),
                List.of("POST /api/v1/maps/prontera:migrate", "maps", "migrate", "prontera", "--to-host", ID),
                List.of("GET /api/v1/maps/1%40tower/explain", "explain", "1@tower"),
                List.of("GET /api/v1/assignments", "assignments"),
                List.of("GET /api/v1/status", "status"),
                List.of("GET /api/v1/players/127.64.1.2", "whois", "127.64.1.2"),
                List.of("POST /api/v1/players:carry", "carry", "relay-1", "relay-2"),
                List.of("GET /api/v1/quarantine?state=WAITING&limit=50", "quarantine"),
                List.of(
                        "GET /api/v1/quarantine?state=REFUSED&limit=5&account=2000001",
                        "quarantine",
                        "list",
                        "--state",
                        "REFUSED",
                        "--account",
                        "2000001",
                        "--limit",
                        "5"),
                List.of("POST /api/v1/quarantine/" + ID + ":confirm", "quarantine", "confirm", ID),
                List.of("POST /api/v1/quarantine/" + ID + ":refuse", "quarantine", "refuse", ID, "--reason", "stolen"),
                List.of("GET /api/v1/journal", "journal"),
                List.of("GET /api/v1/journal", "journal", "list"),
                List.of("GET /api/v1/journal/150001", "journal", "show", "150001"),
                List.of("POST /api/v1/journal/150001:release", "journal", "release", "150001"),
                List.of(
                        "POST /api/v1/journal/150001:discard",
                        "journal",
                        "discard",
                        "150001",
                        "--reason",
                        "test",
                        "--yes"),
                List.of("GET /api/v1/vps", "vps"),
                List.of("PUT /api/v1/vps/main", "vps", "put", "main", "--host", "h", "--port", "1", "--role", "core"),
                List.of("DELETE /api/v1/vps/main", "vps", "delete", "main"),
                List.of("GET /api/v1/config", "config"),
                List.of("GET /api/v1/config/p2p.conf", "config", "get", "p2p.conf"),
                List.of("GET /api/v1/metrics/hosts/" + ID + "?step=PT1M", "metrics", "host", ID, "--step", "PT1M"),
                List.of("GET /api/v1/audit?actor=me&limit=50", "audit", "--actor", "me"),
                List.of("GET /api/v1/validations", "validations"),
                List.of("POST /api/v1/control:emergency-failover", "--emergency-failover", "--yes"),
                List.of("POST /api/v1/control:reset-network", "--reset-network", "--yes"));
    }

    @ParameterizedTest
    @MethodSource("callsOfEveryCommand")
    void everyCommandMakesItsCallWithTheKey(List<String> line) {
        int code = control(line.subList(1, line.size()).toArray(String[]::new));
        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        assertThat(calls).singleElement().satisfies(call -> {
            assertThat(call.request()).isEqualTo(line.getFirst());
            assertThat(call.authorization()).isEqualTo("Bearer " + KEY);
        });
    }

    @ParameterizedTest
    @EnumSource(ProblemType.class)
    void everyProblemIsOneSentenceAndExitCodeOne(ProblemType type) {
        answers.add(new Answer(
                type.status(),
                "{\"type\":\"%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"value: 1 (expected: 2)\"}"
                        .formatted(type.uri(), type.title(), type.status())));
        assertThat(control("status")).isEqualTo(1);
        assertThat(err.toString().strip())
                .isEqualTo("refused: " + type.title() + ": value: 1 (expected: 2) (" + type.status() + ")");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void everySingleErrorIsALine() throws IOException {
        answers.add(new Answer(422, """
                {"title":"The configuration has faults","errors":["p2p_map_config.conf:3: cpu_min_ghz: x (expected: a number)",
                {"message":"second"},{"requirement":"ramGb","required":8,"actual":4}]}"""));
        Path file = Files.writeString(directory.resolve("c.conf"), "cpu_min_ghz: x\n");
        assertThat(control("config", "put", "p2p_map_config.conf", file.toString()))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "refused: The configuration has faults (422)",
                        "  - p2p_map_config.conf:3: cpu_min_ghz: x (expected: a number)",
                        "  - second",
                        "  - requirement ramGb, required 8, actual 4");
        assertThat(calls.getFirst().body()).isEqualTo("cpu_min_ghz: x\n");
        assertThat(calls.getFirst().contentType()).startsWith("text/plain");
    }

    @Test
    void answerThatIsNoProblemDocumentIsStillOneSentence() {
        answers.add(new Answer(502, "<html>Bad gateway</html>"));
        assertThat(control("status")).isEqualTo(1);
        assertThat(err.toString().strip()).isEqualTo("refused: the server answered 502");
    }

    @Test
    void tableIsAlignedAndFollowsEveryPage() {
        answers.add(new Answer(
                200, "{\"items\":[{\"hostId\":\"a\",\"name\":\"short\",\"tier\":1}],\"nextCursor\":\"n/1\"}"));
        answers.add(new Answer(200, "{\"items\":[{\"hostId\":\"b\",\"name\":\"a longer name\",\"tier\":3}]}"));
        assertThat(control("hosts")).isZero();
        assertThat(calls.get(1).request()).isEqualTo("GET /api/v1/hosts?cursor=n%2F1");
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("hostId  name           accountId");
        assertThat(lines.get(1)).startsWith("a       short          -");
        assertThat(lines.get(2)).startsWith("b       a longer name  -");
    }

    @Test
    void whoisShowsThePlayerAndWhichRelaysDidNotAnswer() {
        answers.add(new Answer(200, """
                {"players":[{"accountId":2000001,"clientAddress":"192.0.2.7","phase":"PLAYING","relayId":"relay-1",
                "owner":{"kind":"VPS","id":"reserve"}}],"silent":["relay-2"]}"""));
        assertThat(control("whois", "2000001")).isZero();
        assertThat(out.toString()).contains("192.0.2.7", "PLAYING", "reserve", "relay-2 did not answer");

        answers.add(new Answer(200, "{\"players\":[],\"silent\":[]}"));
        assertThat(control("whois", "2000001")).isZero();
        assertThat(out.toString()).contains("Nobody who is connected now.");
    }

    @Test
    void playersAreMovedUntilNobodyIsLeft() {
        answers.add(new Answer(200, "{\"moved\":50,\"left\":7}"));
        answers.add(new Answer(200, "{\"moved\":7,\"left\":0}"));
        assertThat(control("carry", "relay-1", "relay-2", "--account", "2000001"))
                .isZero();
        assertThat(out.toString().lines())
                .containsExactly("50 on their way, 7 left", "7 on their way, 0 left", "57 players moved");
        assertThat(calls.getLast().body()).contains("\"from\":\"relay-1\"", "\"to\":\"relay-2\"", "2000001");
    }

    @Test
    void endlessListIsCut() {
        for (int i = 0; i <= Gateway.MAX_PAGES; i++) {
            answers.add(new Answer(200, "{\"items\":[],\"nextCursor\":\"again\"}"));
        }
        assertThat(control("maps")).isEqualTo(1);
        assertThat(err.toString()).contains("more than 1000 pages");
        assertThat(calls).hasSize(Gateway.MAX_PAGES);
    }

    @Test
    void jsonOutputIsTheWholeAnswer() {
        answers.add(new Answer(200, "{\"items\":[{\"map\":\"prontera\",\"extra\":{\"x\":1}}]}"));
        assertThat(control("maps", "list", "--output", "json")).isZero();
        assertThat(Json.mapper()
                        .readTree(out.toString())
                        .get(0)
                        .path("extra")
                        .path("x")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void singleAnswerIsShownFieldByField() {
        answers.add(
                new Answer(
                        200,
                        "{\"decision\":\"P2P\",\"target\":{\"host\":\"127.0.0.1\",\"port\":7000},\"terms\":[{\"name\":\"x\"}],\"none\":null}"));
        assertThat(control("maps", "entries", "prt_fild08", "--account", "5", "--region", "NA"))
                .isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "decision       P2P",
                        "target.host    127.0.0.1",
                        "target.port    7000",
                        "terms[0].name  x",
                        "none           -");
        var body = Json.mapper().readTree(calls.getFirst().body());
        assertThat(body.path("accountId").asLong()).isEqualTo(5);
        assertThat(body.path("region").asString()).isEqualTo("NA");
        assertThat(body.path("requestId").asString()).hasSize(36);
    }

    @Test
    void explanationIsASentenceThenGatesThenHostsThenScores() {
        answers.add(new Answer(200, """
                {"map":"m","summary":"m is served by host b.","gates":[{"name":"P2P_ENABLED","passed":true,"detail":"on"}],
                "candidates":[{"hostId":"a","name":"alpha","region":"EU","activeMaps":1,
                "refusal":{"gate":"MAP_SLOTS","detail":"1 of 1"}},
                {"hostId":"b","name":"beta","region":"EU","activeMaps":0,
                "score":{"total":0.75,"terms":[{"name":"capability","value":0.5,"weight":2}]}}]}"""));
        assertThat(control("explain", "m")).isZero();
        assertThat(out.toString())
                .startsWith("m is served by host b.")
                .contains("MAP_SLOTS")
                .contains("1 of 1")
                .contains("0.75")
                .containsSubsequence("score of beta", "capability", "0.5");
    }

    @Test
    void controlCharactersOfForeignTextNeverReachTheTerminal() {
        String evil = "\\u001b]0;owned\\u0007\\u009b31m\\u202ename\\nline\\u2028end\\r";
        answers.add(new Answer(200, "{\"items\":[{\"hostId\":\"a\",\"name\":\"" + evil + "\"}]}"));
        answers.add(new Answer(200, "{\"na\\u001bme\":\"" + evil + "\"}"));
        answers.add(new Answer(404, "{\"title\":\"" + evil + "\",\"detail\":\"d\",\"errors\":[\"" + evil + "\"]}"));
        control("hosts");
        control("hosts", "show", ID);
        control("hosts", "show", ID);
        String shown = out.toString() + err;
        assertThat(shown).contains("]0;owned31mnamelineend");
        assertThat(shown.codePoints().filter(c -> c != '\n'))
                .noneMatch(c -> Character.isISOControl(c) || c == 0x202e || c == 0x2028);
        assertThat(out.toString().lines()).hasSize(3);
    }

    @Test
    void absentGatewayIsExitCodeThree() {
        server.stop(0);
        assertThat(control("status")).isEqualTo(3);
        assertThat(err.toString()).contains("cannot be reached");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://game.example", "game.example", "ftp://127.0.0.1", "http://127.0.0.1.example"})
    void keyIsNeverSentOverPlainHttpToAnotherMachine(String gateway) {
        assertThat(control("status", "--gateway", gateway)).isEqualTo(2);
        assertThat(err.toString()).contains("expected: https");
        assertThat(calls).isEmpty();
    }

    @Test
    void optionsWinOverTheEnvironment() throws IOException {
        environment.put("P2P_GATEWAY", "http://127.0.0.1:1");
        String other = "p2p_otherkey_" + "B".repeat(43);
        Path file = Files.writeString(directory.resolve("key"), other + "\n");
        int port = server.getAddress().getPort();
        assertThat(control("status", "--gateway", "http://127.0.0.1:" + port, "--key-file", file.toString()))
                .isZero();
        assertThat(calls.getFirst().authorization()).isEqualTo("Bearer " + other);
    }

    @Test
    void keyFileOfTheEnvironmentIsReadAndItsAbsenceExplained() throws IOException {
        environment.remove("P2P_API_KEY");
        Path file = directory.resolve("key");
        environment.put("P2P_API_KEY_FILE", file.toString());
        assertThat(control("status")).isEqualTo(2);
        assertThat(err.toString()).contains(file + " cannot be read");
        Files.writeString(file, KEY);
        assertThat(control("status")).isZero();
    }

    @Test
    void malformedKeyIsNotSentAndNotShown() {
        environment.put("P2P_API_KEY", "hunter2");
        assertThat(control("status")).isEqualTo(2);
        assertThat(err.toString()).contains("P2P_API_KEY: malformed").doesNotContain("hunter2");
        assertThat(calls).isEmpty();
    }

    @Test
    void emergencyIsDoneOnlyAfterYes() {
        assertThat(control("--emergency-failover")).isEqualTo(2);
        typed = "y\n";
        assertThat(control("--emergency-failover")).isEqualTo(2);
        assertThat(calls).isEmpty();
        typed = "yes\n";
        assertThat(control("--emergency-failover")).isZero();
        assertThat(calls).hasSize(1);
        assertThat(out.toString()).contains("Every hosted map moves to the VPS");
    }

    @Test
    void wrongCommandLinesAreExitCodeTwo() {
        assertThat(control()).isEqualTo(2);
        assertThat(control("--emergency-failover", "--reset-network", "--yes")).isEqualTo(2);
        assertThat(control("nonsense")).isEqualTo(2);
        assertThat(control("hosts", "blacklist", ID)).isEqualTo(2);
        assertThat(control("vps", "put", "x", "--host", "h", "--port", "many", "--role", "CORE"))
                .isEqualTo(2);
        assertThat(control(
                        "config", "put", "p2p.conf", directory.resolve("absent").toString()))
                .isEqualTo(2);
        assertThat(calls).isEmpty();
    }

    @Test
    void configFileIsPrintedUnchanged() {
        answers.add(new Answer(200, "cpu_min_ghz: 3.0\n// a comment\n"));
        assertThat(control("config", "get", "p2p_map_config.conf")).isZero();
        assertThat(out.toString()).isEqualTo("cpu_min_ghz: 3.0\n// a comment\n");
    }

    @Test
    void keygenMakesAPairThatSignsAndVerifies() throws Exception {
        Path file = directory.resolve("coordinator.key");
        assertThat(keygen("--out", file.toString())).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        KeyFactory factory = KeyFactory.getInstance("Ed25519");
        PrivateKey privateKey = factory.generatePrivate(new PKCS8EncodedKeySpec(der(file)));
        PublicKey publicKey =
                factory.generatePublic(new X509EncodedKeySpec(der(directory.resolve("coordinator.key.pub"))));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(privateKey);
        signature.update(new byte[] {1, 2});
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(new byte[] {1, 2});
        assertThat(signature.verify(signed)).isTrue();
    }

    @Test
    void keygenNeverOverwrites() throws Exception {
        Path file = Files.writeString(directory.resolve("k"), "precious");
        assertThat(keygen("--out", file.toString())).isEqualTo(2);
        assertThat(file).hasContent("precious");
        assertThat(err.toString()).contains("exists already");
    }

    @Test
    void keygenRotatesTheSuitesSigningKey() {
        answers.add(new Answer(200, "{\"kid\":\"k2\"}"));
        assertThat(keygen("--rotate")).isZero();
        assertThat(calls.getFirst().request()).isEqualTo("POST /api/v1/signing-keys:rotate");
        assertThat(out.toString()).contains("k2");
        assertThat(keygen()).isEqualTo(2);
        assertThat(keygen("--rotate", "--out", "x")).isEqualTo(2);
    }

    private static byte[] der(Path pem) throws IOException {
        return Base64.getMimeDecoder().decode(Files.readString(pem).replaceAll("-----[A-Z ]+-----", ""));
    }

    private Path tree() throws IOException {
        Files.createDirectories(directory.resolve("conf"));
        Files.createDirectories(directory.resolve("npc/pre-re"));
        Files.writeString(directory.resolve("npc/pre-re/scripts_main.conf"), "npc: npc/a.txt\n");
        Files.writeString(
                directory.resolve("npc/a.txt"),
                "field,1,1,1\tscript\tM\033[31man\t1,{\n query_sql(\"x\");\n}\nfield2,1,1,1\twarp\tw\t1,1,field,1,1\n");
        Files.writeString(directory.resolve("map-server"), "npc/pre-re/scripts_main.conf");
        return directory;
    }

    @Test
    void aTreeIsCheckedWithoutAGatewayWhenMapsAreNamed() throws IOException {
        assertThat(control("bundle", "check", tree().toString(), "--maps", "field,field2,field"))
                .isZero();
        assertThat(out.toString())
                .contains("  npc/a.txt:2: sql: query_sql")
                .contains("--source-offer URL")
                .contains("1 script files of PRE_RENEWAL")
                .doesNotContain("\033");
        assertThat(calls).isEmpty();
    }

    @Test
    void theEligibleMapsAreAskedOfTheGateway() throws IOException {
        answers.add(new Answer(
                200,
                "{\"items\":[{\"map\":\"field\",\"eligibility\":\"RESTRICTED\"},"
                        + "{\"map\":\"field2\",\"eligibility\":\"ELIGIBLE\"}]}"));
        assertThat(control(
                        "bundle",
                        "check",
                        tree().toString(),
                        "--source-offer",
                        "https://example.org/src",
                        "-o",
                        "json"))
                .isZero();
        tools.jackson.databind.JsonNode answer = Json.mapper().readTree(out.toString());
        assertThat(answer.path("maps")).hasSize(1);
        assertThat(answer.path("maps").get(0).path("map").asString()).isEqualTo("field2");
        assertThat(answer.path("maps").get(0).path("found")).isEmpty();
        assertThat(answer.path("source").asString()).isEqualTo("offered at https://example.org/src");
        assertThat(calls).hasSize(1);
    }

    @Test
    void whatIsNoTreeOrNoAnswerIsSaid() throws IOException {
        assertThat(control("bundle", "check", directory.resolve("no").toString(), "--maps", "a"))
                .isEqualTo(CliFailure.USAGE);
        assertThat(err.toString()).contains("no rAthena tree");
        String tree = tree().toString();
        assertThat(control("bundle", "check", tree, "--maps", "a b")).isEqualTo(CliFailure.USAGE);
        assertThat(control("bundle", "check", tree, "--maps", "a", "--source-offer", "me"))
                .isEqualTo(CliFailure.USAGE);
        assertThat(control("bundle", "check", tree, "--maps", "a", "--source", tree))
                .isEqualTo(CliFailure.USAGE);
        assertThat(control("bundle")).isEqualTo(CliFailure.USAGE);
        Files.delete(directory.resolve("map-server"));
        assertThat(control("bundle", "check", tree, "--maps", "a")).isEqualTo(CliFailure.USAGE);
        assertThat(err.toString()).contains("or --mode");
    }

    private int build(String out, String... more) throws IOException {
        List<String> args = new java.util.ArrayList<>(List.of(
                "bundle", "build", tree().toString(), directory.resolve(out).toString(), "--as", "1"));
        args.addAll(List.of("--layout", "linux-x86_64-20200401", "--source-offer", "https://example.org/src"));
        args.addAll(List.of(more));
        return control(args.toArray(String[]::new));
    }

    @Test
    void aMapWithFindingsIsInABundleOnlyWhenItIsAccepted() throws IOException {
        Files.writeString(directory.resolve("LICENSE"), "GPL");
        assertThat(build("one", "--maps", "field,field2")).isZero();
        assertThat(out.toString()).contains("field: left out, 1 findings").contains("manifestSha256");
        assertThat(Files.readString(directory.resolve("one/manifest.json")))
                .contains("\"maps\":{\"field2\":{\"scripts\":[\"npc/a.txt\"]}}");
        assertThat(build("two", "--maps", "field,field2", "--accept", "field")).isZero();
        assertThat(Files.readString(directory.resolve("two/manifest.json"))).contains("\"maps\":{\"field\":{");
        assertThat(build("three", "--maps", "field")).isEqualTo(CliFailure.USAGE);
        assertThat(err.toString()).contains("no map is left");
    }

    @Test
    void secretsAnotherBuildAndAMissingSourceAreRefusedBeforeAnythingIsWritten() throws IOException {
        assertThat(build("x", "--maps", "field2", "--suite-layout", "linux-x86_64-before-20190522"))
                .isEqualTo(CliFailure.USAGE);
        assertThat(err.toString()).contains("layout: packet version 20200401 (expected: 20190521");
        Files.writeString(directory.resolve("conf/motd.txt"), "https://me:hunter2@example.org\n");
        assertThat(build("x", "--maps", "field2")).isEqualTo(CliFailure.USAGE);
        assertThat(err.toString())
                .contains("conf/motd.txt:1: address with a password")
                .doesNotContain("hunter2");
        assertThat(control("bundle", "build", "a", "b", "--as", "1", "--layout", "x", "--maps", "field2"))
                .isEqualTo(CliFailure.USAGE);
        assertThat(directory.resolve("x")).doesNotExist();
    }

    private String chunk(String content) {
        return Sha256.of(content.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private int publish(String... more) throws IOException {
        Files.writeString(directory.resolve("LICENSE"), "GPL");
        if (!Files.exists(directory.resolve("out"))) {
            assertThat(build("out", "--maps", "field2")).as(err.toString()).isZero();
        }
        out.getBuffer().setLength(0);
        List<String> line = new ArrayList<>(
                List.of("bundle", "publish", directory.resolve("out").toString()));
        line.addAll(List.of(more));
        return control(line.toArray(String[]::new));
    }

    @Test
    void publishSendsWhatIsMissingAndThenHasItReleased() throws IOException {
        answers.add(new Answer(200, "{\"missing\":[\"" + chunk("GPL") + "\"]}"));
        answers.add(new Answer(429, "{}"));
        answers.add(new Answer(204, ""));
        answers.add(new Answer(200, "{\"version\":\"1\",\"current\":true,\"release\":7}"));

        assertThat(publish()).as(err.toString()).isZero();

        String json = Files.readString(directory.resolve("out/manifest.json"));
        assertThat(calls.getFirst().body()).isEqualTo(json);
        assertThat(calls)
                .extracting(Call::request)
                .containsExactly(
                        calls.getFirst().request(),
                        "PUT /api/v1/bundle-chunks/" + chunk("GPL"),
                        "PUT /api/v1/bundle-chunks/" + chunk("GPL"),
                        calls.getFirst().request().replace("PUT", "POST") + ":commit");
        assertThat(calls.get(2).body()).isEqualTo("GPL");
        assertThat(calls.get(2).contentType()).isEqualTo("application/octet-stream");
        assertThat(calls.getLast().body()).isEqualTo("{\"manifestSha256\":\"" + chunk(json) + "\"}");
        assertThat(out.toString()).contains("1 of ", " chunks are sent", "released.release", "7");
    }

    @Test
    void aBundleThatWasChangedSinceItWasBuiltIsNotSent() throws IOException {
        assertThat(publish()).isZero();
        calls.clear();
        Files.writeString(directory.resolve("out/LICENSE"), "LPG");

        assertThat(publish()).isEqualTo(CliFailure.USAGE);

        assertThat(err.toString()).contains("LICENSE: its content is not the released one");
        assertThat(calls).isEmpty();
    }

    @Test
    void aRefusedPieceEndsThePublishBeforeItsRelease() throws IOException {
        answers.add(new Answer(200, "{\"missing\":[\"" + chunk("GPL") + "\"]}"));
        answers.add(new Answer(422, "{\"status\":422,\"title\":\"no\",\"detail\":\"damaged\"}"));

        assertThat(publish()).isEqualTo(CliFailure.REFUSED);

        assertThat(calls).hasSize(2);
    }

    @Test
    void aGatewayThatAsksForForeignPiecesGetsNone() throws IOException {
        answers.add(new Answer(200, "{\"missing\":[\"" + chunk("other") + "\"]}"));

        assertThat(publish()).isEqualTo(CliFailure.USAGE);

        assertThat(err.toString()).contains("no piece of this bundle");
        assertThat(calls).hasSize(1);
    }
}
