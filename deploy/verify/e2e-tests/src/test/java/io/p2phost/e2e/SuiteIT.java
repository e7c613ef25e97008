package io.p2phost.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.ServiceName;
import io.p2phost.e2e.Suite.Answer;
import io.p2phost.e2e.Suite.Outcome;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The small form as a new user meets it: the demo, bad input, the end. */
@TestMethodOrder(OrderAnnotation.class)
class SuiteIT {
    private static final String MAP = "p2p_test";
    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    static Path folder;

    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        suite = Suite.upBehindTaps(folder.resolve("home"));
    }

    @AfterAll
    static void stop() throws Exception {
        suite.close();
    }

    @Test
    @Order(1)
    void theDemoIsToldToTheEnd() throws Exception {
        Outcome demo = suite.demo();

        assertThat(demo.text()).contains("The story is told");
        assertThat(demo.status()).isZero();
    }

    /** What the relay saw three times: the host is banned, cut and told, and its map moves. */
    @Test
    @Order(2)
    void hostThatFailsThreeObservationsIsBannedAndItsMapMoves() throws Exception {
        String minimum = suite.get("config/p2p_map_config.conf").text();
        putMinimum("cpu_min_ghz: 0.1\ncpu_min_cores: 1\nram_min_gb: 1\nnetwork_min_mbps: 0\n");
        suite.call("PUT", "vps/reserve", suite.adminKey(), "{\"host\":\"127.0.0.1\",\"port\":6,\"role\":\"RESERVE\"}");
        try (LentMachine machine = new LentMachine(suite, folder.resolve("lent"), MAP)) {
            long epoch = await().atMost(Duration.ofMinutes(3)).until(() -> enter(machine), e -> e > 0);

            for (int i = 1; i <= 3; i++) {
                HttpResponse<String> answer = ServiceCall.post(
                        suite.secrets(),
                        ServiceName.RELAY,
                        ServiceName.SECURITY_VALIDATOR,
                        suite.internal(ServiceName.SECURITY_VALIDATOR).resolve("/internal/v1/observations"),
                        monsterWithTooMuchHp(machine.hostId(), epoch));
                assertThat(answer.body()).contains("\"FAILED\"");
            }

            await().atMost(Duration.ofSeconds(20)).until(() -> machine.state().equals("BLACKLISTED"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> suite.get("maps/" + MAP).text().contains("\"reserve\""));
            assertThat(machine.agent().waitFor(30, TimeUnit.SECONDS)).as("cut").isTrue();
            assertThat(machine.agent().exitValue()).as("banned").isEqualTo(4);
            assertThat(suite.get("validations?hostId=" + machine.hostId())
                            .json()
                            .path("items"))
                    .hasSize(3)
                    .allMatch(verdict -> verdict.path("verdict").asString("").equals("FAILED"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> suite.get("audit?action=host.blacklist").text().contains(machine.hostId()));
        } finally {
            putMinimum(minimum);
            suite.call("DELETE", "vps/reserve", suite.adminKey(), null);
        }
    }

    /** The agent is as packaged; its cells fail in the ways in which map-servers do. */
    @Test
    @Order(3)
    void killedCellComesBackAndACrashingOneLosesItsMapWithTheReason() throws Exception {
        String minimum = suite.get("config/p2p_map_config.conf").text();
        String load = suite.get("config/host_node.conf").text();
        putMinimum("cpu_min_ghz: 0.1\ncpu_min_cores: 1\nram_min_gb: 1\nnetwork_min_mbps: 0\n");
        // The suite and its host share this machine.
        put("host_node.conf", load.replaceAll("(?m)^(\\s*cpu_limit:).*$", "$1 100"));
        suite.call("PUT", "vps/reserve", suite.adminKey(), "{\"host\":\"127.0.0.1\",\"port\":6,\"role\":\"RESERVE\"}");
        try (LentMachine machine = new LentMachine(suite, folder.resolve("cells"), MAP)) {
            long epoch = await().atMost(Duration.ofMinutes(3)).until(() -> enter(machine), e -> e > 0);
            ProcessHandle first = machine.cell().orElseThrow();

            first.destroyForcibly();

            long next = await().atMost(SOON).until(() -> enter(machine), e -> e > epoch);
            assertThat(first.isAlive()).isFalse();
            assertThat(machine.cell()).isPresent();

            machine.misdeed("crash");
            machine.cell().orElseThrow().destroyForcibly();
            await().atMost(SOON).until(() -> suite.get("maps/" + MAP).text().contains("\"reserve\""));
            // The killed one may have lost the map before it crashed.
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> enter(machine) >= 0
                            && machine.status().path("fenced").toString().contains("exit code 3: [Fatal Error]"));
            assertThat(machine.status().path("maps")).isEmpty();
            assertThat(machine.agent().isAlive()).isTrue();
        } finally {
            putMinimum(minimum);
            put("host_node.conf", load);
            suite.call("DELETE", "vps/reserve", suite.adminKey(), null);
        }
    }

    /** Both homes are on this machine, so the copy's map-servers are told from the first one's by their agent only. */
    @Test
    @Order(4)
    void firstOfTwoAgentsWithOneKeyEndsAndTheSecondCarriesItsMap() throws Exception {
        String minimum = suite.get("config/p2p_map_config.conf").text();
        String load = suite.get("config/host_node.conf").text();
        putMinimum("cpu_min_ghz: 0.1\ncpu_min_cores: 1\nram_min_gb: 1\nnetwork_min_mbps: 0\n");
        put("host_node.conf", load.replaceAll("(?m)^(\\s*cpu_limit:).*$", "$1 100"));
        suite.call("PUT", "vps/reserve", suite.adminKey(), "{\"host\":\"127.0.0.1\",\"port\":6,\"role\":\"RESERVE\"}");
        try (LentMachine machine = new LentMachine(suite, folder.resolve("original"), MAP)) {
            await().atMost(Duration.ofMinutes(3)).until(() -> enter(machine), e -> e > 0);

            Process first = machine.copied();

            assertThat(first.waitFor(60, TimeUnit.SECONDS))
                    .as("the first one ends")
                    .isTrue();
            assertThat(first.exitValue()).as("refused").isEqualTo(6);
            assertThat(Files.readString(folder.resolve("original.log"))).contains("another agent with this host's key");
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> enter(machine) > 0 && machine.cell().isPresent());
            assertThat(machine.agent().isAlive()).isTrue();
            assertThat(machine.state()).isEqualTo("READY");
        } finally {
            putMinimum(minimum);
            put("host_node.conf", load);
            suite.call("DELETE", "vps/reserve", suite.adminKey(), null);
        }
    }

    private static void putMinimum(String text) throws Exception {
        put("p2p_map_config.conf", text);
    }

    private static void put(String file, String text) throws Exception {
        Answer answer = suite.call("PUT", "config/" + file, suite.adminKey(), text, "text/plain");
        assertThat(answer.status()).as(answer.text()).isLessThan(300);
    }

    /** The epoch at which players of the map are sent to that machine; 0 while they are not. */
    private static long enter(LentMachine machine) throws Exception {
        JsonNode entry = suite.call(
                        "POST",
                        "maps/" + MAP + "/entries",
                        suite.adminKey(),
                        "{\"requestId\":\"" + UUID.randomUUID() + "\",\"accountId\":2000000,\"region\":\"EU\"}")
                .json();
        return entry.path("hostId").asString("").equals(machine.hostId())
                ? entry.path("epoch").asLong(0)
                : 0;
    }

    private static String monsterWithTooMuchHp(String hostId, long epoch) {
        Instant now = Instant.now();
        return """
                {"observationId":"%s","source":"relay","hostId":"%s","map":"%s","epoch":%d,"from":"%s","to":"%s",
                 "facts":[{"family":"MONSTER_STATS","mobId":1002,"level":1,"maxHp":5000}]}""".formatted(UUID.randomUUID(), hostId, MAP, epoch, now.minusSeconds(5), now);
    }

    @ParameterizedTest
    @Order(5)
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            nullValues = "-",
            value = {
                "POST|enrolments|{\"accountId\":|400",
                "POST|enrolments|[]|400",
                "POST|enrolments|{\"accountId\":\"1\"}|400",
                "POST|enrolments|{\"accountId\":-1,\"label\":\"x\"}|400",
                "POST|enrolments/no-such-code:redeem|{\"publicKey\":\"x\",\"proof\":\"y\",\"name\":\"n\",\"region\":\"r\"}|404",
                "GET|hosts/not-a-uuid|-|400",
                "GET|hosts/5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11|-|404",
                "POST|hosts/5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11:blacklist|{\"reason\":\"x\"}|404",
                "PUT|hosts/5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11/heartbeat|{}|403",
                "GET|maps/UPPER|-|400",
                "GET|maps/nosuchmap|-|404",
                "GET|maps/nosuchmap/explain|-|404",
                "POST|maps/nosuchmap/entries|{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"accountId\":1,\"region\":\"eu\"}|404",
                "POST|maps/prontera/entries|{\"requestId\":\"x\",\"accountId\":1,\"region\":\"eu\"}|400",
                "POST|maps/prontera/entries|{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"accountId\":\"1\",\"region\":\"eu\"}|400",
                "PUT|vps/main|{\"host\":\"h\",\"port\":70000,\"role\":\"CORE\"}|400",
                "PUT|vps/main|{\"host\":\"h\",\"port\":6121,\"role\":\"KING\"}|400",
                "PUT|vps/main|{\"host\":5,\"port\":6121,\"role\":\"CORE\"}|400",
                "DELETE|vps/nobody|-|404",
                "PUT|config/p2p_map_config.conf|cpu_min_cores: many|422",
                "GET|metrics/hosts/not-a-uuid?from=x|-|400",
                "GET|validations?limit=100000|-|400",
                "GET|hosts?limit=-1|-|400",
                "GET|nothing-here|-|404",
                "PATCH|hosts|{}|405",
                "GET|../internal/v1/ping|-|400",
            })
    void badInputIsAClientErrorWithAProblemDocument(String method, String path, String body, int status)
            throws Exception {
        Answer answer = suite.call(method, path, suite.adminKey(), body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.text()).doesNotContain("Exception").doesNotContain("\tat ");
    }

    @Test
    @Order(6)
    void callersWithoutAGoodKeyAndWithTooLargeBodiesAreRefused() throws Exception {
        assertThat(suite.call("GET", "hosts", null, null).status()).isEqualTo(401);
        assertThat(suite.call("GET", "hosts", "p2p_nobody00_" + "A".repeat(43), null)
                        .status())
                .isEqualTo(401);
        assertThat(suite.call("GET", "hosts", "garbage", null).status()).isEqualTo(401);
        assertThat(suite.call("POST", "enrolments", suite.adminKey(), "{\"label\":\"" + "x".repeat(200_000) + "\"}")
                        .status())
                .isEqualTo(413);
    }

    /** What the suite could not do: nothing but what a map without any VPS map-server is answered. */
    @Test
    @Order(7)
    void nothingInTheWholeRunWasAServerError() throws Exception {
        assertThat(suite.accessLog()).hasSizeGreaterThan(80);
        assertThat(suite.accessLog().stream()
                        .filter(line -> line.path("status").asInt() >= 500)
                        .filter(line -> !(line.path("status").asInt() == 503
                                && line.path("path").asString("").equals("/api/v1/maps/{map}/entries"))))
                .isEmpty();
    }

    /** The demo's agents and the banned one: tunnels, players' streams, char links, kill -9 and returns. */
    @Test
    @Order(8)
    void everythingBetweenHostsAndTheSuiteWasTls13WithAes256Gcm() {
        assertThat(suite.tunnelTap().faults()).isEmpty();
        assertThat(suite.tunnelTap().agreed()).as("tunnels").isGreaterThan(3);
        assertThat(suite.tunnelTap().encrypted()).isGreaterThan(10_000);
        assertThat(suite.charLinkTap().faults()).isEmpty();
        assertThat(suite.charLinkTap().agreed()).as("char links").isGreaterThan(3);
        assertThat(suite.charLinkTap().encrypted()).isGreaterThan(10_000);
    }

    @Test
    @Order(9)
    void everySeriesThatAnAlertOrABoardReadsIsExposed() throws Exception {
        List<String> exposed = new ArrayList<>();
        for (ServiceName service : ServiceName.values()) {
            exposed.addAll(suite.metrics(service));
        }
        Set<String> read = Alerts.series(Alerts.boardQueries().stream());
        assertThat(read).hasSizeGreaterThan(5);
        read.addAll(Alerts.series());
        assertThat(read)
                .allSatisfy(series -> assertThat(exposed).as(series).anyMatch(line -> Alerts.isOf(series, line)));
    }

    @Test
    @Order(10)
    void downLeavesNothing() throws Exception {
        assertThat(suite.down().status()).isZero();
        assertThat(suite.processes()).isEmpty();
    }
}
